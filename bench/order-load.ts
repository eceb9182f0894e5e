import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { percentile } from './percentile.ts'
import { processUsage } from './process-usage.ts'
import type { Response } from './response-parser.ts'

interface OrderLoadOptions {
  port: number
  /** The server's process, to be measured from outside. */
  pid: number
  clients: number
  warmUpMs: number
  measureMs: number
  /** Everyone buys the same option. */
  hot: boolean
  /** Ends the load early after this many orders, before stock does. */
  ordersMax: number
  seed: number
  /** Whole lines that say who a customer is, where the server asks. */
  headersOf?: (customerId: number) => string
}

/** How long the last requests of a load may take before they count as errors. */
const answerTimeoutMs = 30_000

/** What was measured between the end of the warm-up and the end of the load; times in milliseconds. */
export interface OrderLoadResult {
  payments: number
  paymentsPerSecond: number
  /** Of an order and its payment together. */
  p50Ms: number
  p95Ms: number
  p99Ms: number
  payP50Ms: number
  payP99Ms: number
  cpuMicrosecondsPerPayment: number
  bytesWrittenPerPayment: number
  peakMemoryBytes: number
  /** Spent by the load's own process: when this nears the time between payments, the client is the limit. */
  clientCpuMicrosecondsPerPayment: number
  /** Answers other than 201 by status, and broken connections, of the whole load with its warm-up. */
  errors: Record<string, number>
}

/**
 * Closed loop: each client orders one unit, pays for it, and starts again. Which option and which customer comes from
 * a generator with a seed. An answer other than 201 is counted and ends that client.
 */
export async function orderLoad(options: OrderLoadOptions): Promise<OrderLoadResult> {
  const { port, pid, clients, warmUpMs, measureMs, hot, ordersMax, headersOf = () => '' } = options
  const random = createRandom(options.seed)
  const errors: Record<string, number> = {}
  let latencies: number[] = []
  let payLatencies: number[] = []
  let orders = 0
  let running = clients
  let stopped = false
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()

  function leave(connection: Connection, error?: string): void {
    if (error !== undefined) errors[error] = (errors[error] ?? 0) + 1
    connection.close()
    running -= 1
    if (running === 0) end()
  }

  function run(connection: Connection): void {
    if (stopped || orders >= ordersMax) {
      leave(connection)
      return
    }
    orders += 1
    const option = hot ? 0 : random(60)
    const customerId = 1001 + random(2000)
    const headers = headersOf(customerId)
    const body = `{"customerId":${customerId},"items":[{"productId":${5001 + Math.floor(option / 3)},"productOptionId":${6001 + option},"quantity":1}]}`
    const began = performance.now()
    const place = (onResponse: (response: Response) => void) =>
      connection.post('/orders', body, onResponse, headers)
    place(placed => {
      const orderId = placed.status === 201 ? orderIdOf(placed) : undefined
      if (orderId === undefined) return leave(connection, `POST /orders ${placed.status}`)
      const payBegan = performance.now()
      const pay = (onResponse: (response: Response) => void) =>
        connection.post('/payments', `{"orderId":${orderId}}`, onResponse, headers)
      pay(paid => {
        if (paid.status !== 201) return leave(connection, `POST /payments ${paid.status}`)
        const now = performance.now()
        latencies.push(now - began)
        payLatencies.push(now - payBegan)
        run(connection)
      })
    })
  }

  for (let client = 0; client < clients; client += 1) {
    const connection: Connection = new Connection(port, error => leave(connection, error.message))
    run(connection)
  }
  await Promise.race([ended, wait(warmUpMs, undefined, { ref: false })])
  latencies = []
  payLatencies = []
  const began = performance.now()
  const before = processUsage(pid)
  const clientBefore = process.cpuUsage()
  await Promise.race([ended, wait(measureMs, undefined, { ref: false })])
  const seconds = (performance.now() - began) / 1000
  const after = processUsage(pid)
  const client = process.cpuUsage(clientBefore)
  const payments = latencies.length
  stopped = true
  await Promise.race([ended, wait(answerTimeoutMs, undefined, { ref: false })])
  if (running > 0) errors['no answer'] = running
  return {
    payments,
    paymentsPerSecond: payments / seconds,
    p50Ms: percentile(latencies, 50),
    p95Ms: percentile(latencies, 95),
    p99Ms: percentile(latencies, 99),
    payP50Ms: percentile(payLatencies, 50),
    payP99Ms: percentile(payLatencies, 99),
    cpuMicrosecondsPerPayment: ((after.cpuMs - before.cpuMs) * 1000) / payments,
    bytesWrittenPerPayment: (after.writtenBytes - before.writtenBytes) / payments,
    peakMemoryBytes: after.peakMemoryBytes,
    clientCpuMicrosecondsPerPayment: (client.user + client.system) / payments,
    errors,
  }
}

function orderIdOf({ body }: Response): string | undefined {
  return /"orderId":(\d+)/.exec(body)?.[1]
}

/** Whole numbers from 0 to below a limit, the same ones for the same seed (xorshift). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed | 0 || 1
  return limit => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}
