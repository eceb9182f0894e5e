import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { percentile } from '../../bench/percentile.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { until } from '../crash/until.ts'
import { metric, usesRedis } from '../support/metric.ts'
import { RedisServer } from '../support/redis-server.ts'
import { issueToCrowd } from './issue-crowd.ts'

/*
 * A real server with a real Redis in front of its campaign, and more customers than there are coupons. Meanwhile Redis may
 * be killed and come back empty. What the customers were told has to be what the database says.
 */

export interface FcfsOptions {
  /** An empty one. */
  readonly directory: string
  readonly clients: number
  readonly coupons: number
  /** Over how long the customers come; 0 for all at once. */
  readonly rampMs: number
  /** Whether Redis is killed after a fifth of the answers and started again, empty, after half of them. */
  readonly kill: boolean
  /** Of a server that is wrong on purpose. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface FcfsReport extends Pick<FcfsOptions, 'clients' | 'coupons' | 'rampMs' | 'kill'> {
  readonly answers: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** How often Redis was lost. */
  readonly lost: number
  /** Whether it was in use again at the end. */
  readonly back: boolean
  /** Scripts that the Redis of the end has run. */
  readonly scripts: number
  readonly faults: readonly string[]
}

const couponId = 4001
const firstCustomerId = 1001
const killAt = 0.2
const startAgainAt = 0.5
const recoverWithinMs = 5_000
const lookAgain = 10

export async function fcfsRun(options: FcfsOptions): Promise<FcfsReport> {
  const { directory, clients, coupons, rampMs, kill, environment } = options
  const data = join(directory, 'data')
  await seedCampaign(options, data)
  await using redis = await RedisServer.start()
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', data], {
    environment: {
      RECOUP_REDIS_URL: redis.url,
      RECOUP_CHECK_EVERY_MS: '0',
      // However busy the machine is, everybody is let in: this is not about the door.
      RECOUP_OVERLOAD_MS: '600000',
      ...environment,
    },
  })
  const url = await server.listening

  let disturbed: Promise<void> = Promise.resolve()
  const asks = 2 * clients
  const crowd = { port: Number(new URL(url).port), couponId, firstCustomerId, clients, rampMs }
  const answered = await issueToCrowd({
    ...crowd,
    onAnswered(count) {
      if (!kill) return
      if (count === Math.ceil(asks * killAt)) disturbed = redis.kill()
      if (count === Math.ceil(asks * startAgainAt)) disturbed = disturbed.then(() => redis.startAgain())
    },
  })
  await disturbed

  const isBack = () => usesRedis(url)
  const back = await until('Redis is back', recoverWithinMs, isBack).then(
    () => true,
    () => false,
  )
  // Whatever became of it meanwhile, it answers by itself again.
  const afterwards = await issueToCrowd({ ...crowd, clients: lookAgain, rampMs: 0 })
  const lost = await metric(url, 'recoup_redis_opened_total')
  const scripts = await scriptsOf(redis)
  const ending = await server.end('SIGTERM')
  const check = await recoup(['check', '--data', data])
  const { latencies, codes, errors } = answered
  const faults = [
    ...judge([...codes], issuedIn(data), coupons),
    ...[...afterwards.codes].flatMap(([customerId, [again]]) =>
      again === codes.get(customerId)?.at(-1) ? [] : [`customer ${customerId} was told ${again} afterwards`],
    ),
    ...Object.entries({ ...errors, ...afterwards.errors }).map(([error, count]) => `${count} times ${error}`),
    ...(check.status === 0 ? [] : [`recoup check: ${check.output}${check.errors}`]),
    ...(ending.status === 0 ? [] : [`the server ended with ${ending.status}: ${ending.errors}`]),
    ...(back ? [] : [`Redis was not in use again ${recoverWithinMs} ms after its return`]),
    ...(kill === lost > 0 ? [] : [`Redis was lost ${lost} times`]),
    ...(scripts > 0 ? [] : ['the gate never asked Redis']),
  ]
  const [p50Ms, p95Ms, p99Ms] = [50, 95, 99].map(percent => percentile(latencies, percent))
  return {
    ...{ clients, coupons, rampMs, kill, lost, back, scripts, faults },
    answers: latencies.length,
    p50Ms: p50Ms ?? Number.NaN,
    p95Ms: p95Ms ?? Number.NaN,
    p99Ms: p99Ms ?? Number.NaN,
  }
}

async function seedCampaign({ directory, clients, coupons }: FcfsOptions, data: string): Promise<void> {
  const profile = join(directory, 'profile.json')
  const customers = Array.from({ length: clients }, (_, at) => ({
    id: firstCustomerId + at,
    username: `customer${at}`,
    balance: 0,
  }))
  const campaign = { id: couponId, name: 'First come', discountType: 'FIXED', discountAmount: 1_000 }
  const content = { customers, coupons: [{ ...campaign, totalQuantity: coupons }] }
  writeFileSync(profile, JSON.stringify(content))
  const seeded = await recoup(['seed', '--profile', profile, '--data', data])
  if (seeded.status !== 0) throw new Error(seeded.errors)
}

async function scriptsOf(redis: RedisServer): Promise<number> {
  const client = redis.client()
  try {
    await client.connect()
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
  } finally {
    client.disconnect()
  }
}

function issuedIn(data: string): Set<number> {
  const database = new Sqlite(join(data, 'recoup.db'), { readonly: true })
  try {
    const rows = database.prepare<[number], number>(
      'SELECT customer_id FROM coupon_issues WHERE coupon_id = ?',
    )
    return new Set(rows.pluck().all(couponId))
  } finally {
    database.close()
  }
}

/** What is wrong with what the customers were told, against who has a coupon. */
export function judge(
  codes: readonly (readonly [customerId: number, codes: readonly string[]])[],
  issued: ReadonlySet<number>,
  coupons: number,
): string[] {
  const faults: string[] = []
  const told = codes.filter(([, [first]]) => first === 'ISSUED').map(([customerId]) => customerId)
  if (issued.size !== coupons) faults.push(`${issued.size} coupons of ${coupons} were issued`)
  if (told.length !== issued.size) faults.push(`${told.length} were told they have one of ${issued.size}`)
  for (const [customerId, [first, second]] of codes) {
    const [has, expected] = issued.has(customerId)
      ? ['a coupon', ['ISSUED', 'COUPON_ALREADY_ISSUED']]
      : ['no coupon', ['COUPON_INSUFFICIENT', 'COUPON_INSUFFICIENT']]
    if (first !== expected[0] || second !== expected[1]) {
      faults.push(`customer ${customerId} has ${has} and was told ${first}, then ${second}`)
    }
  }
  return faults
}
