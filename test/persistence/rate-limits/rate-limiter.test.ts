import { describe, expect, it } from 'vitest'
import { createEmbeddedRateLimiter } from '../../../src/persistence/rate-limits/embedded-rate-limiter.ts'
import { createRedisRateLimiter } from '../../../src/persistence/rate-limits/redis-rate-limiter.ts'
import { type RedisCalls, RedisGone } from '../../../src/persistence/redis/redis-connection.ts'
import { describeWithRedis } from '../../support/describe-with-redis.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

interface Rate {
  readonly uses: number
  readonly perMs: number
}

const rate: Rate = { uses: 3, perMs: 60_000 }

type Take = (key: string, rate: Rate) => number | Promise<number>

async function times(take: Take, count: number, key = 'a', how = rate): Promise<number[]> {
  const waits = []
  for (let index = 0; index < count; index += 1) waits.push(await take(key, how))
  return waits
}

/** What is true wherever the counts are kept. */
function rateLimiterContract(open: (clock: SimulatedClock) => { take: Take }): void {
  it('lets as many come at once as the rate allows, and tells the next how long to wait', async () => {
    const { take } = open(new SimulatedClock())
    expect(await times(take, 5)).toEqual([0, 0, 0, 20_000, 20_000])
  })

  it('lets one more in whenever its share of the time has passed, and not a moment before', async () => {
    const clock = new SimulatedClock()
    const { take } = open(clock)
    await times(take, 3)
    clock.advance(19_999)
    expect(await times(take, 1)).toEqual([1])
    clock.advance(1)
    expect(await times(take, 2)).toEqual([0, 20_000])
  })

  it('has forgotten everything when all the time has passed', async () => {
    const clock = new SimulatedClock()
    const { take } = open(clock)
    await times(take, 3)
    clock.advance(60_000)
    expect(await times(take, 4)).toEqual([0, 0, 0, 20_000])
  })

  it('never lets more than twice the uses into any one period, and no more than the rate in the long run', async () => {
    const clock = new SimulatedClock()
    const { take } = open(clock)
    let taken = 0
    for (let second = 0; second < 2_000; second += 1) {
      if ((await take('a', rate)) === 0) taken += 1
      clock.advance(1_000)
    }
    expect(taken).toBeGreaterThanOrEqual(100)
    expect(taken).toBeLessThanOrEqual(103)
  })

  it('counts each key by itself', async () => {
    const { take } = open(new SimulatedClock())
    await times(take, 3, 'a')
    expect(await times(take, 1, 'b')).toEqual([0])
  })

  it('lets all uses of a rate in that does not divide its time', async () => {
    const { take } = open(new SimulatedClock())
    const waits = await times(take, 8, 'a', { uses: 7, perMs: 1_000 })
    expect(waits.map(Math.ceil)).toEqual([0, 0, 0, 0, 0, 0, 0, 143])
  })
}

describe('The rate limiter in memory', () => {
  rateLimiterContract(createEmbeddedRateLimiter)

  it('remembers no more keys than it may: what was used least recently is forgotten', async () => {
    const { take, size } = createEmbeddedRateLimiter(new SimulatedClock(), 3)
    await times(take, 3, 'a')
    for (const key of ['b', 'c']) await times(take, 1, key)
    await times(take, 1, 'd')
    expect(size()).toBe(3)
    expect(await times(take, 1, 'a')).toEqual([0])
  })
})

describeWithRedis('The rate limiter in Redis', redis => {
  function open(clock: SimulatedClock) {
    const calls: RedisCalls & { state: string } = {
      state: 'closed',
      generation: 'any',
      call: run => run(redis.client),
    }
    const limiter = createRedisRateLimiter(calls, createEmbeddedRateLimiter(clock), clock)
    return Object.assign(limiter, { calls })
  }

  rateLimiterContract(open)

  it('counts on in the next process, and in one beside it', async () => {
    const clock = new SimulatedClock()
    await times(open(clock).take, 2)
    expect(await times(open(clock).take, 2)).toEqual([0, 20_000])
  })

  it('counts for itself while Redis is gone', async () => {
    const limiter = open(new SimulatedClock())
    await times(limiter.take, 3)
    limiter.calls.state = 'open'
    expect(await times(limiter.take, 4)).toEqual([0, 0, 0, 20_000])
    limiter.calls.state = 'closed'
    const { call } = limiter.calls
    limiter.calls.call = () => Promise.reject(new RedisGone('gone'))
    expect(await times(limiter.take, 1)).toEqual([20_000])
    limiter.calls.call = call
    expect(await times(limiter.take, 1)).toEqual([20_000])
  })

  it('leaves no key behind when all was paid off', async () => {
    await times(open(new SimulatedClock()).take, 1, 'a', { uses: 3, perMs: 60_000 })
    const [key = ''] = await redis.client.keys('*')
    const lifeMs = await redis.client.pttl(key)
    expect(lifeMs).toBeGreaterThan(0)
    expect(lifeMs).toBeLessThanOrEqual(20_000)
  })
})
