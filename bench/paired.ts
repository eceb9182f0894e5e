import { type OrderLoadResult, orderLoad } from './order-load.ts'
import type { RunningServer } from './peer.ts'
import { median, percentile } from './percentile.ts'

/*
 * Two servers are given the same orders in turns, in changing order, so that what else the machine does is shared by both.
 */

export interface Contender {
  readonly server: RunningServer
  /** Header lines of a customer's requests. */
  readonly headersOf?: (customerId: number) => string
}

const clients = 16
/** The first pairs only warm up. */
const warmUps = 2
const turnsPerPair = 4

/** `orders` orders, placed and paid. Rejects when one of them was answered with an error. */
export async function slice(
  { server: { port, pid }, headersOf }: Contender,
  orders: number,
  seed: number,
): Promise<OrderLoadResult> {
  const result = await orderLoad({
    ...{ port, pid, clients, warmUpMs: 0, measureMs: 60_000, hot: false, ordersMax: orders, seed },
    ...(headersOf && { headersOf }),
  })
  if (Object.keys(result.errors).length > 0)
    throw new Error(`It went wrong: ${JSON.stringify(result.errors)}`)
  return result
}

/**
 * CPU microseconds per payment of each, pair by pair, and what the second is of the first. The orders of a pair are
 * given in short turns, one, other, other, one, so that what disturbs the machine for seconds is shared by both.
 */
export async function pairedCpu(contenders: readonly [Contender, Contender], pairs: number, orders: number) {
  const [first, second] = contenders.map(contender => ({ contender, cpu: [] as number[] }))
  if (first === undefined || second === undefined) throw new Error('There are not two to compare')
  const ordersPerTurn = Math.ceil(orders / turnsPerPair)
  for (let pair = -warmUps; pair < pairs; pair += 1) {
    const spent = new Map([first, second].map(side => [side, 0]))
    for (let turn = 0; turn < turnsPerPair; turn += 1) {
      for (const side of (pair + turn) % 2 === 0 ? [first, second] : [second, first]) {
        const seed = (pair + warmUps) * turnsPerPair + turn + 100
        const { cpuMicrosecondsPerPayment } = await slice(side.contender, ordersPerTurn, seed)
        spent.set(side, (spent.get(side) ?? 0) + cpuMicrosecondsPerPayment / turnsPerPair)
      }
    }
    if (pair >= 0) for (const [side, cpu] of spent) side.cpu.push(cpu)
  }
  const ratios = second.cpu.map((cpu, pair) => cpu / (first.cpu[pair] ?? Number.NaN))
  return { first: first.cpu, second: second.cpu, ratios }
}

/** Median, and quartiles. */
export function spread(numbers: readonly number[], digits: number): string {
  const [low, middle, high] = [percentile(numbers, 25), median(numbers), percentile(numbers, 75)]
  return `${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}
