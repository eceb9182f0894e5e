import { type Kept, mix } from './decisions.ts'
import { type BrokenOnPurpose, operationsMaxDefault, runHistory } from './history.ts'
import { shrink } from './shrink.ts'
import type { SimulationReport } from './simulation-report.ts'
import { Tally } from './tally.ts'

export interface SimulationOptions {
  /** How many histories; without it, until there were `operations`. */
  readonly histories?: number | undefined
  /** Stops after the history with which so many client operations were carried out. */
  readonly operations?: number | undefined
  /** Decides every history. */
  readonly seed: number
  /** The seed of one history, to be run instead. */
  readonly replay?: number | undefined
  /** What to leave in of the replayed history. */
  readonly kept?: Kept | undefined
  /** Longest history; 50 to 300. */
  readonly operationsMax?: number | undefined
  /** Ends with the first history that breaks something. */
  readonly stopAtFirst?: boolean | undefined
  /** Looks for the shortest history that breaks the same thing; on unless told otherwise. */
  readonly shrinks?: boolean | undefined
  readonly broken?: BrokenOnPurpose | undefined
  /** One line of progress. */
  say?(line: string): void
}

/** Longer than that a report is not read; whatever breaks so often, the first ones show. */
const violationsMax = 10
const sayEvery = 100

/** Runs histories and tells what they did and what they broke. The same options give the same report, but for the time. */
export async function simulate({
  histories = Number.POSITIVE_INFINITY,
  operations = Number.POSITIVE_INFINITY,
  seed,
  replay,
  kept,
  operationsMax = operationsMaxDefault,
  stopAtFirst = false,
  shrinks = true,
  broken,
  say = () => {},
}: SimulationOptions): Promise<SimulationReport> {
  const startedAt = performance.now()
  const report: SimulationReport = {
    seed,
    histories: 0,
    operations: 0,
    seconds: 0,
    tally: new Tally(),
    violations: [],
  }
  const last = replay === undefined ? histories : 1
  while (report.histories < last && report.operations < operations) {
    const historySeed = replay ?? mix(seed, report.histories)
    const options = { seed: historySeed, operationsMax, kept, broken }
    const { violation, tally } = await runHistory(options)
    report.histories += 1
    report.operations += tally.total('operations')
    report.tally.add(tally)
    report.seconds = (performance.now() - startedAt) / 1_000
    if (violation !== undefined) {
      const { broken, message: sentence } = violation
      say(`history ${historySeed} breaks ${sentence}`)
      const shortest = shrinks && kept === undefined ? await shrink(options, broken) : undefined
      report.violations.push({ seed: historySeed, broken, sentence, ...(shortest && { shortest }) })
      if (stopAtFirst || report.violations.length >= violationsMax) break
    }
    if (report.histories % sayEvery === 0) {
      const { histories: done, seconds, violations } = report
      say(
        `${done} histories, ${report.operations} operations, ${Math.round(report.operations / seconds)}/s, ${violations.length} violations`,
      )
      // A history never waits; whoever else runs in this process gets its turn here.
      await new Promise(setImmediate)
    }
  }
  return report
}
