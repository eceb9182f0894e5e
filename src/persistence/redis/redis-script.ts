import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** Runs one Lua script, atomically; sends its text only to a Redis that does not have it yet. */
export type RedisScript = (
  client: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

/** A script by its text. It is written so that running it twice, after an unknown outcome, is harmless. */
export function redisScript(lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (client, keys, args) => {
    const rest = [...keys, ...args]
    try {
      return await client.evalsha(sha, keys.length, ...rest)
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error
      return client.eval(lua, keys.length, ...rest)
    }
  }
}
