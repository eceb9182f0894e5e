import { mkdirSync } from 'node:fs'
import { inParallel } from '../../../src/cli/seed/in-parallel.ts'
import { alteredBy, believesFailedCommits } from '../alterations.ts'
import type { CrashCommand } from '../crash-command.ts'
import { type CrashReport, sentencesOf } from '../crash-report.ts'
import { seededDirectory } from '../seeded-directory.ts'
import { type DiskFault, type FailingLife, liveOnFailingDisk } from './failing-disk.ts'

/** What became of the failures of one kind. */
export interface ErrorFigures extends DiskFault {
  readonly planned: number
  lives: number
  fired: number
  /** The process ended; a request was refused; SQLite kept a failed sync of the directory to itself; nobody noticed. */
  ended: number
  refused: number
  directory: number
  unaffected: number
  acknowledgements: number
  faults: string[]
}

export interface ErrorOptions {
  readonly directory: string
  /** The first so many syncs, and writes, each fail once. */
  readonly until: number
  /** A server that refuses a write goes on, and so is given the next failure so many writes later. */
  readonly step: number
  readonly environment?: Record<string, string>
  say?(line: string): void
}

const livesAtOnce = 2
const tellEvery = 25

const diskFaults: readonly DiskFault[] = [
  { call: 'sync', error: 'EIO' },
  { call: 'sync', error: 'ENOSPC' },
  { call: 'write', error: 'EIO' },
  { call: 'write', error: 'ENOSPC' },
]

export async function failEach(options: ErrorOptions): Promise<ErrorFigures[]> {
  const { directory, say } = options
  mkdirSync(directory, { recursive: true })
  const seeded = await seededDirectory(directory, 1)
  const all: ErrorFigures[] = []
  for (const fault of diskFaults) {
    const figures = {
      ...fault,
      ...{
        planned: options.until,
        lives: 0,
        fired: 0,
        ended: 0,
        refused: 0,
        directory: 0,
        unaffected: 0,
        acknowledgements: 0,
      },
      faults: [] as string[],
    }
    all.push(figures)
    await inParallel(livesOf(fault, options), livesAtOnce, async life => {
      const result = await liveOnFailingDisk(life, { seeded, ...options })
      const { fired, ended, refused, directoryFailed, acknowledgements, faults } = result
      figures.lives += 1
      figures.fired += fired
      figures.ended += ended ? 1 : 0
      figures.refused += refused
      figures.directory += directoryFailed ? 1 : 0
      figures.unaffected += fired - refused - (ended ? 1 : 0) - (directoryFailed ? 1 : 0)
      figures.acknowledgements += acknowledgements
      figures.faults.push(...faults)
      if (figures.lives % tellEvery === 0) say?.(lineOf(figures))
      for (const sentence of faults) say?.(`FAULT ${sentence}`)
    })
    say?.(lineOf(figures))
  }
  return all
}

function livesOf({ call, error }: DiskFault, { until, step }: ErrorOptions): FailingLife[] {
  // A failed sync ends the process; there is no second one.
  if (call === 'sync') return numbers(until).map(at => ({ call, error, first: at, step: 1, last: at }))
  return numbers(Math.min(step, until)).map(first => ({ call, error, first, step, last: until }))
}

const numbers = (most: number) => Array.from({ length: most }, (_, at) => 1 + at)

/** What is found of a server that takes a failed commit for one that is there: the control. */
export async function failuresBelieved(directory: string): Promise<ErrorFigures[]> {
  return failEach({ directory, until: 1, step: 1, environment: alteredBy(believesFailedCommits) })
}

export const errorsCommand: CrashCommand = {
  summary: 'gives an error (EIO, ENOSPC) to each of the first syncs and of the first writes',
  options: { until: 500, step: 25 },
  async run({ until = 0, step = 1 }, directory, say) {
    const runs = await failEach({ directory: `${directory}/real`, until, step, say })
    return errorReport(runs, await failuresBelieved(`${directory}/control`))
  },
}

export function errorReport(runs: readonly ErrorFigures[], control: readonly ErrorFigures[]): CrashReport {
  return {
    title: 'errors of the disk',
    figures: [
      ...runs.map(lineOf),
      ...control.map(
        ({ call, error, fired, faults }) =>
          `control, a server that believes in failed commits: ${call} ${error}: ${fired} failed, ${faults.length} faults found`,
      ),
    ],
    faults: runs.flatMap(({ faults }) => faults),
    blindSpots: [
      ...runs.flatMap(({ call, error, fired, planned, acknowledgements }) =>
        sentencesOf([
          [fired < planned, `Only ${fired} of ${planned} calls of ${call} got ${error}.`],
          [acknowledgements === 0, `Nothing was acknowledged before or after ${call} got ${error}.`],
        ]),
      ),
      ...control.flatMap(({ call, error, faults }) =>
        sentencesOf([
          [
            faults.length === 0,
            `A server that believes in failed commits was not found out: ${call} ${error}.`,
          ],
        ]),
      ),
    ],
  }
}

function lineOf({
  call,
  error,
  fired,
  planned,
  lives,
  ended,
  refused,
  directory,
  unaffected,
  acknowledgements,
}: ErrorFigures) {
  return (
    `${call} ${error}: ${fired} of ${planned} failed in ${lives} lives; ${ended} times the process ended, ` +
    `${refused} requests were refused, ${directory} were of the directory, ${unaffected} had no effect; ${acknowledgements} acknowledgements compared`
  )
}
