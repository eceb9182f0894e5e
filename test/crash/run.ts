/**
 * Crashes of every kind, on the real server, and whether anything acknowledged was lost. Progress goes to stderr, the
 * summary to stdout; ends with status 1 when something was lost or when the run was blind, and then leaves what it
 * worked on where it is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CrashCommand } from './crash-command.ts'
import { isClean, renderCrashReport } from './crash-report.ts'
import { errorsCommand } from './errors/errors-command.ts'
import { fullCommand } from './full/full-command.ts'
import { killsCommand } from './kills-command.ts'
import { openCommand } from './open/open-command.ts'
import { powerCommand } from './power/power-command.ts'
import { syncsCommand } from './syncs/syncs-command.ts'

const commands: Readonly<Record<string, CrashCommand>> = {
  kills: killsCommand,
  syncs: syncsCommand,
  power: powerCommand,
  errors: errorsCommand,
  open: openCommand,
  full: fullCommand,
}

function flagsOf({ options, seeded }: CrashCommand): Record<string, number> {
  return { ...options, ...(seeded && { seed: Date.now() % 1_000_000 }) }
}

function usage(): string {
  const lines = Object.entries(commands).map(([name, command]) => {
    const flags = Object.entries(flagsOf(command)).map(([flag, value]) =>
      flag === 'seed' ? '[--seed N]' : `[--${flag} ${value}]`,
    )
    return `  ${[name, ...flags].join(' ')}\n      ${command.summary}`
  })
  return ['usage: npm run crash -- [what] [flags]; without a word: kills', ...lines].join('\n')
}

/** The numbers that were given, or `undefined` when that is not how the command is used. */
function valuesOf(command: CrashCommand, words: string[]): Record<string, number> | undefined {
  const flags = flagsOf(command)
  const options = Object.fromEntries(Object.keys(flags).map(flag => [flag, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: words, options })
    const given = Object.entries(values).map(([flag, value]) => [flag, Number(value)] as const)
    if (given.some(([, value]) => !Number.isSafeInteger(value) || value < 0)) return undefined
    return { ...flags, ...Object.fromEntries(given) }
  } catch {
    return undefined
  }
}

const [first = '', ...rest] = process.argv.slice(2)
const named = first !== '' && !first.startsWith('-')
const command = commands[named ? first : 'kills']
const values = command && valuesOf(command, named ? rest : process.argv.slice(2))
if (command === undefined || values === undefined) {
  const asked = process.argv.includes('--help')
  console[asked ? 'log' : 'error'](usage())
  process.exit(asked ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-crash-'))
console.error(`${JSON.stringify(values)}, working in ${directory}`)
const startedAt = performance.now()
const report = await command.run(values, directory, line => console.error(line))
console.error(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
console.log(renderCrashReport(report))
if (isClean(report)) rmSync(directory, { recursive: true })
else process.exitCode = 1
