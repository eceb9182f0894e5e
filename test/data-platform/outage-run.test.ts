import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { blindSpots, judge, type OutageReport, shortfalls } from './outage-report.ts'
import { outageRun } from './outage-run.ts'

const arrival = (id: string, duplicate = false) => ({ id, orderId: Number(/\d+/.exec(id)?.[0]), duplicate })

describe('The arrivals', () => {
  it('are good when every paid order was told of, in order', () => {
    const arrivals = [arrival('payment/1#9#2'), arrival('payment/2#9#2'), arrival('payment/1#12#0')]
    expect(judge(new Set([1, 2]), arrivals)).toMatchObject({
      lost: [],
      unpaid: [],
      disordered: [],
      ordersWithSeveral: 1,
      repeats: 0,
    })
  })

  it('are found wanting when one is lost, made up, out of order, or came again unrecognised', () => {
    const arrivals = [
      arrival('payment/1#12#0'),
      arrival('payment/1#9#2'),
      arrival('payment/3#9#2'),
      arrival('payment/3#9#2'),
      arrival('payment/3#9#2', true),
    ]
    expect(judge(new Set([1, 2]), arrivals)).toMatchObject({
      lost: [2],
      unpaid: [3],
      disordered: [1],
      repeats: 2,
      repeatsKnown: 1,
    })
  })
})

const phase = { offered: 1_000, paid: 1_000, p50Ms: 5, p99Ms: 60, lateP99Ms: 1 }
const good: OutageReport = {
  way: 'hangs',
  seconds: 20,
  pairsPerSecond: 200,
  there: phase,
  away: phase,
  back: phase,
  backlogMost: 1_000,
  breakerAway: 'open',
  drainedAfterMs: 9_000,
  replayed: 3_000,
  ordersPaid: 3_000,
  arrivals: 6_000,
  events: 3_000,
  lost: [],
  unpaid: [],
  disordered: [],
  ordersWithSeveral: 0,
  repeats: 3_000,
  repeatsKnown: 3_000,
  warnings: [],
  loadAverage: 0,
}

describe('The figures of an outage', () => {
  it('are good', () => {
    expect([...shortfalls(good), ...blindSpots(good)]).toEqual([])
  })

  it.each<[string, Partial<OutageReport>, 'shortfalls' | 'blindSpots']>([
    ['an event was lost', { lost: [1] }, 'shortfalls'],
    ['one was made up', { unpaid: [1] }, 'shortfalls'],
    ['an order was muddled', { disordered: [1] }, 'shortfalls'],
    ['payments failed', { away: { ...phase, paid: 990 } }, 'shortfalls'],
    ['payments were slower', { away: { ...phase, p99Ms: 100 } }, 'shortfalls'],
    ['the backlog stayed', { drainedAfterMs: 31_000 }, 'shortfalls'],
    ['repeats went unrecognised', { repeatsKnown: 2_999 }, 'shortfalls'],
    ['there was no backlog', { backlogMost: 10 }, 'blindSpots'],
    ['the breaker stayed closed', { breakerAway: 'closed' }, 'blindSpots'],
    ['nothing was sent again', { replayed: 0 }, 'blindSpots'],
    ['there was no load', { there: { ...phase, offered: 10 } }, 'blindSpots'],
  ])('fall short when %s', (_what, report, which) => {
    const judged = { shortfalls, blindSpots }[which]
    expect(judged({ ...good, ...report })).toHaveLength(1)
  })
})

describe('A data platform that goes away under load', () => {
  it.each(['gone', 'hangs'] as const)('and is %s loses nothing', async way => {
    using directory = temporaryDirectory()
    const report = await outageRun({ directory: directory.path, seconds: 2, pairsPerSecond: 50, way })
    expect(report).toMatchObject({ lost: [], unpaid: [], disordered: [] })
    expect(report.away.paid).toBe(report.away.offered)
    expect(blindSpots(report)).toEqual([])
    expect(report.repeats).toBeGreaterThanOrEqual(report.replayed)
  })
})
