import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import Sqlite from 'better-sqlite3'
import type { Redis } from 'ioredis'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { until } from '../crash/until.ts'
import { metric, usesRedis } from '../support/metric.ts'
import { RedisServer } from '../support/redis-server.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { type SessionCounts, SessionTrickle } from './session-trickle.ts'
import { Traffic, type TrafficCounts } from './traffic.ts'

/*
 * A real server under orders, payments, coupons and questions, and one where customers log in, with a Redis behind a
 * proxy that has one trouble after the other. Nothing may be slower than a second or wrong meanwhile, and Redis has to be
 * in use again soon after.
 */

interface Fault {
  readonly name: string
  /** Whether the server has to notice that Redis is gone. */
  readonly opens: boolean
  begin(trouble: Trouble): Promise<unknown>
  end(trouble: Trouble): Promise<unknown>
}

interface Trouble {
  readonly redis: RedisServer
  readonly admin: Redis
  readonly proxy: FaultyProxy
}

const slowMs = 2_000

export const faults: readonly Fault[] = [
  { name: 'nothing', opens: false, begin: async () => {}, end: async () => {} },
  {
    name: 'killed',
    opens: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.startAgain(),
  },
  {
    name: 'stopped',
    opens: true,
    begin: async ({ redis }) => redis.signal('SIGSTOP'),
    end: async ({ redis }) => redis.signal('SIGCONT'),
  },
  {
    name: '2 s slow',
    opens: true,
    begin: async ({ proxy }) => proxy.delay(slowMs),
    end: async ({ proxy }) => proxy.delay(0),
  },
  { name: 'FLUSHALL', opens: false, begin: ({ admin }) => admin.flushall(), end: async () => {} },
  {
    name: 'half-open',
    opens: true,
    begin: async ({ proxy }) => proxy.swallow(true),
    end: async ({ proxy }) => proxy.swallow(false),
  },
  {
    name: 'out of memory',
    opens: true,
    begin: ({ admin }) => admin.config('SET', 'maxmemory', '1'),
    end: ({ admin }) => admin.config('SET', 'maxmemory', '0'),
  },
]

type Counts = TrafficCounts & SessionCounts

export interface FaultReport extends Counts {
  readonly name: string
  /** How often the server lost Redis. */
  readonly opened: number
  /** From the end of the trouble until Redis is in use again, in milliseconds. */
  readonly recoveryMs: number
  readonly shortfalls: readonly string[]
}

export interface RedisFaultsOptions {
  /** An empty one. */
  readonly directory: string
  /** Of each fault. */
  readonly seconds: number
  /** All of them unless given. */
  readonly chosen?: readonly Fault[]
  /** Of a server that is wrong on purpose. */
  readonly environment?: Readonly<Record<string, string>>
  say?(line: string): void
}

const customers = 2_000
const coupons = 1_000
const answeredShare = 0.99
const recoverWithinMs = 5_000
const givenUpMs = 20_000

export async function redisFaultsRun(options: RedisFaultsOptions): Promise<{
  readonly faults: readonly FaultReport[]
  readonly shortfalls: readonly string[]
}> {
  const { directory, seconds, chosen = faults, environment, say = () => {} } = options
  const data = join(directory, 'data')
  const seeded = await recoup(['seed', '--profile', 'load-test', '--data', data])
  if (seeded.status !== 0) throw new Error(seeded.errors)
  await using redis = await RedisServer.start()
  await using proxy = await FaultyProxy.start(redis.port)
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', data], {
    environment: { RECOUP_REDIS_URL: proxy.url, RECOUP_CHECK_EVERY_MS: '0', ...environment },
  })
  const sessionEnvironment = { RECOUP_AUTH: 'session', RECOUP_RATE_LIMITS: 'off' }
  await using sessionServer = new RecoupProcess(
    ['serve', '--port', '0', '--data', join(directory, 'sessions')],
    { environment: { RECOUP_REDIS_URL: proxy.url, ...sessionEnvironment, ...environment } },
  )
  const url = await server.listening
  const trickle = await SessionTrickle.open(await sessionServer.listening)
  const admin = redis.client()
  try {
    const issueEveryMs = (chosen.length * seconds * 1_000) / customers
    const traffic = new Traffic(url, { customers, issueEveryMs })
    const reports: FaultReport[] = []
    for (const fault of chosen) {
      reports.push(await undergo(fault, { redis, admin, proxy }, { traffic, trickle, url, data, seconds }))
      say(line(reports.at(-1) as FaultReport))
    }
    await traffic.askForRest()
    const ending = await server.end('SIGTERM')
    const check = await recoup(['check', '--data', data])
    const shortfalls = [
      ...(ending.status === 0 ? [] : [`the server ended with ${ending.status}: ${ending.errors}`]),
      ...(check.status === 0 ? [] : [`recoup check: ${check.output}${check.errors}`]),
      ...couponShortfalls(data, traffic.issuedTo),
      ...reports.flatMap(report => report.shortfalls.map(shortfall => `${report.name}: ${shortfall}`)),
    ]
    return { faults: reports, shortfalls }
  } finally {
    admin.disconnect()
  }
}

