import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { RedisConnection, RedisGone } from '../../../src/persistence/redis/redis-connection.ts'
import { until } from '../../crash/until.ts'
import { freePort, hasRedisServer, RedisServer } from '../../support/redis-server.ts'

/** As long as a recovery may take. */
const withinMs = 5_000

let made = 0

function connect(url: string) {
  const reports: string[] = []
  const redis = new RedisConnection({
    url,
    clock: systemClock,
    newGeneration: () => `generation-${++made}`,
    report: line => void reports.push(line),
  })
  onTestFinished(() => redis.close())
  return { redis, reports }
}

async function redisServer(options: readonly string[] = []) {
  const server = await RedisServer.start(options)
  onTestFinished(() => server.kill())
  return server
}

const ask = (redis: RedisConnection) => redis.call(client => client.ping())
const untilClosed = (redis: RedisConnection) =>
  until('Redis is back', withinMs, () => redis.state === 'closed')

describe.skipIf(!hasRedisServer() && !process.env['CI'])('A connection to Redis', () => {
  it('is closed once Redis answers, and carries calls', async () => {
    const { redis, reports } = connect((await redisServer()).url)
    expect(await redis.startProblem()).toBeUndefined()
    expect(redis.state).toBe('closed')
    expect(await ask(redis)).toBe('PONG')
    expect(reports).toEqual([])
  })

  it('opens when Redis goes, and closes by itself with a new generation when it comes back', async () => {
    const server = await redisServer()
    const { redis, reports } = connect(server.url)
    await redis.started
    const { generation } = redis
    await server.kill()
    await until('Redis is gone', withinMs, () => redis.state === 'open')
    await expect(ask(redis)).rejects.toThrow(RedisGone)
    await server.startAgain()
    await untilClosed(redis)
    expect(redis.generation).not.toBe(generation)
    expect(redis.timesOpened).toBe(1)
    expect(reports).toEqual([
      expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is gone: .*\. Everything goes on without it/),
      expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is back\.$/),
    ])
  })

  it('opens after three calls in a row that a stopped Redis does not answer, and then fails at once', async () => {
    const server = await redisServer()
    const { redis } = connect(server.url)
    await redis.started
    server.signal('SIGSTOP')
    for (const state of ['closed', 'closed', 'open']) {
      await expect(ask(redis)).rejects.toThrow(RedisGone)
      expect(redis.state).toBe(state)
    }
    const before = performance.now()
    await expect(ask(redis)).rejects.toThrow(RedisGone)
    expect(performance.now() - before).toBeLessThan(50)
    server.signal('SIGCONT')
    await untilClosed(redis)
    expect(await ask(redis)).toBe('PONG')
  })

  it('stays open while Redis takes no write, though it answers questions', async () => {
    const server = await redisServer()
    const admin = server.client()
    onTestFinished(() => admin.disconnect())
    await admin.config('SET', 'maxmemory', '1')
    const { redis, reports } = connect(server.url)
    expect(await redis.startProblem()).toMatch(/cannot be used: OOM/)
    await admin.config('SET', 'maxmemory', '0')
    await untilClosed(redis)
    expect(reports).toEqual([])
  })

  it('warns of a Redis that evicts', async () => {
    const { redis, reports } = connect(
      (await redisServer(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'])).url,
    )
    await redis.started
    await until('something is reported', withinMs, () => reports.length > 0)
    expect(reports).toEqual([expect.stringMatching(/^Redis evicts by allkeys-lru when it is full/)])
  })

  it('warns when it may not ask whether Redis evicts', async () => {
    const { redis, reports } = connect((await redisServer(['--rename-command', 'CONFIG', ''])).url)
    await redis.started
    await until('something is reported', withinMs, () => reports.length > 0)
    expect(reports).toEqual([expect.stringMatching(/^Redis does not say what it evicts/)])
  })

  it('says so when its password is refused, and never shows it', async () => {
    const server = await redisServer(['--user', 'shop', 'on', '>right-secret', '~*', '+@all'])
    const { redis, reports } = connect(server.url.replace('://', '://shop:wrong-secret@'))
    const problem = await redis.startProblem()
    expect(problem).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be used: WRONGPASS/)
    expect(`${problem}${reports.join()}`).not.toContain('secret')
    expect(redis.state).toBe('open')
  })
})

describe('A connection to Redis', () => {
  it('says so when nobody listens there', async () => {
    const { redis } = connect(`redis://127.0.0.1:${await freePort()}`)
    expect(await redis.startProblem()).toMatch(/ECONNREFUSED/)
  })

  it('says so within a few seconds when something listens there that never answers', async () => {
    const silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const { redis } = connect(`redis://127.0.0.1:${port}`)
    expect(await redis.startProblem()).toMatch(/cannot be used: /)
    expect(redis.state).not.toBe('closed')
  })
})
