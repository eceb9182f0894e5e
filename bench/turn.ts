import type { CouponSpikeResult } from './coupon-spike.ts'
import type { Load } from './loads.ts'
import type { OrderLoadResult } from './order-load.ts'
import { median } from './percentile.ts'

/** One load on one server in one round, on a fresh data directory. */
export interface Turn<Result = OrderLoadResult | CouponSpikeResult> {
  round: number
  peer: string
  load: string
  result: Result
}

/** The results of one peer under one load, in the order of the rounds. */
export function orderResults(turns: readonly Turn[], peer: string, load: Load): OrderLoadResult[] {
  return resultsOf(turns, peer, load).filter(result => 'payments' in result)
}

export function spikeResults(turns: readonly Turn[], peer: string, load: Load): CouponSpikeResult[] {
  return resultsOf(turns, peer, load).filter(result => 'issued' in result)
}

/**
 * Payments per second of `above` over those of `below`: the median of the ratios of each round, because what disturbs
 * a machine lasts longer than a round. NaN when one of them has no results.
 */
export function throughputRatio(
  above: readonly OrderLoadResult[],
  below: readonly OrderLoadResult[],
): number {
  const pairs = above.slice(0, below.length)
  return median(
    pairs.map((result, round) => result.paymentsPerSecond / (below[round]?.paymentsPerSecond ?? Number.NaN)),
  )
}

function resultsOf(turns: readonly Turn[], peer: string, load: Load): Turn['result'][] {
  return turns.filter(turn => turn.peer === peer && turn.load === load.name).map(turn => turn.result)
}
