import { type RedisCalls, RedisGone } from '../redis/redis-connection.ts'

/*
 * Sessions read from Redis first. The embedded ones are the truth: what changes is changed there and awaited, and only
 * what was read there is ever put into Redis. An ended session is never believed again, whatever Redis still has or is
 * given late: this process remembers which it ended and asks the truth about those. When they are too many to remember, or
 * Redis may have kept an older copy, everything there gets other names at once, and nothing under the old ones is read
 * again.
 */

interface StoredSession {
  readonly customerId: number
  readonly sessionEpoch: number
  readonly createdAt: number
  readonly lastSeenAt: number
}

interface EmbeddedSessions {
  find(tokenHash: string): StoredSession | undefined | Promise<StoredSession | undefined>
  add(tokenHash: string, session: StoredSession): Promise<void>
  noteSeen(tokenHash: string, at: number): Promise<void>
  remove(tokenHash: string): Promise<void>
}

/** As long as a session counts that nobody uses. */
const lifeMs = 30 * 60_000
const form = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16})$/

/** So many ended sessions are remembered: some 2 MB. */
const endedMax = 10_000

export function createRedisSessions(redis: RedisCalls, embedded: EmbeddedSessions, most = endedMax) {
  const ended = new Set<string>()
  /** Part of every name. */
  let epoch = 0

  const nameOf = (tokenHash: string) => `recoup:session:${redis.generation}:${epoch}:${tokenHash}`

  /**
   * Whether Redis has taken it. The name was made before the session was read: when names change in between, nobody
   * reads what is put here. What fills a gap takes no newer copy's place, however late it comes.
   */
  async function put(name: string, session: StoredSession, how: 'fill' | 'replace'): Promise<boolean> {
    const text = textOf(session)
    try {
      await redis.call(client =>
        how === 'fill' ? client.set(name, text, 'PX', lifeMs, 'NX') : client.set(name, text, 'PX', lifeMs),
      )
      return true
    } catch (error) {
      if (!(error instanceof RedisGone)) throw error
      return false
    }
  }

  async function findInRedis(name: string): Promise<StoredSession | undefined> {
    try {
      return sessionOf(await redis.call(client => client.get(name)))
    } catch (error) {
      if (!(error instanceof RedisGone)) throw error
      return undefined
    }
  }

  async function findAnywhere(tokenHash: string): Promise<StoredSession | undefined> {
    const name = nameOf(tokenHash)
    const known = await findInRedis(name)
    // Much may have happened while Redis was asked.
    const believed = name === nameOf(tokenHash) && !ended.has(tokenHash)
    if (known !== undefined && believed) return known
    const session = await embedded.find(tokenHash)
    if (session !== undefined && believed) void put(name, session, 'fill')
    return session
  }

  return {
    find: (tokenHash: string) =>
      redis.state === 'closed' ? findAnywhere(tokenHash) : embedded.find(tokenHash),

    /** The first who asks for it brings it to Redis. */
    add: embedded.add,

    async noteSeen(tokenHash: string, at: number): Promise<void> {
      await embedded.noteSeen(tokenHash, at)
      const name = nameOf(tokenHash)
      const session = await embedded.find(tokenHash)
      if (session === undefined) return
      // What Redis has now may be older, and by that the session would end too soon.
      if (!(await put(name, session, 'replace')) && name === nameOf(tokenHash)) epoch += 1
    },

    async remove(tokenHash: string): Promise<void> {
      await embedded.remove(tokenHash)
      if (ended.size >= most) {
        epoch += 1
        ended.clear()
      }
      ended.add(tokenHash)
      // Only to make room; nobody has to wait for it.
      const name = nameOf(tokenHash)
      redis.call(client => client.unlink(name)).catch(() => {})
    },
  }
}

const textOf = ({ customerId, sessionEpoch, createdAt, lastSeenAt }: StoredSession) =>
  `${customerId} ${sessionEpoch} ${createdAt} ${lastSeenAt}`

/** What is not of that form was not written here. */
function sessionOf(text: string | null): StoredSession | undefined {
  const parts = form.exec(text ?? '')
  if (parts === null) return undefined
  const [, customerId, sessionEpoch, createdAt, lastSeenAt] = parts.map(Number)
  return { customerId, sessionEpoch, createdAt, lastSeenAt } as StoredSession
}
