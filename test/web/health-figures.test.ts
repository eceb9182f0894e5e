import { describe, expect, it } from 'vitest'
import { figuresBetween, type Health, quantile } from '../../web/src/shopkeeping/health-figures.ts'

const bounds = [0.001, 0.01, 0.1]
const none = { bounds, cumulative: [0, 0, 0, 0], sum: 0 }

function health(seconds: number, more: Partial<Health> = {}): Health {
  return {
    at: new Date(seconds * 1_000).toISOString(),
    startedAt: '2026-01-01T00:00:00.000Z',
    version: '0.1.0',
    closed: null,
    payments: { ended: {}, open: {}, oldestOpenMs: 0, compensations: 0, waiting: 0 },
    deadLettersWaiting: 0,
    actorsSuspended: 0,
    paymentSeconds: none,
    commitSeconds: none,
    commitSagas: none,
    backlogMs: 0,
    outbox: [],
    breakers: {},
    checks: null,
    residentBytes: 0,
    ...more,
  }
}

describe('The figures between two looks', () => {
  it('are rates of what was counted in between', () => {
    const counted = (completed: number, failed: number, compensations: number) => ({
      payments: { ended: { completed, failed }, open: {}, oldestOpenMs: 0, compensations, waiting: 0 },
    })
    expect(figuresBetween(health(10, counted(100, 0, 0)), health(12, counted(106, 2, 2)))).toMatchObject({
      at: 12_000,
      paymentsPerSecond: 4,
      successRate: 0.75,
      compensationRate: 0.25,
    })
  })

  it('say nothing of what did not happen', () => {
    const figures = figuresBetween(health(10), health(12))
    expect(figures).toMatchObject({ paymentsPerSecond: 0, successRate: null, p50Ms: null, commitP99Ms: null })
  })

  it('leave out what was before', () => {
    const slow = { bounds, cumulative: [0, 0, 50, 50], sum: 4 }
    const thenFast = { bounds, cumulative: [10, 10, 60, 60], sum: 4.01 }
    const figures = figuresBetween(
      health(10, { paymentSeconds: slow }),
      health(12, { paymentSeconds: thenFast }),
    )
    expect(figures?.p99Ms).toBeLessThanOrEqual(1)
  })

  it('are none across a restart, whose counts begin anew', () => {
    expect(figuresBetween(health(10), health(12, { startedAt: '2026-01-01T00:00:11.000Z' }))).toBeUndefined()
    expect(figuresBetween(health(10), health(10))).toBeUndefined()
  })
})

describe('A quantile', () => {
  it('lies within the bucket that it falls into', () => {
    const histogram = { bounds, cumulative: [50, 100, 100, 100], sum: 0 }
    expect(quantile(histogram, 0.5)).toBeCloseTo(1)
    expect(quantile(histogram, 0.75)).toBeCloseTo(5.5)
    expect(quantile(histogram, 1)).toBeCloseTo(10)
  })

  it('is the last bound for what is above it, and nothing of nothing', () => {
    expect(quantile({ bounds, cumulative: [0, 0, 0, 5], sum: 50 }, 0.5)).toBe(100)
    expect(quantile(none, 0.5)).toBeNull()
  })
})
