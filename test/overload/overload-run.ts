import { loadavg } from 'node:os'
import { orderLoad } from '../../bench/order-load.ts'
import { inParallel } from '../../src/cli/seed/in-parallel.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { look } from '../crash/operation.ts'
import { Random } from '../crash/random.ts'
import { ConnectionPool } from './connection-pool.ts'
import { MemorySampler } from './memory-sampler.ts'
import { openLoop } from './open-loop.ts'
import {
  type OverloadReport,
  type PhaseReport,
  phaseReport,
  recoveredAfterSeconds,
} from './overload-report.ts'

/*
 * A server whose disk is so slow that it can do about 200 payments a second, and load that does not care: first as much
 * as there is an answer for, then the peak, three times and ten times of it, each followed by half of it.
 */

export interface OverloadOptions {
  /** An empty one. */
  readonly directory: string
  /** Of each phase of full and of too much load. */
  readonly seconds: number
  readonly factors?: readonly number[]
  /** `RECOUP_OVERLOAD_MS`; its default unless given. */
  readonly overloadMs?: number | undefined
  say?(line: string): void
}

const msPerPayment = 5
const clients = 100
const connectionsMax = 2_000
const calmFactor = 0.5

export async function overloadRun({
  directory,
  seconds,
  factors = [3, 10],
  overloadMs,
  say = () => {},
}: OverloadOptions): Promise<OverloadReport> {
  const seeded = await recoup(['seed', '--profile', 'load-test', '--data', directory])
  if (seeded.status !== 0) throw new Error(seeded.errors)
  await using server = new RecoupProcess(['--port', '0', '--data', directory], {
    program: 'test/overload/slow-server.ts',
    environment: {
      SLOW_MS_PER_PAYMENT: `${msPerPayment}`,
      ...(overloadMs !== undefined && { RECOUP_OVERLOAD_MS: `${overloadMs}` }),
    },
  })
  const figures = await measure(server, { seconds, factors, say })
  const { status, errors: complaints } = await server.end('SIGTERM')
  if (status !== 0) throw new Error(`The server ended with ${status}: ${complaints}`)
  const check = await recoup(['check', '--data', directory])
  if (check.status !== 0) throw new Error(`${check.errors}${check.output}`)
  return figures
}

async function measure(
  server: RecoupProcess,
  { seconds, factors, say }: Required<Pick<OverloadOptions, 'seconds' | 'factors' | 'say'>>,
): Promise<OverloadReport> {
  const port = Number(new URL(await server.listening).port)
  using memory = new MemorySampler(server.pid)
  const random = new Random(1)
  const calmSeconds = Math.min(20, seconds)

  const measureMs = Math.min(20, seconds) * 1_000
  const measured = { port, pid: server.pid, clients, hot: false, ordersMax: 4_000_000, seed: 1 }
  const closed = await orderLoad({ ...measured, warmUpMs: 2_000, measureMs })
  const { paymentsPerSecond: peakPerSecond, errors } = closed
  if (Object.keys(errors).length > 0) throw new Error(`The peak had errors: ${JSON.stringify(errors)}`)
  say(`peak ${peakPerSecond.toFixed(1)} payments/s`)

  /** Resolves when the phase is over, with how to get its report once the last answer is there. */
  async function offer(factor: number, phaseSeconds: number): Promise<() => Promise<PhaseReport>> {
    const pool = new ConnectionPool(port, connectionsMax)
    memory.takeMost()
    const pairsPerSecond = factor * peakPerSecond
    const { counts, settled } = await openLoop(pool, random, { pairsPerSecond, seconds: phaseSeconds })
    const memoryMostBytes = memory.takeMost()
    say(`${factor} x: ${(counts.paid / phaseSeconds).toFixed(1)}/s paid, ${counts.ordersRefused} refused`)
    return async () => {
      await settled
      pool.close()
      const acceptedPaid = await countPaid(server, counts.accepted)
      return phaseReport(counts, { factor, seconds: phaseSeconds, memoryMostBytes, acceptedPaid })
    }
  }

  const normal = await (await offer(calmFactor, calmSeconds))()
  const full = await (await offer(1, seconds))()
  const overloads: OverloadReport['overloads'] = []
  for (const factor of factors) {
    const during = await offer(factor, seconds)
    const after = await (await offer(calmFactor, calmSeconds))()
    overloads.push({
      during: await during(),
      after,
      recoveredAfterSeconds: recoveredAfterSeconds(normal, after),
    })
  }
  return { peakPerSecond, normal, full, overloads, loadAverage: loadavg()[0] ?? 0 }
}

/** How many of the payments have completed; those under way are not waited for. */
async function countPaid(server: RecoupProcess, payments: readonly string[]): Promise<number> {
  const url = await server.listening
  let paid = 0
  await inParallel(payments, 16, async payment => {
    const { body } = await look(url, `/payments/${payment}`)
    if ((body as { status: string }).status === 'COMPLETED') paid += 1
  })
  return paid
}
