import type { Response } from '../../bench/response-parser.ts'
import type { Random } from '../crash/random.ts'
import type { ConnectionPool } from './connection-pool.ts'

/** What came of the pairs (an order and its payment) that were offered in one phase; times in milliseconds. */
export interface PhaseCounts {
  offered: number
  /** Payments answered 201 before the phase was over, and after. */
  paid: number
  paidLater: number
  /** Orders whose payment was answered 202: who asked waits no longer, and the payment goes on. */
  accepted: string[]
  ordersRefused: number
  paymentsRefused: number
  /** Refusals that did not say when to come again. */
  refusalsWithoutRetryAfter: number
  /** Anything else, by status; `broken` for a connection that ended. */
  others: Record<string, number>
  /** Of each refusal, from when its request was due. */
  refusalMs: number[]
  /** Of each pair paid, from when its order was due to the answer to its payment, by second of the phase. */
  pairMs: number[][]
  /** Pairs that were not paid, by second. */
  unpaid: number[]
  /** How late each order was sent. */
  lateMs: number[]
  /** Requests that found no free connection when they were due. */
  waitedForConnection: number
}

const lookEveryMs = 1

/**
 * Offers pairs at fixed moments, whatever becomes of those before: nobody waits for an answer before the next one comes.
 * Resolves when the phase is over; answers that come later still go into the counts, until `settled` resolves.
 */
export async function openLoop(
  pool: ConnectionPool,
  random: Random,
  { pairsPerSecond, seconds }: { pairsPerSecond: number; seconds: number },
): Promise<{ counts: PhaseCounts; settled: Promise<void> }> {
  const total = Math.round(pairsPerSecond * seconds)
  const everyMs = 1_000 / pairsPerSecond
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1_000
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>()
  const counts: PhaseCounts = {
    offered: 0,
    paid: 0,
    paidLater: 0,
    accepted: [],
    ordersRefused: 0,
    paymentsRefused: 0,
    refusalsWithoutRetryAfter: 0,
    others: {},
    refusalMs: [],
    pairMs: Array.from({ length: seconds }, () => []),
    unpaid: new Array(seconds).fill(0),
    lateMs: [],
    waitedForConnection: 0,
  }
  /** Due and without a connection. */
  const waiting: (() => boolean)[] = []
  let open = total

  function close(): void {
    open -= 1
    if (open === 0) settle()
  }

  function unpaid(second: number): void {
    counts.unpaid[second] = (counts.unpaid[second] ?? 0) + 1
    close()
  }

  /** Whether it was refused; then it is counted. */
  function refused(response: Response | undefined, dueAt: number): boolean {
    if (response?.status === 503 && response.body.includes('"OVERLOADED"')) {
      counts.refusalMs.push(performance.now() - dueAt)
      if (!/\r\nretry-after: *[1-9]/i.test(response.head)) counts.refusalsWithoutRetryAfter += 1
      return true
    }
    const outcome = response === undefined ? 'broken' : `${response.status}`
    counts.others[outcome] = (counts.others[outcome] ?? 0) + 1
    return false
  }

  function send(attempt: () => boolean): void {
    if (attempt()) return
    counts.waitedForConnection += 1
    waiting.push(attempt)
  }

  function order(dueAt: number, second: number): boolean {
    const option = random.below(60)
    const body = `{"customerId":${1001 + random.below(2000)},"items":[{"productId":${5001 + Math.floor(option / 3)},"productOptionId":${6001 + option},"quantity":1}]}`
    const sent = pool.post('/orders', body, response => {
      const orderId = response?.status === 201 ? /"orderId":(\d+)/.exec(response.body)?.[1] : undefined
      if (orderId === undefined) {
        if (refused(response, dueAt)) counts.ordersRefused += 1
        unpaid(second)
        return
      }
      const payDueAt = performance.now()
      send(() => pay(orderId, { dueAt, payDueAt, second }))
    })
    if (sent) counts.lateMs.push(performance.now() - dueAt)
    return sent
  }

  function pay(
    orderId: string,
    { dueAt, payDueAt, second }: Record<'dueAt' | 'payDueAt' | 'second', number>,
  ) {
    return pool.post('/payments', `{"orderId":${orderId}}`, response => {
      if (response?.status === 202) counts.accepted.push(orderId)
      else if (response?.status !== 201) {
        if (refused(response, payDueAt)) counts.paymentsRefused += 1
      } else {
        const now = performance.now()
        counts.pairMs[second]?.push(now - dueAt)
        if (now <= endsAt) counts.paid += 1
        else counts.paidLater += 1
        close()
        return
      }
      unpaid(second)
    })
  }

  function sendWhatIsDue(): void {
    while (waiting.length > 0 && waiting[0]?.()) waiting.shift()
    while (counts.offered < total) {
      const dueAt = startedAt + counts.offered * everyMs
      if (dueAt > performance.now()) break
      counts.offered += 1
      send(() => order(dueAt, Math.min(seconds - 1, Math.floor((dueAt - startedAt) / 1_000))))
    }
  }

  const idle = setInterval(() => pool.closeIdle(), 500)
  await new Promise<void>(resolve => {
    const look = setInterval(() => {
      sendWhatIsDue()
      if (performance.now() < endsAt) return
      clearInterval(look)
      resolve()
    }, lookEveryMs)
  })
  // Answers free connections, and what found none is still sent.
  const rest = setInterval(sendWhatIsDue, lookEveryMs)
  void settled.then(() => {
    clearInterval(rest)
    clearInterval(idle)
  })
  return { counts, settled }
}
