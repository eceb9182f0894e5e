import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { percentile } from './percentile.ts'
import { processUsage } from './process-usage.ts'

const clients = 1_500
const rampMs = 10_000
/** How long the last answers may take, from the first client on, before they count as errors. */
const endMs = 40_000
const couponId = 4001
const couponsTotal = 1_000
const firstCustomerId = 1001

export interface CouponSpikeResult {
  issued: number
  refused: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  cpuMicrosecondsPerRequest: number
  peakMemoryBytes: number
  /** Whether every coupon was issued, no customer got two, and every other answer was a 409. */
  exact: boolean
  /** Answers other than 201 and 409 by status, and broken connections. */
  errors: Record<string, number>
}

/**
 * Open loop: over ten seconds 1,500 clients appear at even distances, whatever the server does. Each is another
 * customer, opens a connection of its own and asks once for the coupon; every tenth asks a second time. Latency counts
 * from the moment a client was to appear, so that a stalled server cannot hide those it kept waiting.
 */
export async function couponSpike(port: number, pid: number): Promise<CouponSpikeResult> {
  const latencies: number[] = []
  const errors: Record<string, number> = {}
  const issuedTo = new Map<number, number>()
  const connections: Connection[] = []
  let refused = 0
  let finished = 0
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()

  function finish(error?: string): void {
    if (error !== undefined) errors[error] = (errors[error] ?? 0) + 1
    finished += 1
    if (finished === clients) end()
  }

  function ask(connection: Connection, customerId: number, due: number, repeats: number): void {
    const body = `{"couponId":${couponId},"customerId":${customerId}}`
    connection.post('/coupons/issue', body, ({ status }) => {
      latencies.push(performance.now() - due)
      if (status === 201) issuedTo.set(customerId, (issuedTo.get(customerId) ?? 0) + 1)
      else if (status === 409) refused += 1
      else return finish(`POST /coupons/issue ${status}`)
      if (repeats === 0) return finish()
      ask(connection, customerId, performance.now(), repeats - 1)
    })
  }

  const before = processUsage(pid)
  const began = performance.now()
  let started = 0
  const ramp = setInterval(() => {
    const dueCount = Math.min(clients, ((performance.now() - began) / rampMs) * clients)
    for (; started < dueCount; started += 1) {
      const connection = new Connection(port, error => finish(error.message))
      connections.push(connection)
      ask(
        connection,
        firstCustomerId + started,
        began + (started * rampMs) / clients,
        started % 10 === 0 ? 1 : 0,
      )
    }
    if (started === clients) clearInterval(ramp)
  }, 1)
  await Promise.race([ended, wait(endMs, undefined, { ref: false })])
  if (finished < clients) errors['no answer'] = clients - finished
  const after = processUsage(pid)
  for (const connection of connections) connection.close()

  const issued = [...issuedTo.values()].reduce((sum, count) => sum + count, 0)
  return {
    issued,
    refused,
    p50Ms: percentile(latencies, 50),
    p95Ms: percentile(latencies, 95),
    p99Ms: percentile(latencies, 99),
    cpuMicrosecondsPerRequest: ((after.cpuMs - before.cpuMs) * 1000) / latencies.length,
    peakMemoryBytes: after.peakMemoryBytes,
    exact: issued === couponsTotal && issuedTo.size === couponsTotal && Object.keys(errors).length === 0,
    errors,
  }
}
