import { describe, expect, it } from 'vitest'
import { createEmbeddedTryCounter } from '../../../src/persistence/login-tries/embedded-try-counter.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const delays = { freeTries: 3, firstMs: 1_000, mostMs: 60_000 }

function counter(keysMax?: number) {
  const clock = new SimulatedClock()
  const tries = createEmbeddedTryCounter(clock, keysMax)
  return { ...tries, clock, begin: (key = 'a') => tries.begin(key, delays) }
}

describe('A counter of tries', () => {
  it('lets some pass, then makes each wait twice as long as the one before, up to the most', () => {
    const { begin, clock } = counter()
    const waits: number[] = []
    for (let time = 0; time < 12; time += 1) {
      const waitMs = begin()
      waits.push(waitMs)
      clock.advance(waitMs)
      if (waitMs > 0) expect(begin()).toBe(0)
    }
    expect(waits).toEqual([0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  it('does not count who comes too soon', () => {
    const { begin, clock } = counter()
    for (let time = 0; time < 3; time += 1) begin()
    for (let time = 0; time < 1_000; time += 1) expect(begin()).toBe(1_000)
    clock.advance(1_000)
    expect(begin()).toBe(0)
  })

  it('counts many at once as many', () => {
    const { begin } = counter()
    expect(Array.from({ length: 5 }, () => begin())).toEqual([0, 0, 0, 1_000, 1_000])
  })

  it('forgets a try with time, and all of them when told', () => {
    const { begin, clear, clock } = counter()
    for (let time = 0; time < 3; time += 1) begin()
    clock.advance(60_000)
    expect([begin(), begin()]).toEqual([0, 1_000])
    clear('a')
    expect([begin(), begin(), begin(), begin()]).toEqual([0, 0, 0, 1_000])
  })

  it('takes a try back, and counts each key by itself', () => {
    const { begin, takeBack, size } = counter()
    begin()
    takeBack('a')
    takeBack('never')
    expect(size()).toBe(0)
    expect([begin(), begin(), begin(), begin(), begin('b')]).toEqual([0, 0, 0, 1_000, 0])
  })

  it('remembers so many keys and forgets the one used least recently', () => {
    const { begin, size } = counter(3)
    for (let time = 0; time < 3; time += 1) begin('a')
    for (const key of ['b', 'c', 'd']) begin(key)
    expect(size()).toBe(3)
    expect(begin('a')).toBe(0)
  })
})
