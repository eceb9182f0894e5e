import { isDeepStrictEqual } from 'node:util'
import type { Delivery, Disturbance } from './held-network.ts'
import type { Books, ModelShop } from './model-shop.ts'
import type { ModelledMachine, ServedRunOptions } from './modelled-machine.ts'
import { PathProblem } from './path-problem.ts'
import type { Path } from './state-graph.ts'

/*
 * Part (d): the covering paths again, with each message handed over twice, each two that follow each other handed over in
 * the other order, and whoever was silent heard late. All of them end in the books that the path ends in.
 *
 * Two messages can only change places if both are on their way at the same time. A cancellation and what it races with may
 * end either way: then the books have to fit the end that it came to.
 */

export interface DisturbedPaths {
  readonly machine: string
  readonly paths: number
  /** Messages handed over on the undisturbed paths. */
  messages: number
  duplicated: number
  swapped: number
  /** Swaps that decide a race, and how many of those came to another end than the path. */
  races: number
  racesDecidedOtherwise: number
  /** Pairs that were left in order, by reason. */
  readonly skipped: Record<string, number>
  /** Runs in which whoever was silent was told or heard late. */
  late: number
  readonly problems: string[]
}

interface Outcome {
  /** What changed hands, and how the payment and the order ended. */
  readonly difference: Books
  readonly payment: string | undefined
  readonly order: string | undefined
  /** Why the path could not be gone to its end. */
  readonly problem: string | undefined
}

export const disturbedPaths = (machine: ModelledMachine, paths: readonly Path[]): DisturbedPaths => ({
  machine: machine.name,
  paths: paths.length,
  messages: 0,
  duplicated: 0,
  swapped: 0,
  races: 0,
  racesDecidedOtherwise: 0,
  skipped: {},
  late: 0,
  problems: [],
})

const secondIsCaused = 'the second was not on its way yet when the first was handed over'
const sameMessage = 'both are the same message, sent again'

/** Who asks from outside: what comes first is a question of who was quicker. */
const racing = new Set(['CancelPayment', 'PayOrder', 'CancelOrder', 'ReturnItems'])

/** `eachMessage`: duplicates each message in a run of its own, and not only all of them in one. */
export async function disturbPath(
  machine: ModelledMachine,
  shop: ModelShop,
  path: Path,
  { eachMessage }: { readonly eachMessage: boolean },
  result: DisturbedPaths,
): Promise<void> {
  const undisturbed = await outcomeOf(machine, shop, path, undefined)
  const { deliveries } = undisturbed
  const { problem } = undisturbed.outcome
  if (problem !== undefined)
    result.problems.push(`${machine.name}: ${problem} (${path.map(({ event }) => event.label)})`)
  result.messages += deliveries.length

  function compare(outcome: Outcome, what: string, isRace = false): void {
    if (isDeepStrictEqual(outcome, undisturbed.outcome)) return
    if (isRace && isSettled(outcome)) {
      result.racesDecidedOtherwise += 1
      return
    }
    const labels = path.map(({ event }) => event.label).join(', ')
    const [was, is] = [undisturbed.outcome, outcome].map(each => JSON.stringify(each))
    result.problems.push(`${machine.name}: ${what} ends in ${is} instead of ${was} (${labels})`)
  }

  const places: (number | 'all')[] = eachMessage ? [...deliveries.keys(), 'all'] : ['all']
  for (const delivery of places) {
    const { outcome, disturbed } = await outcomeOf(machine, shop, path, { kind: 'duplicate', delivery })
    result.duplicated += disturbed
    compare(outcome, `duplicating ${delivery === 'all' ? 'every message' : deliveries[delivery]?.name}`)
  }
  for (const [delivery, first] of deliveries.entries()) {
    const second = deliveries[delivery + 1]
    if (second === undefined) break
    const reason = keptInOrder(first, second)
    if (reason !== undefined) {
      result.skipped[reason] = (result.skipped[reason] ?? 0) + 1
      continue
    }
    const { outcome, disturbed } = await outcomeOf(machine, shop, path, {
      kind: 'swap',
      delivery,
      sooner: second.name,
    })
    result.swapped += disturbed
    const isRace = first.to === second.to && (racing.has(first.type) || racing.has(second.type))
    if (isRace) result.races += 1
    compare(outcome, `swapping ${first.name} and ${second.name}`, isRace)
  }
  if (machine.silences(path).length < 2) return
  for (const silence of ['hears of it late', 'is heard late'] as const) {
    const { outcome } = await outcomeOf(machine, shop, path, undefined, silence)
    result.late += 1
    compare(outcome, `whoever is silent ${silence}`)
  }
}

function keptInOrder(first: Delivery, second: Delivery): string | undefined {
  if (first.name === second.name) return sameMessage
  return first.inFlight.includes(second.name) ? undefined : secondIsCaused
}

async function outcomeOf(
  machine: ModelledMachine,
  shop: ModelShop,
  path: Path,
  disturbance: Disturbance | undefined,
  silence: ServedRunOptions['silence'] = 'never hears of it',
) {
  const { network } = shop
  const ids = await machine.ids(shop, path)
  network.holdFor(`order/${ids.orderId}`)
  network.disturbance = disturbance
  const before = shop.books(ids)
  const run = machine.run(shop, ids, path, { silence, keyed: true })
  const problem = await problemOf(async () => {
    await run.go(() => {})
    await run.settle()
  })
  const after = shop.books(ids)
  const outcome: Outcome = {
    difference: {
      balance: (after.balance ?? 0) - (before.balance ?? 0),
      coupons: after.coupons,
      stocks: after.stocks.map((stock, place) => stock - (before.stocks[place] ?? 0)),
      unitsSold: after.unitsSold,
    },
    payment: shop.paymentStep(ids.orderId),
    order: shop.orderStatus(ids.orderId),
    problem,
  }
  return { outcome, deliveries: [...network.deliveries], disturbed: network.disturbed }
}

async function problemOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof PathProblem) return error.message
    throw error
  }
}

/** Everything paid or nothing, and nothing in between but what was returned. */
function isSettled({ difference, payment, order, problem }: Outcome): boolean {
  if (problem !== undefined) return false
  if (payment === 'completed' && order === 'PARTIALLY_RETURNED') {
    return (difference.balance ?? 0) < 0 && difference.unitsSold > 0
  }
  const paid = payment === 'completed'
  const endedWell = order !== 'RETURNED' || payment === 'returned'
  return (
    endedWell &&
    paid === (order === 'PAID') &&
    paid === (difference.balance ?? 0) < 0 &&
    difference.stocks.every(change => paid === change < 0) &&
    paid === difference.unitsSold > 0 &&
    (paid || difference.coupons.every(status => status === 'AVAILABLE'))
  )
}
