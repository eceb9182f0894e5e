import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { OrderReturn } from './purchases.ts'
import type { RetailOrder } from './retail-orders.ts'
import { codeOf, type ShopAnswer, type ShopClient } from './shop-client.ts'

/** How an invoice ended. `latencyMs` is that of its order and payment together. */
export type InvoiceOutcome =
  | { type: 'paid'; orderId: number; pence: number; latencyMs: number }
  | { type: 'orderRefused'; code: string }
  /** `compensated`: the payment had begun, and everything it did was undone. */
  | { type: 'paymentRefused'; code: string; compensated: boolean; latencyMs: number }

const createdOrder = z.object({ orderId: z.int() })
const receipt = z.object({ discountedPrice: z.int() })
const payment = z.object({
  status: z.string(),
  discountedPrice: z.int().nullish(),
  failure: z.object({ code: z.string() }).nullish(),
})

const pollEveryMs = 200
const pollsMax = 300

/**
 * Places the order and pays it, as a customer's client would. A payment that the server answers with 202 is followed
 * until it ends; one still under way after a minute counts as refused, `PAYMENT_UNDECIDED`. Rejects when the server
 * cannot be reached or its answer is not what the contract says.
 */
export async function payInvoice(
  order: RetailOrder,
  client: ShopClient,
  clock: Clock,
): Promise<InvoiceOutcome> {
  const startedAt = clock.now()
  const { customerId, items } = order
  const created = await client.send('POST', '/orders', { customerId, items })
  if (created.status !== 201) return { type: 'orderRefused', code: refusalOf(created) }
  const { orderId } = createdOrder.parse(created.body)

  const answer = await client.send('POST', '/payments', { orderId })
  const answeredMs = clock.now() - startedAt
  if (answer.status === 201) {
    return { type: 'paid', orderId, pence: receipt.parse(answer.body).discountedPrice, latencyMs: answeredMs }
  }
  const ended = await endedPayment(orderId, client, clock)
  const latencyMs = answer.status === 202 ? clock.now() - startedAt : answeredMs
  if (ended?.status === 'COMPLETED')
    return { type: 'paid', orderId, pence: ended.discountedPrice ?? 0, latencyMs }
  const code = answer.status === 202 ? (ended?.failure?.code ?? 'PAYMENT_UNDECIDED') : refusalOf(answer)
  // An order that cannot be paid is refused before the first step, so there was nothing to undo.
  const compensated = ended?.status === 'FAILED' && code !== 'ORDER_NOT_PAYABLE'
  return { type: 'paymentRefused', code, compensated, latencyMs }
}

const orderReturn = z.object({ returnId: z.int(), refundAmount: z.int().optional() })

/** How a return ended. */
export type ReturnOutcome = { type: 'returned'; pence: number } | { type: 'returnRefused'; code: string }

/**
 * Returns some of an order under `key`, and follows it to its end where the server answers 202. Rejects when the server
 * cannot be reached or its answer is not what the contract says.
 */
export async function returnItems(
  { orderId, items }: OrderReturn,
  key: string,
  client: ShopClient,
  clock: Clock,
): Promise<ReturnOutcome> {
  const path = `/orders/${orderId}/returns`
  const answer = await client.send('POST', path, { items }, { 'idempotency-key': key })
  if (answer.status !== 201 && answer.status !== 202)
    return { type: 'returnRefused', code: refusalOf(answer) }
  const { returnId, refundAmount } = orderReturn.parse(answer.body)
  if (refundAmount !== undefined) return { type: 'returned', pence: refundAmount }
  for (let polls = 0; polls < pollsMax; polls += 1) {
    const done = z.array(orderReturn).parse((await client.send('GET', path)).body)
    const found = done.find(each => each.returnId === returnId)
    if (found !== undefined) return { type: 'returned', pence: found.refundAmount ?? 0 }
    await new Promise<void>(resolve => clock.wait(pollEveryMs, resolve))
  }
  return { type: 'returnRefused', code: 'RETURN_UNDECIDED' }
}

function refusalOf({ status, body }: ShopAnswer): string {
  return codeOf(body) ?? `HTTP_${status}`
}

async function endedPayment(
  orderId: number,
  client: ShopClient,
  clock: Clock,
): Promise<z.infer<typeof payment> | undefined> {
  for (let polls = 0; polls < pollsMax; polls += 1) {
    const answer = await client.send('GET', `/payments/${orderId}`)
    if (answer.status !== 200) return undefined
    const { status, ...rest } = payment.parse(answer.body)
    if (status !== 'PAYING' && status !== 'COMPENSATING') return { status, ...rest }
    await new Promise<void>(resolve => clock.wait(pollEveryMs, resolve))
  }
  return undefined
}
