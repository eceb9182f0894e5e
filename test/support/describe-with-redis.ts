import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { hasRedisServer, RedisServer } from './redis-server.ts'

const given = process.env['RECOUP_TEST_REDIS_URL']
const reason = 'there is no redis-server on the PATH, and RECOUP_TEST_REDIS_URL names none'

/** A Redis that is empty at the start of each test. */
export interface TestRedis {
  readonly url: string
  readonly client: Redis
}

/**
 * A `describe` whose tests have a real Redis: the one that RECOUP_TEST_REDIS_URL names, or one started for this file.
 * Without either they are skipped, with a line that says so; in CI they fail.
 */
export function describeWithRedis(name: string, body: (redis: TestRedis) => void): void {
  if (given === undefined && !hasRedisServer()) {
    if (process.env['CI']) it(`${name}: Redis`, () => Promise.reject(new Error(`Not tested: ${reason}.`)))
    else describe.skip(`${name} (skipped: ${reason})`, () => body({} as TestRedis))
    return
  }
  describe(name, () => {
    let server: RedisServer | undefined
    let client: Redis | undefined
    const started = () => {
      if (client === undefined) throw new Error('Redis is there once the tests run')
      return client
    }
    beforeAll(async () => {
      server = given === undefined ? await RedisServer.start() : undefined
      client = new Redis(given ?? (server as RedisServer).url)
    })
    beforeEach(async () => {
      await started().flushdb()
    })
    afterAll(async () => {
      client?.disconnect()
      await server?.[Symbol.asyncDispose]()
    })
    body({
      get url() {
        return given ?? server?.url ?? ''
      },
      get client() {
        return started()
      },
    })
  })
}
