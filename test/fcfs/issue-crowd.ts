import { Connection } from '../../bench/connection.ts'

/** A crowd that wants coupons of one campaign: customers `firstCustomerId` on, each on a connection of its own. */
export interface Crowd {
  readonly port: number
  readonly couponId: number
  readonly firstCustomerId: number
  readonly clients: number
  /** Over how long they come, at even distances; 0 for all at once. */
  readonly rampMs: number
  /** Told after each answer how many there are by now. */
  onAnswered?(count: number): void
}

export interface CrowdAnswers {
  /** In milliseconds, from the moment a client was to come. */
  readonly latencies: readonly number[]
  /** Of each customer, the codes it was answered, `ISSUED` among them. */
  readonly codes: ReadonlyMap<number, readonly string[]>
  /** Whatever is neither a coupon nor a 409, by what it is. */
  readonly errors: Readonly<Record<string, number>>
}

const asksEach = 2
const opensAtOnce = 200
const endWithinMs = 60_000

/**
 * Everybody asks twice, the second time when the first answer is there. The connections are open before anybody asks, so
 * that nobody is kept waiting at the door of the machine.
 */
export async function issueToCrowd(crowd: Crowd): Promise<CrowdAnswers> {
  const { port, couponId, firstCustomerId, clients, rampMs, onAnswered } = crowd
  const latencies: number[] = []
  const codes = new Map<number, string[]>()
  const errors: Record<string, number> = {}
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let finished = 0

  function finish(error?: string): void {
    if (error !== undefined) errors[error] = (errors[error] ?? 0) + 1
    finished += 1
    if (finished === clients) end()
  }

  function ask(connection: Connection, customerId: number, due: number, asksLeft: number): void {
    const body = `{"couponId":${couponId},"customerId":${customerId}}`
    connection.post('/coupons/issue', body, response => {
      latencies.push(performance.now() - due)
      onAnswered?.(latencies.length)
      const code = response.status === 201 ? 'ISSUED' : /"code":"(\w+)"/.exec(response.body)?.[1]
      if (response.status !== 201 && response.status !== 409) return finish(`${response.status} ${code}`)
      codes.set(customerId, [...(codes.get(customerId) ?? []), code ?? ''])
      if (asksLeft === 1) return finish()
      ask(connection, customerId, performance.now(), asksLeft - 1)
    })
  }

  const connections: Connection[] = []
  while (rampMs === 0 && connections.length < clients) {
    const more = Math.min(opensAtOnce, clients - connections.length)
    const opened = Array.from({ length: more }, () => new Connection(port, error => finish(error.message)))
    connections.push(...opened)
    await Promise.all(opened.map(connection => connection.opened))
  }
  const began = performance.now()
  let started = 0
  const ramp = setInterval(() => {
    const dueCount = rampMs === 0 ? clients : ((performance.now() - began) / rampMs) * clients
    for (; started < Math.min(clients, dueCount); started += 1) {
      const connection = connections[started] ?? new Connection(port, error => finish(error.message))
      connections[started] = connection
      ask(connection, firstCustomerId + started, began + (started * rampMs) / clients, asksEach)
    }
    if (started === clients) clearInterval(ramp)
  }, 1)
  const patience = setTimeout(end, endWithinMs)
  await ended
  clearTimeout(patience)
  clearInterval(ramp)
  if (finished < clients) errors['no answer'] = clients - finished
  for (const connection of connections) connection.close()
  return { latencies, codes, errors }
}
