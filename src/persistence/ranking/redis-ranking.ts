import { type Clock, isoTime } from '../../clock.ts'
import { type RedisCalls, RedisGone } from '../redis/redis-connection.ts'
import { applySales, finishLoading, loadDay, topOfDays } from './ranking-scripts.ts'
import type { SalesLog } from './sales-log.ts'
import type { SqliteRanking } from './sqlite-ranking.ts'

/*
 * The ranking as sorted sets of Redis, one per day. They follow the table of sales by its sequence, so what is counted is
 * counted once, and a question is never answered with less than was committed when it was asked. Whatever is missing
 * there (Redis is gone, empty, full, not caught up) the table itself answers, and the sets are built anew from it.
 */

export interface RedisRankingOptions {
  readonly redis: RedisCalls
  readonly sales: SalesLog
  /** Answers while Redis cannot. */
  readonly embedded: SqliteRanking
  readonly clock: Clock
}

interface Projection {
  /** Of the connection it was built on. */
  readonly generation: string
  readonly name: string
  readonly builtAt: number
  /** Earlier days are not in it. */
  readonly firstDay: string
  readonly days: Set<string>
  /** Up to which sequence of the sales it is complete. */
  applied: number
  /** By period, what was answered when so much was applied: one for each period that can be asked for, at most. */
  readonly answers: Map<string, { readonly applied: number; readonly ranked: Promise<Ranked | undefined> }>
}

type Ranked = ReturnType<typeof rankedOf>

const dayMs = 86_400_000
/** The longest period is 365 days; one more because the calendar of the shop may be behind that of UTC. */
const daysKept = 367
const lifetimeMs = dayMs
/** Before its keys come to the end of their lives, another one takes its place. */
const rebuildAfterMs = lifetimeMs / 2
const rowsAtOnce = 1_000
const topMax = 5

/** Equals are ranked by the smaller id: Redis puts the member first that sorts last, so the higher the id the lower it sorts. */
const memberOf = (productId: number) => String(Number.MAX_SAFE_INTEGER - productId).padStart(16, '0')
const productOf = (member: string) => Number.MAX_SAFE_INTEGER - Number(member)

