import type { Clock } from '../../clock.ts'
import { type RedisCalls, RedisGone } from '../redis/redis-connection.ts'
import { redisScript } from '../redis/redis-script.ts'
import type { createEmbeddedRateLimiter } from './embedded-rate-limiter.ts'

type EmbeddedRateLimiter = Pick<ReturnType<typeof createEmbeddedRateLimiter>, 'take'>

/**
 * KEYS the key. ARGV now, what one use takes of the time, the time, in ms. The key holds when all that was taken will be
 * paid off, and is gone then. Returns the time to wait as text, because numbers of scripts lose their fractions.
 */
const takeOne = redisScript(`
local now = tonumber(ARGV[1])
local before = tonumber(redis.call('GET', KEYS[1]) or 0)
local after = math.max(before, now) + tonumber(ARGV[2])
local wait = after - now - tonumber(ARGV[3])
if wait > 0.001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.17g', after), 'PX', math.max(1, math.ceil(after - now)))
return '0'`)

/**
 * Counts in Redis, by the same rule as the embedded one, so that several processes and the next start count on. What
 * is there needs no generation: a moment that has passed says nothing any more. While Redis is gone each process counts for
 * itself.
 */
export function createRedisRateLimiter(
  redis: RedisCalls,
  embedded: EmbeddedRateLimiter,
  clock: Pick<Clock, 'now'>,
) {
  return {
    /** The time to wait in milliseconds when this use is one too many, and then it is not counted; else 0. */
    async take(key: string, rate: { readonly uses: number; readonly perMs: number }): Promise<number> {
      const { uses, perMs } = rate
      if (redis.state !== 'closed') return embedded.take(key, rate)
      try {
        const args = [clock.now(), perMs / uses, perMs]
        return Number(await redis.call(client => takeOne(client, [`recoup:rate:${key}`], args)))
      } catch (error) {
        if (!(error instanceof RedisGone)) throw error
        return embedded.take(key, rate)
      }
    },
  }
}
