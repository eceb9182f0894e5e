export interface PhaseFigures {
  readonly offered: number
  readonly paid: number
  /** Of an order and its payment, from when it was due, in milliseconds; p99 is that of the middle second. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** How late the driver itself was. */
  readonly lateP99Ms: number
}

/** One event as the platform took it. */
export interface Arrival {
  readonly id: string
  readonly orderId: number
  /** The platform knew its id. */
  readonly duplicate: boolean
}

interface Judgement {
  readonly ordersPaid: number
  readonly arrivals: number
  readonly events: number
  /** Paid and never told; told and never paid. */
  readonly lost: readonly number[]
  readonly unpaid: readonly number[]
  /** Orders whose events came for the first time in another order than they were made in. */
  readonly disordered: readonly number[]
  readonly ordersWithSeveral: number
  /** Arrivals of an id that had come before, and how many of them the platform knew. */
  readonly repeats: number
  readonly repeatsKnown: number
}

export interface OutageReport extends Judgement {
  readonly way: string
  readonly seconds: number
  readonly pairsPerSecond: number
  readonly there: PhaseFigures
  readonly away: PhaseFigures
  readonly back: PhaseFigures
  readonly backlogMost: number
  readonly breakerAway: string
  readonly drainedAfterMs: number
  readonly replayed: number
  /** Lines on the server's error stream. */
  readonly warnings: readonly string[]
  readonly loadAverage: number
}

/** What a platform said with --json, refused requests left out. */
export function arrivalsOf(output: string): Arrival[] {
  return output
    .split('\n')
    .filter(line => line.startsWith('{"id":') && line.endsWith('}'))
    .map(line => JSON.parse(line) as { id: string; data: { orderId: number }; duplicate: boolean })
    .map(({ id, data, duplicate }) => ({ id, orderId: data.orderId, duplicate }))
}

/** Compares what arrived, in order, with the orders that were paid. An id is `payment/ORDER#TRANSITION#EFFECT`. */
export function judge(paid: ReadonlySet<number>, arrivals: readonly Arrival[]): Judgement {
  const seen = new Set<string>()
  const firsts = new Map<number, string[]>()
  let repeats = 0
  let repeatsKnown = 0
  for (const { id, orderId, duplicate } of arrivals) {
    if (seen.has(id)) {
      repeats += 1
      if (duplicate) repeatsKnown += 1
      continue
    }
    seen.add(id)
    firsts.set(orderId, [...(firsts.get(orderId) ?? []), id])
  }
  const place = (id: string) => id.split('#').slice(1).map(Number)
  const inOrder = (ids: readonly string[]) =>
    ids.every((id, at) => {
      const [transition = 0, effect = 0] = place(id)
      const [before = 0, effectBefore = -1] = at === 0 ? [] : place(ids[at - 1] ?? '')
      return transition > before || (transition === before && effect > effectBefore)
    })
  return {
    ordersPaid: paid.size,
    arrivals: arrivals.length,
    events: seen.size,
    lost: [...paid].filter(orderId => !firsts.has(orderId)),
    unpaid: [...firsts.keys()].filter(orderId => !paid.has(orderId)),
    disordered: [...firsts].filter(([, ids]) => !inOrder(ids)).map(([orderId]) => orderId),
    ordersWithSeveral: [...firsts.values()].filter(ids => ids.length > 1).length,
    repeats,
    repeatsKnown,
  }
}

const successLeast = 0.999
/** How much slower payments may be without the platform than with it; below the least, nobody could tell. */
const slowerMost = 1.5
const p99MsLeast = 50
const drainMsMost = 30_000

const ratio = (report: OutageReport) => report.away.p99Ms / report.there.p99Ms

/** What falls short of what is promised, one sentence each. */
export function shortfalls(report: OutageReport): string[] {
  const { lost, unpaid, disordered, away, drainedAfterMs, way, repeats, repeatsKnown } = report
  const checks: [boolean, string][] = [
    [lost.length === 0, `${lost.length} paid orders were never told of.`],
    [unpaid.length === 0, `${unpaid.length} orders were told of that were not paid.`],
    [disordered.length === 0, `The events of ${disordered.length} orders came in a wrong order.`],
    [away.paid >= successLeast * away.offered, 'Payments failed while the platform was away.'],
    [
      ratio(report) <= slowerMost || away.p99Ms <= p99MsLeast,
      'Payments were slower while the platform was away.',
    ],
    [drainedAfterMs <= drainMsMost, `The backlog took more than ${drainMsMost / 1_000} s to drain.`],
    // One that was killed has forgotten what it took before.
    [
      way === 'gone' || repeats === repeatsKnown,
      'Events came again that the platform did not know by their id.',
    ],
  ]
  return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence)
}

/** Why the figures would say nothing. */
export function blindSpots(report: OutageReport): string[] {
  const { backlogMost, away, breakerAway, replayed, repeats, events, there, pairsPerSecond, way, seconds } =
    report
  const checks: [boolean, string][] = [
    [backlogMost >= away.paid * 0.9, 'The platform took events while it was said to be away.'],
    // Who hangs is given up after ten seconds.
    [breakerAway !== 'closed' || (way === 'hangs' && seconds <= 12), 'The breaker never opened.'],
    [replayed >= events * 0.9 && repeats >= replayed * 0.9, 'Hardly anything was sent again.'],
    [there.offered >= pairsPerSecond, 'There was hardly any load.'],
  ]
  return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence)
}

const phaseLine = (name: string, { offered, paid, p50Ms, p99Ms, lateP99Ms }: PhaseFigures) =>
  `${name.padEnd(6)} ${paid} of ${offered} paid, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms (driver late ${lateP99Ms.toFixed(1)} ms)`

export function renderOutageReport(report: OutageReport): string {
  const { way, seconds, pairsPerSecond, backlogMost, drainedAfterMs, replayed, repeats, repeatsKnown } =
    report
  return [
    `Platform ${way} for ${seconds} s at ${pairsPerSecond} orders and payments a second (load average ${report.loadAverage.toFixed(1)})`,
    phaseLine('there', report.there),
    phaseLine('away', report.away),
    phaseLine('back', report.back),
    `p99 away / there ${ratio(report).toFixed(2)}`,
    `${backlogMost} events waited; drained ${(drainedAfterMs / 1_000).toFixed(1)} s after it was back, under load`,
    `${report.ordersPaid} orders paid, ${report.events} events, ${report.arrivals} arrivals: ${report.lost.length} lost, ${report.unpaid.length} unpaid, ${report.disordered.length} of ${report.ordersWithSeveral} orders with several events out of order`,
    `${replayed} sent again by command; ${repeats} arrivals repeated an id, ${repeatsKnown} known to the platform that took them`,
    ...[...shortfalls(report), ...blindSpots(report)].map(sentence => `FALLS SHORT: ${sentence}`),
  ].join('\n')
}
