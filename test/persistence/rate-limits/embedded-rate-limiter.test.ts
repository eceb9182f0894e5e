import { describe, expect, it } from 'vitest'
import { createEmbeddedRateLimiter } from '../../../src/persistence/rate-limits/embedded-rate-limiter.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const rate = { uses: 3, perMs: 60_000 }

function limiter(keysMax?: number) {
  const clock = new SimulatedClock()
  const rateLimiter = createEmbeddedRateLimiter(clock, keysMax)
  return {
    ...rateLimiter,
    clock,
    times: (count: number, key = 'a') => Array.from({ length: count }, () => rateLimiter.take(key, rate)),
  }
}

describe('take', () => {
  it('lets as many come at once as the rate allows, and tells the next how long to wait', () => {
    expect(limiter().times(5)).toEqual([0, 0, 0, 20_000, 20_000])
  })

  it('lets one more in whenever its share of the time has passed, and not a moment before', () => {
    const { times, clock } = limiter()
    times(3)
    clock.advance(19_999)
    expect(times(1)).toEqual([1])
    clock.advance(1)
    expect(times(2)).toEqual([0, 20_000])
  })

  it('has forgotten everything when all the time has passed', () => {
    const { times, clock } = limiter()
    times(3)
    clock.advance(60_000)
    expect(times(4)).toEqual([0, 0, 0, 20_000])
  })

  it('never lets more than twice the uses into any one period, and no more than the rate in the long run', () => {
    const { take, clock } = limiter()
    let taken = 0
    for (let second = 0; second < 6_000; second += 1) {
      if (take('a', rate) === 0) taken += 1
      clock.advance(1_000)
    }
    expect(taken).toBeGreaterThanOrEqual(300)
    expect(taken).toBeLessThanOrEqual(303)
  })

  it('counts each key by itself', () => {
    const { times } = limiter()
    times(3, 'a')
    expect(times(1, 'b')).toEqual([0])
  })

  it('lets all uses of a rate in that does not divide its time', () => {
    const { take } = limiter()
    const odd = { uses: 7, perMs: 1_000 }
    expect(Array.from({ length: 8 }, () => Math.ceil(take('a', odd)))).toEqual([0, 0, 0, 0, 0, 0, 0, 143])
  })

  it('remembers no more keys than it may: what was used least recently is forgotten', () => {
    const { times, size } = limiter(3)
    times(3, 'a')
    for (const key of ['b', 'c']) times(1, key)
    times(1, 'd')
    expect(size()).toBe(3)
    expect(times(1, 'a')).toEqual([0])
  })
})
