import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Outcome, runChild } from './child.ts'
import type { PlantedBug } from './planted-bug.ts'

/** What a harness says of the source: what is wrong with it, or nothing. */
interface Verdict {
  /** The invariant, promise or test that is broken; absent when all of it holds. */
  readonly broken?: string
  /** What exactly was seen. */
  readonly what?: string
  /** How many histories or tests ran until then. */
  readonly after: number
}

/** Something that shows the product to be right, and so has to notice when it is not. */
export interface Harness {
  readonly name: string
  /** What `after` counts. */
  readonly unit: string
  readonly timeoutMs: number
  /** The program that runs it, leaving what it has to say in `directory` or on stdout. `hook` preloads the bug. */
  command(bug: PlantedBug | undefined, directory: string): readonly string[]
  /** Throws when the program did not come to a verdict. */
  verdictOf(outcome: Outcome, directory: string): Verdict
}

/** What became of one bug, or of none, under one harness. */
export interface Trial {
  readonly bug: PlantedBug | undefined
  readonly harness: string
  readonly seconds: number
  readonly verdict?: Verdict
  /** Why there is no verdict that counts. */
  readonly failure?: string
}

/** Runs a harness on the source with one bug in it, or as it is. */
export async function tryBug(harness: Harness, bug: PlantedBug | undefined): Promise<Trial> {
  const directory = mkdtempSync(join(tmpdir(), 'recoup-planted-'))
  const note = join(directory, 'planted')
  try {
    const env = { ...process.env, RECOUP_PLANTED_BUG: bug?.name, RECOUP_PLANTED_NOTE: note }
    const words = harness.command(bug, directory)
    const outcome = await runChild(process.execPath, words, { env, timeoutMs: harness.timeoutMs })
    const trial = { bug, harness: harness.name, seconds: outcome.seconds }
    if (outcome.status === null)
      return { ...trial, failure: `it did not end in ${harness.timeoutMs / 1_000} s` }
    if (bug !== undefined && !existsSync(note))
      return { ...trial, failure: `${bug.file} was never loaded: ${endOf(outcome.stderr)}` }
    try {
      return { ...trial, verdict: harness.verdictOf(outcome, directory) }
    } catch (error) {
      return { ...trial, failure: `${(error as Error).message}: ${endOf(outcome.stderr)}` }
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const endOf = (text: string) => text.trim().slice(-400)
