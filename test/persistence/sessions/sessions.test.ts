import type { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSessionBook } from '../../../src/http/session-book.ts'
import type { Session, Sessions } from '../../../src/http/sessions.ts'
import { openDatabase } from '../../../src/persistence/database.ts'
import { createDirectReader } from '../../../src/persistence/reader.ts'
import { type RedisCalls, RedisGone } from '../../../src/persistence/redis/redis-connection.ts'
import { createRedisSessions } from '../../../src/persistence/sessions/redis-sessions.ts'
import { createSqliteSessions } from '../../../src/persistence/sessions/sqlite-sessions.ts'
import { createDirectWriter } from '../../../src/persistence/writer.ts'
import { describeWithRedis } from '../../support/describe-with-redis.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const minuteMs = 60_000
const at = Date.UTC(2026, 0, 5, 3)
const session: Session = { customerId: 1001, sessionEpoch: 2, createdAt: at, lastSeenAt: at }

/** Real ones, which count how often they are asked, and answer late when told to. */
function embeddedSessions() {
  const database = openDatabase(':memory:', { timeZone: 'UTC', currency: 'KRW' })
  onTestFinished(() => void database.close())
  const sqlite = createSqliteSessions(createDirectReader(database), createDirectWriter(database))
  const counted = {
    ...sqlite,
    asked: 0,
    beforeAnswer: undefined as (() => Promise<void>) | undefined,
    find(tokenHash: string) {
      counted.asked += 1
      const found = sqlite.find(tokenHash)
      return counted.beforeAnswer === undefined ? found : counted.beforeAnswer().then(() => found)
    },
  }
  return counted
}

/** What is true wherever sessions are kept. `settled` waits for what nobody else waits for. */
function sessionsContract(open: () => Sessions, settled: () => Promise<unknown>): void {
  it('finds what was added, again and again, and nothing else', async () => {
    const sessions = open()
    await sessions.add('a', session)
    await sessions.add('b', { ...session, customerId: 1002 })
    for (let time = 0; time < 3; time += 1) {
      expect(await sessions.find('a')).toEqual(session)
      expect(await sessions.find('b')).toEqual({ ...session, customerId: 1002 })
      expect(await sessions.find('c')).toBeUndefined()
    }
  })

  it('knows when a session was last used', async () => {
    const sessions = open()
    await sessions.add('a', session)
    for (const later of [minuteMs, 2 * minuteMs]) {
      expect(await sessions.find('a')).toBeDefined()
      await sessions.noteSeen('a', at + later)
      expect(await sessions.find('a')).toEqual({ ...session, lastSeenAt: at + later })
    }
  })

  it('has nothing of a session that was removed, whether it was ever asked for or not', async () => {
    const sessions = open()
    for (const tokenHash of ['a', 'b', 'c']) await sessions.add(tokenHash, session)
    await sessions.find('a')
    await sessions.remove('a')
    await sessions.remove('b')
    await sessions.remove('never')
    await sessions.noteSeen('a', at + minuteMs)
    for (const tokenHash of ['a', 'b']) expect(await sessions.find(tokenHash)).toBeUndefined()
    expect(await sessions.find('c')).toEqual(session)
  })

  it('lets a session end half an hour after its last use and twelve hours after its login', async () => {
    const clock = new SimulatedClock()
    const book = bookOf(open(), clock)
    const { token } = await book.begin(1001, 0)
    const { token: unused } = await book.begin(1002, 0)
    expect(await book.customerOf(unused)).toBe(1002)
    for (let minute = 0; minute < 12 * 60; minute += 20) {
      expect(await book.customerOf(token)).toBe(1001)
      await settled()
      clock.advance(20 * minuteMs)
      if (minute === 20) expect(await book.customerOf(unused)).toBeUndefined()
    }
    expect(await book.customerOf(token)).toBeUndefined()
  })

  it('lets a session end with its epoch', async () => {
    const epochs = new Map([[1001, 0]])
    const book = bookOf(open(), new SimulatedClock(), id => epochs.get(id))
    const { token } = await book.begin(1001, 0)
    expect(await book.customerOf(token)).toBe(1001)
    epochs.set(1001, 1)
    expect(await book.customerOf(token)).toBeUndefined()
  })
}

