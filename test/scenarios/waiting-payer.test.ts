import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

async function shopWithSilentPayment() {
  const shop = await openScenario()
  const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
  shop.messages.rule = lost('DeductBalance')
  const payment = async () => (await shop.get(`/payments/${orderId}`)).body
  return { ...shop, orderId, payment }
}

describe('a payer', () => {
  test('who has waited ten seconds is told where to look', async () => {
    const { pay, pass, payment, orderId, messages } = await shopWithSilentPayment()
    const answer = pay(orderId)
    await pass(10_000)

    const { status, headers, body } = await answer
    expect({ status, body }).toEqual({ status: 202, body: { paymentId: orderId } })
    expect(headers.get('Location')).toBe(`/payments/${orderId}`)
    expect(await payment()).toMatchObject({ status: 'PAYING', step: 'paying.deductingBalance', attempt: 1 })

    messages.rule = () => 'deliver'
    await pass(10_000)
    expect(await payment()).toMatchObject({ status: 'COMPLETED', discountedPrice: 40_000 })
  })

  test('who prefers not to wait is told at once', async () => {
    const { pay, pass, payment, orderId } = await shopWithSilentPayment()

    const { status, headers } = await pay(orderId, null, { Prefer: 'respond-async' })
    expect(status).toBe(202)
    expect(headers.get('Location')).toBe(`/payments/${orderId}`)

    await pass(130_000)
    expect(await payment()).toMatchObject({
      status: 'FAILED',
      failure: { code: 'PAYMENT_STEP_TIMED_OUT', step: 'deductingBalance' },
    })
  })

  test('sees every transition of every actor in the timeline', async () => {
    const { pay, get, orderId, messages } = await shopWithSilentPayment()
    messages.rule = () => 'deliver'
    await pay(orderId)

    const { body } = await get(`/payments/${orderId}/timeline`)
    expect((body as unknown as { actor: string }[]).map(({ actor }) => actor.split('/')[0])).toEqual([
      'order', // placed
      'payment',
      'order',
      'payment',
      'stock',
      'payment',
      'balance',
      'payment',
      'order',
      'payment',
      'statistics',
      'payment',
    ])
  })
})

describe('PayOrder of an order that does not exist', () => {
  test('is refused and leaves no row behind', async () => {
    const { pay, ask, database } = await openScenario()

    expect(await pay(999)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND', orderId: 999 } })
    // Behind the door, where the order may vanish in a race that the door cannot see.
    const message = { type: 'PayOrder', orderId: 999, couponId: null }
    expect(await ask('payment/999', message, { correlationId: 'order/999' })).toMatchObject({
      type: 'PayOrderRejected',
      refusal: { code: 'ORDER_NOT_FOUND' },
    })

    const rows = (sql: string) => database.prepare(sql).all()
    expect(rows("SELECT * FROM snapshots WHERE id = '999'")).toEqual([])
    expect(rows("SELECT * FROM journal WHERE saga = 'order/999'")).toEqual([])
    expect(rows("SELECT * FROM inbox WHERE scope LIKE '999/%'")).toEqual([])
    expect(rows('SELECT * FROM timers')).toEqual([])
  })
})
