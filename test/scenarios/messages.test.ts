import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import { type Envelope, kindOf } from '../../src/runtime/envelope.ts'
import type { Interception, Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { openScenario, smallProfile } from '../support/open-scenario.ts'

/** What may become of one message on its way. The deadline of a step is 2 s, so a late one comes after its resend. */
const fates: { fate: string; interception: Interception }[] = [
  { fate: 'comes twice', interception: { duplicates: 1 } },
  { fate: 'comes behind the next', interception: { delayMs: 100 } },
  { fate: 'comes after it was sent again', interception: { delayMs: 3_000 } },
  { fate: 'comes when all is over', interception: { delayMs: 20_000 } },
  { fate: 'is lost', interception: 'drop' },
]

const deliver: Interceptor = () => 'deliver'
const saleRefused: Interceptor = ({ message }) =>
  message.type === 'RecordSale'
    ? { answer: { type: 'RecordSaleRejected', refusal: refuse('PRODUCT_NOT_FOUND', { productId: 101 }) } }
    : 'deliver'

/** Whether it goes from one participant of a payment to another. */
function isOfSaga({ from, to }: Envelope): boolean {
  return kindOf(from) !== 'door' && kindOf(to) !== 'door'
}

/** Runs one payment with a coupon; `fateOf` decides about each message by its number, `rule` about what is left. */
async function runPayment(rule: Interceptor, fateOf: (place: number) => Interception | undefined) {
  const shop = await openScenario({ profile: smallProfile })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  let place = -1
  shop.messages.rule = envelope => {
    if (!isOfSaga(envelope)) return 'deliver'
    place += 1
    const own = rule(envelope)
    return own === 'deliver' ? (fateOf(place) ?? own) : own
  }
  const answer = shop.pay(orderId, 201)
  await shop.pass(25_000, 1_000)
  const outcome = {
    status: (await answer).status,
    books: shop.books(),
    payment: (await shop.get(`/payments/${orderId}`)).body,
    events: (await shop.get(`/orders/${orderId}/events`)).body,
    timers: shop.paymentTimers(),
  }
  await shop.close()
  return { outcome, messages: place + 1 }
}

/** The times differ when a message is late, and nothing else. */
const timeless = (outcome: unknown): unknown =>
  JSON.parse(
    JSON.stringify(outcome, (name, value) => (name === 'at' || name === 'paidAt' ? undefined : value)),
  )

describe.each([
  { payment: 'a completed payment', rule: deliver, status: 201 },
  { payment: 'a payment that is undone', rule: saleRefused, status: 404 },
])('every message of $payment', ({ rule, status }) => {
  test.each(fates)('that $fate leaves everything as it is', async ({ interception }) => {
    const undisturbed = await runPayment(rule, () => undefined)
    expect(undisturbed.outcome.status).toBe(status)

    for (let at = 0; at < undisturbed.messages; at += 1) {
      const disturbed = await runPayment(rule, place => (place === at ? interception : undefined))
      expect(timeless(disturbed.outcome), `message ${at}`).toEqual(timeless(undisturbed.outcome))
    }
  })

  test('may come twice, all of them at once', async () => {
    const undisturbed = await runPayment(rule, () => undefined)
    const disturbed = await runPayment(rule, () => ({ duplicates: 1 }))
    expect(timeless(disturbed.outcome)).toEqual(timeless(undisturbed.outcome))
  })
})
