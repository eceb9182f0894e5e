import { describe, expect, it } from 'vitest'
import {
  blindSpots,
  type OverloadReport,
  type PhaseReport,
  phaseReport,
  recoveredAfterSeconds,
  shortfalls,
} from './overload-report.ts'

const calm: PhaseReport = {
  factor: 0.5,
  seconds: 4,
  offeredPerSecond: 100,
  paidPerSecond: 100,
  paidLater: 0,
  accepted: 0,
  acceptedPaid: 0,
  ordersRefused: 0,
  paymentsRefused: 0,
  refusalsWithoutRetryAfter: 0,
  others: {},
  refusalP99Ms: Number.NaN,
  pairP50Ms: 10,
  pairP99Ms: 50,
  p99MsBySecond: [50, 50, 50, 50],
  memoryMostBytes: 200 * 2 ** 20,
  lateP99Ms: 1,
  waitedForConnection: 0,
}
const flooded: PhaseReport = { ...calm, factor: 10, paidPerSecond: 190, ordersRefused: 100, refusalP99Ms: 5 }

function reportOf(during: Partial<PhaseReport> = {}, recovered: number | null = 4): OverloadReport {
  const overload = { during: { ...flooded, ...during }, after: calm, recoveredAfterSeconds: recovered }
  return { peakPerSecond: 200, normal: calm, full: calm, overloads: [overload], loadAverage: 0 }
}

describe('The figures of an overload', () => {
  it('are good when nearly as much is paid, the rest refused at once, and all is soon normal', () => {
    expect(shortfalls(reportOf())).toEqual([])
    expect(blindSpots(reportOf())).toEqual([])
  })

  it.each<[string, OverloadReport]>([
    ['too little is paid', reportOf({ paidPerSecond: 150 })],
    ['at three times the peak a little too little is paid', reportOf({ factor: 3, paidPerSecond: 175 })],
    ['refusals take long', reportOf({ refusalP99Ms: 51 })],
    ['refusals do not say when to come again', reportOf({ refusalsWithoutRetryAfter: 1 })],
    ['memory grows', reportOf({ memoryMostBytes: 400 * 2 ** 20 })],
    ['connections break', reportOf({ others: { broken: 1 } })],
    ['it takes long to be normal again', reportOf({}, 11)],
    ['it is never normal again', reportOf({}, null)],
  ])('fall short when %s', (_what, report) => {
    expect(shortfalls(report)).toHaveLength(1)
  })

  it.each<[string, OverloadReport]>([
    ['nothing was refused', reportOf({ ordersRefused: 0 })],
    ['the driver was late', reportOf({ lateP99Ms: 21 })],
    ['the driver had no connection left', reportOf({ waitedForConnection: 1 })],
    ['the server was not slowed down', { ...reportOf(), peakPerSecond: 401, overloads: [] }],
  ])('say nothing when %s', (_what, report) => {
    expect(blindSpots(report)).toHaveLength(1)
  })

  it('call it normal again from the first of three seconds in a row that are', () => {
    const secondOf = (...p99MsBySecond: number[]) => recoveredAfterSeconds(calm, { ...calm, p99MsBySecond })
    expect(secondOf(50, 149, 150)).toBe(0)
    expect(secondOf(900, 100, 900, 100, 100, 100)).toBe(3)
    expect(secondOf(100, 100, 900)).toBeNull()
  })

  it('do not call a second normal in which something was not paid', () => {
    const counts = {
      offered: 2,
      paid: 1,
      paidLater: 0,
      accepted: [],
      ordersRefused: 1,
      paymentsRefused: 0,
      refusalsWithoutRetryAfter: 0,
      others: {},
      refusalMs: [1],
      pairMs: [[10], []],
      unpaid: [0, 1],
      lateMs: [0, 0],
      waitedForConnection: 0,
    }
    const { p99MsBySecond } = phaseReport(counts, {
      factor: 1,
      seconds: 2,
      memoryMostBytes: 0,
      acceptedPaid: 0,
    })
    expect(p99MsBySecond).toEqual([10, Number.POSITIVE_INFINITY])
  })
})
