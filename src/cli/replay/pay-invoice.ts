import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { RetailOrder } from './retail-orders.ts'
import { codeOf, type ShopAnswer, type ShopClient } from './shop-client.ts'

/** How an invoice ended. `latencyMs` is that of its order and payment together. */
export type InvoiceOutcome =
  | { type: 'paid'; pence: number; latencyMs: number }
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
    return { type: 'paid', pence: receipt.parse(answer.body).discountedPrice, latencyMs: answeredMs }
  }
  const ended = await endedPayment(orderId, client, clock)
  const latencyMs = answer.status === 202 ? clock.now() - startedAt : answeredMs
  if (ended?.status === 'COMPLETED') return { type: 'paid', pence: ended.discountedPrice ?? 0, latencyMs }
  const code = answer.status === 202 ? (ended?.failure?.code ?? 'PAYMENT_UNDECIDED') : refusalOf(answer)
  // An order that cannot be paid is refused before the first step, so there was nothing to undo.
  const compensated = ended?.status === 'FAILED' && code !== 'ORDER_NOT_PAYABLE'
  return { type: 'paymentRefused', code, compensated, latencyMs }
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
