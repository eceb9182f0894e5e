import { percentile } from '../../bench/percentile.ts'
import type { PhaseCounts } from './open-loop.ts'

/** One phase of offered load, as figures. */
export interface PhaseReport {
  /** Times the peak that was offered. */
  factor: number
  seconds: number
  offeredPerSecond: number
  paidPerSecond: number
  paidLater: number
  /** Answered 202, and how many of those were paid in the end. */
  accepted: number
  acceptedPaid: number
  ordersRefused: number
  paymentsRefused: number
  refusalsWithoutRetryAfter: number
  others: Record<string, number>
  refusalP99Ms: number
  pairP50Ms: number
  pairP99Ms: number
  /** By second: the 99th percentile of the pairs offered then, without end where one was not paid. */
  p99MsBySecond: number[]
  memoryMostBytes: number
  /** The driver's own: how late it sent, and what found no connection. */
  lateP99Ms: number
  waitedForConnection: number
}

export interface OverloadReport {
  /** Payments a second with a hundred clients who wait for their answers. */
  peakPerSecond: number
  /** Half of the peak, before any overload: what is normal. */
  normal: PhaseReport
  full: PhaseReport
  /** Offered load far above the peak, and the half of the peak that follows at once. */
  overloads: { during: PhaseReport; after: PhaseReport; recoveredAfterSeconds: number | null }[]
  loadAverage: number
}

export function phaseReport(
  counts: PhaseCounts,
  phase: Pick<PhaseReport, 'factor' | 'seconds' | 'memoryMostBytes' | 'acceptedPaid'>,
): PhaseReport {
  const { seconds } = phase
  const pairMs = counts.pairMs.flat()
  const { paidLater, accepted, ordersRefused, paymentsRefused, others, waitedForConnection } = counts
  return {
    ...phase,
    offeredPerSecond: counts.offered / seconds,
    paidPerSecond: counts.paid / seconds,
    paidLater,
    accepted: accepted.length,
    ordersRefused,
    paymentsRefused,
    refusalsWithoutRetryAfter: counts.refusalsWithoutRetryAfter,
    others,
    refusalP99Ms: percentile(counts.refusalMs, 99),
    pairP50Ms: percentile(pairMs, 50),
    pairP99Ms: percentile(pairMs, 99),
    p99MsBySecond: counts.pairMs.map((ms, second) =>
      counts.unpaid[second] === 0 ? percentile(ms, 99) : Number.POSITIVE_INFINITY,
    ),
    lateP99Ms: percentile(counts.lateMs, 99),
    waitedForConnection,
  }
}

/** What counts as normal again, after a noisy machine has had its share. */
const normalFactor = 3
const normalMsLeast = 100
const normalSeconds = 3

/** The first second of `after` from which three in a row are normal, or null. */
export function recoveredAfterSeconds(normal: PhaseReport, after: PhaseReport): number | null {
  const limitMs = Math.max(normal.pairP99Ms * normalFactor, normalMsLeast)
  const second = after.p99MsBySecond.findIndex((_, at, all) => {
    const next = all.slice(at, at + normalSeconds)
    return next.length === normalSeconds && next.every(ms => ms <= limitMs)
  })
  return second < 0 ? null : second
}

const recoveredSecondsMax = 10
const refusalMsMax = 50
const memoryBytesMax = 512 * 1024 * 1024
const memoryGrowthMax = 1.5

/** What falls short of what is promised, one sentence each. */
export function shortfalls({ peakPerSecond, full, overloads }: OverloadReport): string[] {
  const found: string[] = []
  const expect = (holds: boolean, sentence: string) => {
    if (!holds) found.push(sentence)
  }
  for (const { during, recoveredAfterSeconds: recovered } of overloads) {
    const { factor, paidPerSecond, refusalP99Ms, refusalsWithoutRetryAfter, memoryMostBytes } = during
    const least = factor > 3 ? 0.8 : 0.9
    expect(paidPerSecond >= least * peakPerSecond, `At ${factor} x less than ${least} of the peak was paid.`)
    expect(refusalP99Ms < refusalMsMax, `At ${factor} x a refusal took ${refusalMsMax} ms or more (p99).`)
    expect(refusalsWithoutRetryAfter === 0, `At ${factor} x refusals did not say when to come again.`)
    expect(
      recovered !== null && recovered <= recoveredSecondsMax,
      `After ${factor} x it was not normal again.`,
    )
    expect(
      memoryMostBytes <= memoryBytesMax && memoryMostBytes <= full.memoryMostBytes * memoryGrowthMax,
      `At ${factor} x memory grew.`,
    )
    const strange = Object.keys(during.others).filter(outcome => outcome !== '202')
    expect(strange.length === 0, `At ${factor} x there were answers ${strange.join(', ')}.`)
  }
  return found
}

const lateMsMax = 20
const capacityMost = 400

/** Why the figures say nothing about the server. */
export function blindSpots({ peakPerSecond, normal, full, overloads }: OverloadReport): string[] {
  const phases = [normal, full, ...overloads.flatMap(({ during, after }) => [during, after])]
  return [
    ...(peakPerSecond > capacityMost ? ['The server was not slowed down.'] : []),
    ...overloads.flatMap(({ during: { factor, ordersRefused } }) =>
      ordersRefused === 0 ? [`At ${factor} x nothing was refused: it was no overload.`] : [],
    ),
    ...phases.flatMap(({ factor, lateP99Ms, waitedForConnection }) => [
      ...(lateP99Ms > lateMsMax ? [`At ${factor} x the driver was late by ${lateP99Ms.toFixed(0)} ms.`] : []),
      ...(waitedForConnection > 0
        ? [`At ${factor} x ${waitedForConnection} requests waited for a connection.`]
        : []),
    ]),
  ]
}

export function renderOverloadReport(report: OverloadReport): string {
  const { peakPerSecond, normal, full, overloads, loadAverage } = report
  const line = (phase: PhaseReport) => {
    const { factor, seconds, paidPerSecond, ordersRefused, paymentsRefused } = phase
    return (
      `${factor} x for ${seconds} s: ${phase.offeredPerSecond.toFixed(0)}/s offered, ${paidPerSecond.toFixed(1)}/s paid ` +
      `(${(paidPerSecond / peakPerSecond).toFixed(2)} of the peak), order to payment p50 ${phase.pairP50Ms.toFixed(0)} ms, ` +
      `p99 ${phase.pairP99Ms.toFixed(0)} ms; refused ${ordersRefused} orders, ${paymentsRefused} payments, ` +
      `p99 ${phase.refusalP99Ms.toFixed(1)} ms; ${phase.accepted} x 202 (${phase.acceptedPaid} paid later); memory ${(phase.memoryMostBytes / 2 ** 20).toFixed(0)} MiB; ` +
      `driver late p99 ${phase.lateP99Ms.toFixed(1)} ms`
    )
  }
  return [
    `peak ${peakPerSecond.toFixed(1)} payments/s with 100 clients; load average ${loadAverage.toFixed(1)}`,
    line(normal),
    line(full),
    ...overloads.flatMap(({ during, after, recoveredAfterSeconds: recovered }) => [
      line(during),
      `  then ${line(after)}; normal again after ${recovered ?? 'never'} s`,
    ]),
    ...shortfalls(report).map(sentence => `FAULT ${sentence}`),
    ...blindSpots(report).map(sentence => `BLIND ${sentence}`),
  ].join('\n')
}