function bookOf(
  sessions: Sessions,
  clock: SimulatedClock,
  sessionEpoch: (customerId: number) => number | undefined = () => 0,
) {
  let made = 0
  const random = (bytes: number) => Buffer.alloc(bytes, ++made)
  return createSessionBook({ sessions, clock, sessionEpoch, random })
}

describe('Sessions in SQLite', () => {
  sessionsContract(embeddedSessions, async () => {})
})

type Command = 'get' | 'set' | 'unlink'
type Call = RedisCalls['call']

describeWithRedis('Sessions in Redis', redis => {
  let generations = 0

  /** Before Redis is asked, `before` is awaited with the name of the command; what it throws is what becomes of it. */
  function open(most?: number) {
    const embedded = embeddedSessions()
    const under: { before: (command: Command) => Promise<unknown> | undefined } = {
      before: () => undefined,
    }
    const calls = {
      state: 'closed' as RedisCalls['state'],
      generation: `generation-${++generations}`,
      call: (async run => {
        await under.before(commandOf(run))
        return run(redis.client)
      }) as Call,
    }
    const sessions = createRedisSessions(calls, embedded, most)
    return Object.assign(sessions, { embedded, calls, under })
  }

  /** Which command it would send. */
  function commandOf(run: (client: Redis) => Promise<unknown>): Command {
    let sent = ''
    void run(
      new Proxy({} as Redis, {
        get: (_, name) => () => {
          sent = String(name)
          return Promise.resolve(null)
        },
      }),
    )
    return sent as Command
  }

  const names = () => redis.client.keys('recoup:session:*')
  /** Everything that was sent before has been done. */
  const settled = () => redis.client.ping()

  /** Lets nothing of this command through until it is opened. */
  function hold(sessions: ReturnType<typeof open>, held: Command) {
    const { promise: opened, resolve: release } = Promise.withResolvers<void>()
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    sessions.under.before = command => {
      if (command !== held) return undefined
      reach()
      return opened
    }
    return { reached, release }
  }

  const lose = (lost: Command) => (command: Command) =>
    command === lost ? Promise.reject(new RedisGone('one slow command')) : undefined

  sessionsContract(open, async () => {
    await new Promise(setImmediate)
    await settled()
  })

  it('asks SQLite once, and Redis from then on', async () => {
    const sessions = open()
    await sessions.add('a', session)
    for (let time = 0; time < 5; time += 1) {
      expect(await sessions.find('a')).toEqual(session)
      await settled()
    }
    expect(sessions.embedded.asked).toBe(1)
  })

  it('keeps a session by the hash of its token, for half an hour', async () => {
    const sessions = open()
    await sessions.add('a', session)
    await sessions.find('a')
    await settled()
    const [name = '', ...more] = await names()
    expect(more).toEqual([])
    expect(name).toBe(`recoup:session:${sessions.calls.generation}:0:a`)
    const lifeMs = await redis.client.pttl(name)
    expect(lifeMs).toBeGreaterThan(29 * minuteMs)
    expect(lifeMs).toBeLessThanOrEqual(30 * minuteMs)
  })

  it('goes on from SQLite with Redis gone, and believes nothing from before when it is back', async () => {
    const sessions = open()
    await sessions.add('a', session)
    await sessions.add('b', session)
    await sessions.find('a')
    await settled()
    sessions.calls.state = 'open'
    sessions.under.before = () => Promise.reject(new RedisGone('gone'))
    expect(await sessions.find('a')).toEqual(session)
    await sessions.noteSeen('a', at + minuteMs)
    await sessions.remove('b')
    sessions.under.before = () => undefined
    sessions.calls.generation = `generation-${++generations}`
    sessions.calls.state = 'closed'
    expect(await sessions.find('a')).toEqual({ ...session, lastSeenAt: at + minuteMs })
    expect(await sessions.find('b')).toBeUndefined()
  })

  it('asks SQLite when Redis fails in the middle or was emptied', async () => {
    const sessions = open()
    await sessions.add('a', session)
    await sessions.find('a')
    await settled()
    sessions.under.before = lose('get')
    expect(await sessions.find('a')).toEqual(session)
    sessions.under.before = () => undefined
    await redis.client.flushall()
    expect(await sessions.find('a')).toEqual(session)
    expect(sessions.embedded.asked).toBe(3)
  })

  it.each(['', '1001', '1001 2 3', '1001 2 3 4 5', '1001 2 3 x', '-1 2 3 4', '{"customerId":1001}'])(
    'believes no %j',
    async text => {
      const sessions = open()
      await sessions.add('a', session)
      await redis.client.set(`recoup:session:${sessions.calls.generation}:0:a`, text)
      await redis.client.set(`recoup:session:${sessions.calls.generation}:0:b`, text)
      expect(await sessions.find('a')).toEqual(session)
      expect(await sessions.find('b')).toBeUndefined()
    },
  )

  describe('of a session that has ended', () => {
    it('believes nothing that is brought to Redis after its end', async () => {
      const sessions = open()
      await sessions.add('a', session)
      const { reached, release } = hold(sessions, 'set')
      await sessions.find('a')
      await reached
      await sessions.remove('a')
      release()
      await settled()
      await settled()
      expect(await names()).toHaveLength(1)
      expect(await sessions.find('a')).toBeUndefined()
    })

    it('believes no answer of Redis that was on its way when it ended', async () => {
      const sessions = open()
      await sessions.add('a', session)
      await sessions.find('a')
      await settled()
      const { reached, release } = hold(sessions, 'get')
      const found = sessions.find('a')
      await reached
      sessions.under.before = lose('unlink')
      await sessions.remove('a')
      release()
      expect(await found).toBeUndefined()
    })

    it('believes nothing that Redis could not be told to drop, or has again from an older copy', async () => {
      const sessions = open()
      await sessions.add('a', session)
      await sessions.find('a')
      await settled()
      const [name = ''] = await names()
      const copy = await redis.client.dumpBuffer(name)
      sessions.under.before = lose('unlink')
      await sessions.remove('a')
      expect(await redis.client.exists(name)).toBe(1)
      expect(await sessions.find('a')).toBeUndefined()
      await redis.client.flushall()
      await redis.client.restore(name, 0, copy)
      expect(await sessions.find('a')).toBeUndefined()
    })

    it('believes nothing brought under a name of before an outage', async () => {
      const sessions = open()
      await sessions.add('a', session)
      const { reached, release } = hold(sessions, 'set')
      await sessions.find('a')
      await reached
      sessions.calls.generation = `generation-${++generations}`
      await sessions.remove('a')
      release()
      await settled()
      await settled()
      expect((await names()).filter(name => name.includes(sessions.calls.generation))).toEqual([])
      expect(await sessions.find('a')).toBeUndefined()
    })

    it('believes nothing either when more have ended than it remembers', async () => {
      const sessions = open(3)
      const all = Array.from({ length: 10 }, (_, index) => `token-${index}`)
      for (const tokenHash of all) {
        await sessions.add(tokenHash, session)
        await sessions.find(tokenHash)
      }
      await settled()
      sessions.under.before = lose('unlink')
      for (const [index, tokenHash] of all.entries()) {
        await sessions.remove(tokenHash)
        for (const [other, otherHash] of all.entries()) {
          expect(await sessions.find(otherHash)).toEqual(other <= index ? undefined : session)
        }
      }
      // Names change once for three, and what is kept under the last ones is believed.
      await sessions.add('next', session)
      await sessions.find('next')
      await settled()
      expect(await names()).toContain(`recoup:session:${sessions.calls.generation}:3:next`)
    })

    it('believes no answer that was on its way when it ended and so many others did', async () => {
      const sessions = open(1)
      for (const tokenHash of ['a', 'b']) await sessions.add(tokenHash, session)
      await sessions.find('a')
      await settled()
      const { reached, release } = hold(sessions, 'get')
      const found = sessions.find('a')
      await reached
      sessions.under.before = lose('unlink')
      for (const tokenHash of ['a', 'b']) await sessions.remove(tokenHash)
      release()
      expect(await found).toBeUndefined()
    })

    it.each(['find', 'noteSeen'] as const)(
      'believes nothing that %s had read of SQLite when it ended and so many others did',
      async way => {
        const sessions = open(1)
        for (const tokenHash of ['a', 'b']) await sessions.add(tokenHash, session)
        const { promise: opened, resolve: release } = Promise.withResolvers<void>()
        const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
        sessions.embedded.beforeAnswer = () => {
          reach()
          return opened
        }
        const done = way === 'find' ? sessions.find('a') : sessions.noteSeen('a', at + minuteMs)
        await reached
        sessions.embedded.beforeAnswer = undefined
        for (const tokenHash of ['a', 'b']) await sessions.remove(tokenHash)
        release()
        await done
        await settled()
        expect(await sessions.find('a')).toBeUndefined()
      },
    )

    it('believes nothing whatever comes in between, in 100 histories of 40 steps', async () => {
      for (let seed = 1; seed <= 100; seed += 1) await liveThrough(seed)
    })
  })

  /** Steps at random, none waited for but by chance, against sessions whose end is known. */
  async function liveThrough(seed: number): Promise<void> {
    let state = seed
    const below = (limit: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    const sessions = open(2)
    const tokens = ['a', 'b', 'c', 'd', 'e'].map(letter => `${seed}${letter}`)
    for (const tokenHash of tokens) await sessions.add(tokenHash, session)
    const gone = new Set<string>()
    const running: Promise<unknown>[] = []
    sessions.under.before = command => {
      if (below(8) === 0) return Promise.reject(new RedisGone('by chance'))
      return command === 'set' && below(3) === 0 ? redis.client.ping().then(settled) : undefined
    }
    async function look(tokenHash: string): Promise<void> {
      const hadEnded = gone.has(tokenHash)
      const found = await sessions.find(tokenHash)
      if (hadEnded) expect(found, `${tokenHash} of seed ${seed}`).toBeUndefined()
      else if (!gone.has(tokenHash)) expect(found?.customerId, `${tokenHash} of ${seed}`).toBeDefined()
    }
    for (let step = 0; step < 40; step += 1) {
      const tokenHash = tokens[below(tokens.length)] ?? ''
      const kind = below(20)
      if (kind === 0) running.push(sessions.remove(tokenHash).then(() => gone.add(tokenHash)))
      else if (kind < 4) running.push(sessions.noteSeen(tokenHash, at + step))
      else if (kind === 4) sessions.calls.generation = `generation-${++generations}`
      else if (kind === 5) await settled()
      else running.push(look(tokenHash))
    }
    await Promise.all(running)
    for (const tokenHash of tokens) await look(tokenHash)
  }

  it('never lets a session end too soon by what Redis did not hear of its last use', async () => {
    const sessions = open()
    await sessions.add('a', session)
    await sessions.find('a')
    await settled()
    sessions.under.before = lose('set')
    await sessions.noteSeen('a', at + minuteMs)
    sessions.under.before = () => undefined
    expect(await sessions.find('a')).toEqual({ ...session, lastSeenAt: at + minuteMs })
  })

  it('keeps the later use when an older copy comes late', async () => {
    const sessions = open()
    await sessions.add('a', session)
    const { reached, release } = hold(sessions, 'set')
    await sessions.find('a')
    await reached
    sessions.under.before = () => undefined
    await sessions.noteSeen('a', at + minuteMs)
    release()
    await settled()
    await settled()
    expect(await sessions.find('a')).toEqual({ ...session, lastSeenAt: at + minuteMs })
    expect(sessions.embedded.asked).toBe(2)
  })
})
