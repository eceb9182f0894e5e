import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { dayOf, isoTime, systemClock } from '../src/clock.ts'

describe('dayOf', () => {
  it.each([
    ['Asia/Seoul', '2026-01-05T14:59:59.999Z', '2026-01-05'],
    ['Asia/Seoul', '2026-01-05T15:00:00.000Z', '2026-01-06'],
    ['UTC', '2026-02-28T23:59:59.999Z', '2026-02-28'],
    ['UTC', '2024-02-29T00:00:00.000Z', '2024-02-29'],
    ['America/New_York', '2026-01-01T04:59:59.999Z', '2025-12-31'],
    ['Europe/London', '2026-03-29T22:59:59.999Z', '2026-03-29'],
    ['Europe/London', '2026-03-29T23:00:00.000Z', '2026-03-30'],
    ['Asia/Kathmandu', '2026-01-05T18:15:00.000Z', '2026-01-06'],
  ])('in %s at %s is %s', (timeZone, at, day) => {
    expect(dayOf(Date.parse(at), timeZone)).toBe(day)
  })
})

describe('isoTime', () => {
  it('tells milliseconds in UTC', () => {
    expect(isoTime(Date.UTC(2026, 0, 5, 3, 4, 5, 6))).toBe('2026-01-05T03:04:05.006Z')
  })
})

describe('The system clock', () => {
  /** What the system clock does in simulated time. */
  function simulate(): void {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  }

  it('calls once after the delay, and not when it was cancelled', () => {
    simulate()
    const called: string[] = []
    systemClock.wait(1_000, () => void called.push('kept'))
    systemClock.wait(1_000, () => void called.push('cancelled'))()
    vi.advanceTimersByTime(999)
    expect(called).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(called).toEqual(['kept'])
  })

  it.each([-5, 0])('calls as soon as it can after %d', delayMs => {
    simulate()
    const run = vi.fn()
    systemClock.wait(delayMs, run)
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledOnce()
  })

  it('does not call at once when the delay is longer than a timer takes', () => {
    simulate()
    const run = vi.fn()
    systemClock.wait(365 * 86_400_000, run)
    vi.advanceTimersByTime(1_000)
    expect(run).not.toHaveBeenCalled()
  })
})
