import { Coverage } from './coverage.ts'
import type { MachineChart } from './machine-chart.ts'
import type { ModelShop } from './model-shop.ts'
import type { ModelledMachine, ServedRunOptions } from './modelled-machine.ts'
import { PathProblem } from './path-problem.ts'
import type { Path } from './state-graph.ts'

/*
 * Parts (b) and (c): the covering paths on a real shop, which after every event has to be where the path is; in (c) it
 * crashes after every event, and has to be there in the process that comes after.
 */

export interface ServedPaths {
  readonly machine: string
  readonly paths: number
  runs: number
  events: number
  crashes: number
  readonly coverage: Coverage
  /** The same without the events that nobody in the shop would have sent there. */
  readonly unaided: Coverage
  /** Sentences about what was not as its path says, the path with them. */
  readonly problems: string[]
}

export function servedPaths(
  machine: ModelledMachine,
  paths: readonly Path[],
  chart: MachineChart,
): ServedPaths {
  return {
    machine: machine.name,
    paths: paths.length,
    runs: 0,
    events: 0,
    crashes: 0,
    coverage: new Coverage(chart),
    unaided: new Coverage(chart),
    problems: [],
  }
}

/** Goes one path on `shop`, and notes in `result` what came of it. */
export async function servePath(
  machine: ModelledMachine,
  shop: ModelShop,
  path: Path,
  { crashes, ...options }: ServedRunOptions & { readonly crashes: boolean },
  result: ServedPaths,
): Promise<void> {
  const ids = await machine.ids(shop, path)
  shop.network.holdFor(`order/${ids.orderId}`)
  const before = shop.books(ids)
  const run = machine.run(shop, ids, path, options)
  let place = -1
  try {
    await run.go(async after => {
      place = after
      if (crashes) await shop.crash()
      await run.compare(after)
    })
    place = path.length
    await run.settle()
    await run.compareEnd(before, crashes)
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error
    const labels = path.map(({ event }) => event.label)
    const where =
      place < path.length ? `after ${labels.slice(0, place + 1).join(', ')}` : `at the end of ${labels}`
    result.problems.push(
      `${machine.name}, where who is silent ${options.silence}: ${error.message}, ${where}`,
    )
    // Whoever still waits is not left waiting.
    await run.settle().catch(() => {})
    return
  }
  result.runs += 1
  result.events += path.length
  if (crashes) result.crashes += path.length
  for (const [at, { state, taken }] of run.told.entries()) {
    result.coverage.note(state, taken)
    if (!run.injected.has(at)) result.unaided.note(state, taken)
  }
}