export function createRedisRanking({ redis, sales, embedded, clock }: RedisRankingOptions) {
  let current: Projection | undefined
  let builds = 0
  let feeding: Promise<void> | undefined

  const hashOf = ({ name }: Projection) => `${name}:days`
  const setOf = ({ name }: Projection, day: string) => `${name}:${day}`

  function usable(): Projection | undefined {
    const fresh = current?.generation === redis.generation && clock.now() - current.builtAt < rebuildAfterMs
    return redis.state === 'closed' && fresh ? current : undefined
  }

  async function build(): Promise<void> {
    const before = current
    current = undefined
    builds += 1
    const builtAt = clock.now()
    const upTo = sales.end()
    const built: Projection = {
      generation: redis.generation,
      name: `recoup:ranking:${redis.generation}:${builds}`,
      builtAt,
      firstDay: dayAt(builtAt - daysKept * dayMs),
      days: new Set(),
      applied: upTo,
      answers: new Map(),
    }
    let day = sales.firstDay(built.firstDay)
    for (; day !== undefined; day = sales.firstDay(dayAt(Date.parse(day) + dayMs))) {
      await loadDayInto(built, day, upTo)
    }
    const keys = [hashOf(built), ...[...built.days].map(loaded => setOf(built, loaded))]
    const complete = await redis.call(client => finishLoading(client, keys, [upTo, lifetimeMs]))
    if (complete === 1) current = built
    if (before?.generation === built.generation) await drop(before)
  }

  async function loadDayInto(into: Projection, day: string, upTo: number): Promise<void> {
    const totals = sales.unitsOn(day, upTo)
    for (let start = 0; start < totals.length; start += rowsAtOnce) {
      const pairs = totals.slice(start, start + rowsAtOnce)
      const args = pairs.flatMap(({ productId, units }) => [units, memberOf(productId)])
      await redis.call(client =>
        loadDay(client, [hashOf(into), setOf(into, day)], [lifetimeMs, day, ...args]),
      )
      into.days.add(day)
    }
  }

  async function drop(projection: Projection): Promise<void> {
    const keys = [hashOf(projection), ...[...projection.days].map(day => setOf(projection, day))]
    await redis.call(client => client.unlink(...keys))
  }

  async function catchUp(projection: Projection): Promise<void> {
    for (;;) {
      const rows = sales.after(projection.applied, rowsAtOnce)
      const last = rows.at(-1)
      if (last === undefined) return
      const kept = rows.filter(({ day }) => day >= projection.firstDay)
      const days = [...new Set(kept.map(({ day }) => day))]
      const applied = await redis.call(client =>
        applySales(
          client,
          [hashOf(projection), ...days.map(day => setOf(projection, day))],
          [
            projection.applied,
            last.sequence,
            lifetimeMs,
            ...days,
            ...kept.flatMap(({ day, units, productId }) => [
              days.indexOf(day) + 1,
              units,
              memberOf(productId),
            ]),
          ],
        ),
      )
      if (applied === -1) {
        if (current === projection) current = undefined
        return
      }
      for (const day of days) projection.days.add(day)
      // More than was asked for, when an earlier try arrived after all.
      projection.applied = Number(applied)
    }
  }

  /** Brings Redis up to what is committed; builds it where there is nothing that can be believed. One at a time. */
  function feed(): Promise<void> {
    feeding ??= bringUpToDate().finally(() => {
      feeding = undefined
    })
    return feeding
  }

  async function bringUpToDate(): Promise<void> {
    if (redis.state !== 'closed') return
    try {
      const projection = usable()
      await (projection === undefined ? build() : catchUp(projection))
    } catch (error) {
      if (!(error instanceof RedisGone)) throw error
    }
  }

  async function fromRedis(fromDay: string, toDay: string) {
    const projection = usable()
    if (projection === undefined || fromDay < projection.firstDay) return undefined
    const end = sales.end()
    // The one that runs may have begun before the last sale.
    for (let tries = 0; projection.applied < end && tries < 2; tries += 1) await feed()
    if (usable() !== projection || projection.applied < end) return undefined
    return askOnce(projection, fromDay, toDay)
  }

  /** Until the next sale the same question has the same answer, and is worth asking once. */
  function askOnce(projection: Projection, fromDay: string, toDay: string): Promise<Ranked | undefined> {
    const { answers, applied } = projection
    const period = `${fromDay} ${toDay}`
    const before = answers.get(period)
    if (before?.applied === applied) return before.ranked
    const ranked = top(projection, fromDay, toDay)
    ranked.catch(() => answers.delete(period))
    answers.set(period, { applied, ranked })
    return ranked
  }

  async function top(projection: Projection, fromDay: string, toDay: string) {
    const days = daysBetween(fromDay, toDay)
    const keys = [hashOf(projection), `${projection.name}:top`, ...days.map(day => setOf(projection, day))]
    const members = await redis.call(client => topOfDays(client, keys, [topMax, ...days]))
    if (members === null && current === projection) current = undefined
    return members === null ? undefined : rankedOf(members as string[])
  }

  return {
    feed,
    async popular(fromDay: string, toDay: string) {
      try {
        const ranked = await fromRedis(fromDay, toDay)
        if (ranked !== undefined) return ranked
      } catch (error) {
        if (!(error instanceof RedisGone)) throw error
      }
      return embedded.popular(fromDay, toDay)
    },
    /** Whether the next question can be answered by Redis. */
    ready: () => usable() !== undefined,
  }
}

function rankedOf(top: readonly string[]) {
  const ranked = []
  for (let index = 0; index < top.length; index += 2) {
    ranked.push({ productId: productOf(top[index] ?? ''), salesCount: Number(top[index + 1]) })
  }
  return ranked
}

const dayAt = (at: number) => isoTime(at).slice(0, 'YYYY-MM-DD'.length)

function daysBetween(fromDay: string, toDay: string): string[] {
  const days = []
  for (let at = Date.parse(fromDay); at <= Date.parse(toDay); at += dayMs) {
    days.push(dayAt(at))
  }
  return days
}
