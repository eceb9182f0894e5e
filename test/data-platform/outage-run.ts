import { loadavg } from 'node:os'
import { median, percentile } from '../../bench/percentile.ts'
import { databasePath, openDatabaseReadOnly } from '../../src/persistence/database.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { Random } from '../crash/random.ts'
import { until } from '../crash/until.ts'
import { ConnectionPool } from '../overload/connection-pool.ts'
import { openLoop } from '../overload/open-loop.ts'
import { type Arrival, arrivalsOf, judge, type OutageReport, type PhaseFigures } from './outage-report.ts'

/*
 * A server that tells a data platform of each payment, under a load that does not care: first with the platform there, then
 * with it away, then with it back. What arrived is compared with what the server's own books say was paid.
 */

export interface OutageOptions {
  /** An empty one. */
  readonly directory: string
  /** Of the phase with the platform there, and of the one without. */
  readonly seconds: number
  readonly pairsPerSecond: number
  /** Away: its process is killed, or stands still with its connections open. */
  readonly way: 'gone' | 'hangs'
  say?(line: string): void
}

const environment = {
  RECOUP_DATA_PLATFORM_SECRET: 'a-secret-of-the-platform',
  RECOUP_OPERATOR_TOKEN: 'a-token-of-operators',
}
const connectionsMax = 500
const drainMsMax = 120_000

export async function outageRun({
  directory,
  seconds,
  pairsPerSecond,
  way,
  say = () => {},
}: OutageOptions): Promise<OutageReport> {
  const seeded = await recoup(['seed', '--profile', 'load-test', '--data', directory])
  if (seeded.status !== 0) throw new Error(seeded.errors)
  const platform = (port: string) =>
    new RecoupProcess(['data-platform-demo', '--port', port, '--json'], { environment })
  const first = platform('0')
  await using _first = first
  const url = await first.listening
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory], {
    environment: { ...environment, RECOUP_DATA_PLATFORM_URL: url },
  })
  const shopUrl = await server.listening
  const startedAt = new Date(Date.now() - 1_000).toISOString()
  const pool = new ConnectionPool(Number(new URL(shopUrl).port), connectionsMax)
  const random = new Random(1)

  async function phase(name: string, phaseSeconds: number): Promise<PhaseFigures> {
    const { counts, settled } = await openLoop(pool, random, { pairsPerSecond, seconds: phaseSeconds })
    await settled
    const paid = counts.paid + counts.paidLater
    const pairMs = counts.pairMs.flat()
    const figures = {
      offered: counts.offered,
      paid,
      p50Ms: percentile(pairMs, 50),
      // One stall of the machine is no property of the phase.
      p99Ms: median(counts.pairMs.map(second => percentile(second, 99))),
      lateP99Ms: percentile(counts.lateMs, 99),
    }
    say(`${name}: ${paid} of ${counts.offered} paid, p99 ${figures.p99Ms.toFixed(1)} ms`)
    return figures
  }
  const backlog = async () => {
    const status = await recoup(['data-platform', 'status', '--json', '--url', shopUrl], { environment })
    const { topics } = JSON.parse(status.output) as {
      topics: { topic: string; owed: number; parked: number; breaker: string }[]
    }
    return topics.find(({ topic }) => topic === 'payments') ?? { owed: 0, parked: 0, breaker: 'closed' }
  }
  const drained = () =>
    until('the backlog has drained', drainMsMax, async () => (await backlog()).owed === 0, 50)

  await phase('warm-up', Math.min(3, seconds))
  const there = await phase('there', seconds)
  if (way === 'gone') first.signal('SIGKILL')
  else first.signal('SIGSTOP')
  const away = await phase('away', seconds)
  const { owed: backlogMost, breaker } = await backlog()
  say(`away: ${backlogMost} events wait, the breaker is ${breaker}`)

  const backAt = performance.now()
  if (way === 'hangs') first.signal('SIGCONT')
  await using second = way === 'gone' ? platform(new URL(url).port) : undefined
  const drain = drained().then(() => performance.now() - backAt)
  const back = await phase('back', Math.min(10, seconds))
  const drainedAfterMs = await drain
  await drained()
  say(`back: drained after ${(drainedAfterMs / 1_000).toFixed(1)} s, under load`)

  const replay = ['data-platform', 'replay', '--since', startedAt, '--reason', 'To see.', '--json']
  const { output } = await recoup([...replay, '--url', shopUrl], { environment })
  const { replayed } = JSON.parse(output) as { replayed: number }
  await drained()
  pool.close()
  const ended = await server.end('SIGTERM')
  if (ended.status !== 0) throw new Error(`The server ended with ${ended.status}: ${ended.errors}`)
  const arrivals: Arrival[] = []
  for (const each of [first, second]) {
    if (each !== undefined) arrivals.push(...arrivalsOf((await each.end('SIGTERM')).output))
  }
  return {
    way,
    seconds,
    pairsPerSecond,
    there,
    away,
    back,
    backlogMost,
    breakerAway: breaker,
    drainedAfterMs,
    replayed,
    ...judge(paidOrders(directory), arrivals),
    warnings: ended.errors.trimEnd().split('\n'),
    loadAverage: loadavg()[0] ?? 0,
  }
}

/** The orders that are paid by their own streams, which know nothing of the outbox. */
function paidOrders(directory: string): Set<number> {
  const database = openDatabaseReadOnly(directory)
  try {
    const rows = database
      .prepare<[], { id: number }>(`SELECT DISTINCT order_id AS id FROM order_events WHERE status = 'PAID'`)
      .all()
    if (rows.length === 0) throw new Error(`Nothing was paid in ${databasePath(directory)}`)
    return new Set(rows.map(({ id }) => id))
  } finally {
    database.close()
  }
}
