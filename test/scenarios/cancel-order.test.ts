import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import { line } from '../support/client.ts'
import { late, lateReply, lost, refused } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

async function shopWithOrder() {
  const shop = await openScenario()
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  const orderStatus = async () => (await shop.get(`/orders/${orderId}`)).body.status
  return { ...shop, orderId, orderStatus }
}

describe('CancelOrder', () => {
  test('of an unpaid order ends it', async () => {
    const shop = await shopWithOrder()

    expect(await shop.cancel(shop.orderId)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    expect(await shop.cancel(shop.orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_CANCELLABLE', orderStatus: 'CANCELLED' },
    })
    expect(await shop.pay(shop.orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PAYABLE', orderStatus: 'CANCELLED' },
    })
  })

  test('of a paid order is refused', async () => {
    const shop = await shopWithOrder()
    expect((await shop.pay(shop.orderId)).status).toBe(201)

    expect(await shop.cancel(shop.orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_CANCELLABLE', orderStatus: 'PAID' },
    })
    expect(await shop.orderStatus()).toBe('PAID')
  })

  test.each([
    { step: 'claimingOrder', command: 'BeginPayment', waiting: lateReply },
    { step: 'decreasingStock', command: 'DecreaseStock', waiting: lateReply },
    { step: 'decreasingStock, unheard of', command: 'DecreaseStock', waiting: late },
    { step: 'usingCoupon', command: 'UseCoupon', waiting: lateReply },
    { step: 'usingCoupon, unheard of', command: 'UseCoupon', waiting: late },
    { step: 'deductingBalance', command: 'DeductBalance', waiting: lateReply },
    { step: 'deductingBalance, unheard of', command: 'DeductBalance', waiting: late },
  ])('while its payment waits in $step undoes the payment', async ({ command, waiting }) => {
    const shop = await shopWithOrder()
    const books = shop.books()
    shop.messages.rule = waiting(command, 1_000)

    const payer = shop.pay(shop.orderId, 201)
    await shop.until(() => shop.messages.ofType(command).length > 0)
    const canceller = shop.cancel(shop.orderId)
    const another = shop.cancel(shop.orderId)
    await shop.pass(1_000)

    expect(await canceller).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    expect(await another).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    expect(await payer).toMatchObject({ status: 409, body: { code: 'PAYMENT_CANCELLED' } })
    expect(shop.books()).toEqual(books)
    expect(await shop.orderStatus()).toBe('CANCELLED')
    expect(shop.paymentTimers()).toEqual([])
  })

  test('before its payment has claimed it comes first', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = late('BeginPayment', 1_000)

    const payer = shop.pay(shop.orderId)
    await shop.until(() => shop.messages.ofType('BeginPayment').length > 0)
    expect(await shop.cancel(shop.orderId)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    await shop.pass(1_000)

    expect(await payer).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PAYABLE', orderStatus: 'CANCELLED' },
    })
  })

  test.each([
    { step: 'recordingPayment', command: 'CompletePayment', waiting: lateReply },
    { step: 'recordingPayment, unheard of', command: 'CompletePayment', waiting: late },
    { step: 'recordingStatistics', command: 'RecordSale', waiting: lateReply },
  ])(
    'while its payment waits in $step is refused, and the payment completes',
    async ({ command, waiting }) => {
      const shop = await shopWithOrder()
      shop.messages.rule = waiting(command, 1_000)

      const payer = shop.pay(shop.orderId, 201)
      await shop.until(() => shop.messages.ofType(command).length > 0)
      expect(await shop.cancel(shop.orderId)).toMatchObject({
        status: 409,
        body: { code: 'ORDER_NOT_CANCELLABLE' },
      })
      await shop.pass(1_000)

      expect((await payer).status).toBe(201)
      expect(shop.messages.undos()).toEqual([])
      expect(await shop.orderStatus()).toBe('PAID')
    },
  )

  test('while its payment is being undone ends it, and the payer hears the first reason', async () => {
    const shop = await shopWithOrder()
    const books = shop.books()
    const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    const refundLate = lateReply('RefundBalance', 1_000)
    shop.messages.rule = envelope =>
      envelope.message.type === 'RecordSale' ? saleRefused(envelope) : refundLate(envelope)

    const payer = shop.pay(shop.orderId, 201)
    await shop.until(() => shop.messages.ofType('RefundBalance').length > 0)
    const canceller = shop.cancel(shop.orderId)
    await shop.pass(1_000)

    expect(await canceller).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    expect(await payer).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } })
    expect(shop.books()).toEqual(books)
  })

  test('that takes longer than its caller waits is told by the order', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = lost('DeductBalance')

    const payer = shop.pay(shop.orderId)
    await shop.until(() => shop.messages.ofType('DeductBalance').length > 0)
    const canceller = shop.cancel(shop.orderId)
    await shop.pass(10_000)
    expect((await payer).status).toBe(202)
    const accepted = await canceller
    expect(accepted).toMatchObject({ status: 202, body: { orderId: shop.orderId } })

    await shop.pass(120_000)
    const location = accepted.headers.get('Location') ?? ''
    expect((await shop.get(location)).body).toMatchObject({ status: 'CANCELLED' })
    expect((await shop.get(`/payments/${shop.orderId}`)).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'PAYMENT_CANCELLED' },
    })
  })
})
