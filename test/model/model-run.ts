import type { AnyMachineSnapshot } from 'xstate'
import { Coverage } from './coverage.ts'
import { type DisturbedPaths, disturbedPaths, disturbPath } from './disturbed-paths.ts'
import type { MachineChart } from './machine-chart.ts'
import { ModelShop } from './model-shop.ts'
import {
  type ModelledMachine,
  modelledOrder,
  modelledPayment,
  type PureModel,
  pureOrderModel,
  purePaymentModel,
} from './modelled-machine.ts'
import { isByOperator } from './payment-model.ts'
import { legsOf, runPurePaths } from './pure-paths.ts'
import { type ServedPaths, servedPaths, servePath } from './served-paths.ts'
import type { Path } from './state-graph.ts'

export interface PureResult {
  readonly model: string
  readonly legs: number
  paths: number
  events: number
  readonly ends: Record<string, number>
  late: number
  readonly coverage: Coverage
  readonly problems: string[]
}

/**
 * All simple paths of one model, from each of its resting places to the next. Models of one machine may share a coverage.
 */
export function runPurely<State extends AnyMachineSnapshot>(
  { name, model, rules }: PureModel<State>,
  lateEvery: number,
  { coverage = new Coverage(model.chart), interventions = 1 } = {},
): PureResult {
  const legs = legsOf(model)
  const result: PureResult = {
    model: name,
    legs: legs.length,
    paths: 0,
    events: 0,
    ends: {},
    late: 0,
    coverage,
    problems: [],
  }
  for (const leg of legs) {
    const { paths, events, ends, late, broken, brokenCount } = runPurePaths(leg, rules, coverage, {
      lateEvery,
      interventions,
    })
    result.paths += paths
    result.events += events
    result.late += late
    for (const [end, count] of Object.entries(ends)) result.ends[end] = (result.ends[end] ?? 0) + count
    result.problems.push(...broken)
    if (brokenCount > broken.length) result.problems.push(`and ${brokenCount - broken.length} more`)
  }
  return result
}

export interface Covered {
  readonly machine: ModelledMachine
  readonly chart: MachineChart
  readonly paths: readonly Path[]
}

/** What operators say to payments is part of the pure paths, and led through a server by scenarios of its own. */
export function coveredMachines(): Covered[] {
  const { chart } = purePaymentModel(2).model
  return [
    {
      machine: modelledPayment,
      chart: { ...chart, transitions: chart.transitions.filter(name => !isByOperator(name)) },
      paths: modelledPayment.coveringPaths(),
    },
    { machine: modelledOrder, chart: pureOrderModel().model.chart, paths: modelledOrder.coveringPaths() },
  ]
}

/** Part (b): over HTTP on one real server. */
export async function runServed({ machine, chart, paths }: Covered): Promise<ServedPaths> {
  const result = servedPaths(machine, paths, chart)
  await onShop('memory', result.problems, async shop => {
    for (const path of paths) {
      for (const silence of machine.silences(path)) {
        await servePath(machine, shop, path, { silence, keyed: false, crashes: false }, result)
      }
    }
  })
  return result
}

/** Part (c): on a directory, with a crash and a restart after every event. */
export async function runCrashed({ machine, chart, paths }: Covered): Promise<ServedPaths> {
  const result = servedPaths(machine, paths, chart)
  await onShop('disk', result.problems, async shop => {
    for (const path of paths) {
      const options = { silence: 'never hears of it', keyed: true, crashes: true } as const
      await servePath(machine, shop, path, options, result)
    }
  })
  return result
}

/** Part (d): with messages duplicated, swapped and late. */
export async function runDisturbed(
  { machine, paths }: Covered,
  eachMessage: boolean,
): Promise<DisturbedPaths> {
  const result = disturbedPaths(machine, paths)
  await onShop('memory', result.problems, async shop => {
    for (const path of paths) await disturbPath(machine, shop, path, { eachMessage }, result)
  })
  return result
}

async function onShop(
  on: 'memory' | 'disk',
  problems: string[],
  run: (shop: ModelShop) => Promise<void>,
): Promise<void> {
  const shop = await ModelShop.open(on)
  try {
    await run(shop)
    problems.push(...shop.unsound())
  } finally {
    await shop.close()
  }
}
