import type { ParseArgsOptionsConfig } from 'node:util'
import { type Config, ConfigInvalid, readConfig } from '../config.ts'
import type { Terminal } from './shop.ts'

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

export interface Command {
  readonly summary: string
  readonly usage: string
  readonly options: ParseArgsOptionsConfig
  /** How many words it takes beside its options, or the least and the most. */
  readonly positionals: number | readonly [least: number, most: number]
  /** Resolves with the exit status. */
  run(given: Arguments, terminal: Terminal): Promise<number>
}

/** The settings of a command: the environment, where a flag of the same name does not win. */
export function configOf({ values }: Arguments, { environment }: Terminal): Config {
  const flags = ['data', 'host', 'port'].flatMap(flag => {
    const value = values[flag]
    return typeof value === 'string' ? [[`RECOUP_${flag.toUpperCase()}`, value]] : []
  })
  try {
    return readConfig({ ...environment, ...Object.fromEntries(flags) })
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error
    // Who typed a flag is not told of a variable.
    const named = error.message.replace(/^RECOUP_(DATA|HOST|PORT)\b/gm, (variable, flag: string) =>
      flag.toLowerCase() in values ? `--${flag.toLowerCase()}` : variable,
    )
    throw new ConfigInvalid(named)
  }
}

/** A wrong flag, said like a wrong setting. */
export function wholeNumber(given: string | boolean | undefined, flag: string, standard: number): number {
  if (given === undefined) return standard
  const value = Number(given)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new ConfigInvalid(`--${flag} must be a whole number above 0; it is ${JSON.stringify(given)}.`)
}
