import { hotLoad, spikeLoad, spreadLoad } from './loads.ts'
import { median } from './percentile.ts'
import { orderResults, spikeResults, type Turn, throughputRatio } from './turn.ts'

const ratioMin = 0.4
const hotRatioMin = 0.9
const spikeP95MsMax = 250
const handWrittenPerSecondMin = 4_000
const fastFsyncMs = 0.5

/** What went wrong with the run itself: answers a load must not get, coupons that do not add up. */
export function faults(turns: readonly Turn[]): string[] {
  return turns.flatMap(({ round, peer, load, result }) => {
    const place = `${load}, ${peer}, round ${round}`
    const errors = Object.entries(result.errors).map(([what, count]) => `${place}: ${count} × ${what}`)
    if ('exact' in result && !result.exact)
      errors.push(`${place}: ${result.issued} coupons issued, not exact`)
    if ('payments' in result && result.payments === 0) errors.push(`${place}: not one payment`)
    return errors
  })
}

/** Each goal in one plain sentence, with the figure that decides it. Goals whose servers did not run are left out. */
export function goals(turns: readonly Turn[], fsyncMs: number): string[] {
  const ours = orderResults(turns, 'recoup', spreadLoad)
  const theirs = orderResults(turns, 'hand-written', spreadLoad)
  const ratio = throughputRatio(ours, theirs)
  const hotRatio = throughputRatio(orderResults(turns, 'recoup', hotLoad), ours)
  const spikes = spikeResults(turns, 'recoup', spikeLoad)
  const spikeP95Ms = median(spikes.map(result => result.p95Ms))
  const exact = spikes.every(result => result.exact)
  const theirPerSecond = median(theirs.map(result => result.paymentsPerSecond))
  const sentences = [
    [
      ratio,
      ratio >= ratioMin,
      `recoup makes ${ratio.toFixed(2)} of the hand-written server's payments/s with 100 clients (at least ${ratioMin})`,
    ],
    [
      hotRatio,
      hotRatio >= hotRatioMin,
      `with one hot product recoup makes ${hotRatio.toFixed(2)} of what it makes with the load spread (at least ${hotRatioMin})`,
    ],
    [
      spikeP95Ms,
      exact && spikeP95Ms < spikeP95MsMax,
      `recoup's coupon spike is ${exact ? '' : 'not '}exact, p95 ${spikeP95Ms.toFixed(1)} ms (exact, below ${spikeP95MsMax} ms)`,
    ],
    [
      theirPerSecond,
      theirPerSecond >= handWrittenPerSecondMin || fsyncMs >= fastFsyncMs,
      `the hand-written server makes ${theirPerSecond.toFixed(0)} payments/s, an fsync takes ${fsyncMs.toFixed(2)} ms (at least ${handWrittenPerSecondMin} where that is below ${fastFsyncMs} ms)`,
    ],
  ] as const
  return sentences
    .filter(([figure]) => !Number.isNaN(figure))
    .map(([, met, sentence]) => `${met ? 'met    ' : 'NOT MET'} ${sentence}`)
}