async function undergo(
  fault: Fault,
  trouble: Trouble,
  {
    traffic,
    trickle,
    url,
    data,
    seconds,
  }: { traffic: Traffic; trickle: SessionTrickle; url: string; data: string; seconds: number },
): Promise<FaultReport> {
  const before = { ...traffic.counts, ...trickle.counts }
  const openedBefore = await metric(url, 'recoup_redis_opened_total')
  await trickle.start()
  traffic.start()
  await fault.begin(trouble)
  await pause((seconds * 1_000) / 2)
  await trickle.endSome()
  await pause((seconds * 1_000) / 2)
  await traffic.stop()
  const wrong = [await rankingShortfall(traffic, data, 'meanwhile')]
  const wasOpen = !(await usesRedis(url))
  await fault.end(trouble)
  const ended = performance.now()
  const inUse = () => usesRedis(url)
  const back = await until('Redis is in use', givenUpMs, inUse, 20).then(
    () => true,
    () => false,
  )
  const recoveryMs = performance.now() - ended
  // The ranking is built anew within its second; whoever asks before hears it from the database.
  for (const when of ['at its return', 'afterwards']) {
    wrong.push(await rankingShortfall(traffic, data, when))
    await pause(1_100)
  }
  await trickle.stop()
  const opened = (await metric(url, 'recoup_redis_opened_total')) - openedBefore
  const counts = difference({ ...traffic.counts, ...trickle.counts }, before)
  return {
    name: fault.name,
    ...counts,
    opened,
    recoveryMs,
    shortfalls: [
      ...wrong.flatMap(sentence => sentence ?? []),
      ...tooFew('payments', counts.paid, counts.payments),
      ...tooFew('answers of what is popular', counts.popularAnswered, counts.popular),
      ...tooFew('answers about coupons', counts.issuesAnswered, counts.issues),
      ...tooFew('looks with a session', counts.looksAnswered, counts.looks),
      ...(counts.ended > 0 ? [] : ['no session has ended']),
      ...(counts.wrong === 0 ? [] : [`${counts.wrong} wrong sessions`]),
      ...(fault.opens === opened > 0 ? [] : [`Redis was lost ${opened} times`]),
      ...(fault.opens === wasOpen ? [] : [`the breaker was ${wasOpen ? 'open' : 'closed'} meanwhile`]),
      ...(back && recoveryMs <= recoverWithinMs
        ? []
        : [`Redis was not in use ${recoveryMs.toFixed(0)} ms after its return`]),
    ],
  }
}

function difference(after: Counts, before: Counts): Counts {
  const names = Object.keys(after) as (keyof Counts)[]
  return Object.fromEntries(names.map(name => [name, after[name] - before[name]])) as unknown as Counts
}

function tooFew(what: string, done: number, asked: number): string[] {
  return asked > 0 && done >= asked * answeredShare ? [] : [`${done} of ${asked} ${what}`]
}

/** Whether the server tells the ranking that the table of sales says. */
async function rankingShortfall(traffic: Traffic, data: string, when: string): Promise<string | undefined> {
  const told = (await traffic.popularNow()) as { productId: number; salesCount: number }[]
  const expected = read(data, database =>
    database
      .prepare(
        `SELECT product_id AS productId, sum(quantity) AS salesCount FROM sales
         WHERE day = (SELECT max(day) FROM sales) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5`,
      )
      .all(),
  )
  const ranked = told.map(({ productId, salesCount }) => ({ productId, salesCount }))
  if (expected.length === 5 && isDeepStrictEqual(ranked, expected)) return undefined
  return `the ranking was wrong ${when}: ${JSON.stringify(ranked)} instead of ${JSON.stringify(expected)}`
}

function couponShortfalls(data: string, told: readonly number[]): string[] {
  const issued = read(data, database =>
    database.prepare<[], number>('SELECT customer_id FROM coupon_issues ORDER BY 1').pluck().all(),
  )
  return [
    ...(issued.length === coupons ? [] : [`${issued.length} coupons of ${coupons} were issued`]),
    ...(isDeepStrictEqual(
      issued,
      told.toSorted((a, b) => a - b),
    )
      ? []
      : [`${told.length} customers were told they have one of ${issued.length} coupons`]),
  ]
}

function read<T>(data: string, question: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(join(data, 'recoup.db'), { readonly: true })
  try {
    return question(database)
  } finally {
    database.close()
  }
}

export function line({ name, payments, paid, opened, recoveryMs, shortfalls, ...more }: FaultReport): string {
  const { popular, popularAnswered, issues, issuesAnswered, looks, looksAnswered, ended, wrong } = more
  return (
    `${name.padEnd(14)} paid ${paid} of ${payments}, popular ${popularAnswered} of ${popular}, ` +
    `coupons answered ${issuesAnswered} of ${issues}, ` +
    `sessions ${looksAnswered} of ${looks}, ${ended} ended, ${wrong} wrong, lost ${opened} times, back after ${recoveryMs.toFixed(0)} ms` +
    (shortfalls.length === 0 ? '' : `, ${shortfalls.length} shortfalls`)
  )
}
