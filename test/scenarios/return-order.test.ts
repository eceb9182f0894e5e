import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { lateReply, lost, unanswered } from '../support/message-tap.ts'
import { openScenario, smallProfile } from '../support/open-scenario.ts'

/** A paid order of two shirts (40,000 each) and one T-shirt (31,000), 3,000 off: 108,000 of 111,000. */
async function shopWithPaidOrder() {
  const shop = await openScenario()
  await shop.issueCoupon(201, 1)
  const before = shop.books()
  const { orderId } = (await shop.placeOrder(1, [line(1012, 2), line(1023)])).body
  expect((await shop.pay(orderId, 201)).status).toBe(201)
  const body = async (path: string) => (await shop.get(path)).body as unknown
  const key = (name: string) => ({ 'Idempotency-Key': `a-return-named-${name}` })
  return { ...shop, orderId, before, body, key }
}

const shirts = (quantity: number) => [{ productOptionId: 1012, quantity }]

const steps = ['RefundReturn', 'GiveCouponBack', 'ReturnStock', 'ReverseSale', 'RecordReturn']

describe('A return', () => {
  test('of everything leaves everyone as before the order', async () => {
    const shop = await shopWithPaidOrder()

    const answer = await shop.returnItems(shop.orderId)

    expect(answer).toMatchObject({
      status: 201,
      body: {
        orderId: shop.orderId,
        refundAmount: 108_000,
        items: [
          { productOptionId: 1012, quantity: 2 },
          { productOptionId: 1023, quantity: 1 },
        ],
      },
    })
    expect(shop.books()).toEqual(shop.before)
    expect(await shop.body(`/orders/${shop.orderId}`)).toMatchObject({ status: 'RETURNED' })
    expect(await shop.body(`/payments/${shop.orderId}`)).toMatchObject({
      status: 'RETURNED',
      discountedPrice: 108_000,
      refundedAmount: 108_000,
    })
    expect(await shop.body(`/orders/${shop.orderId}/returns`)).toEqual([answer.body])
    expect(await shop.body('/balances/1/balance-histories')).toMatchObject([
      { changeType: 'CHARGE' },
      { changeType: 'USE', changeAmount: 108_000 },
      { changeType: 'REFUND', changeAmount: 108_000, totalAmount: 150_000 },
    ])
  })

  test('of a part keeps the rest, and the coupon with it, until the last unit comes back', async () => {
    const shop = await shopWithPaidOrder()

    // 108,000 × 40,000 ÷ 111,000 = 38,918.9…
    const first = await shop.returnItems(shop.orderId, shirts(1), shop.key('first'))
    expect(first).toMatchObject({ status: 201, body: { refundAmount: 38_918 } })
    expect(await shop.body(`/orders/${shop.orderId}`)).toMatchObject({ status: 'PARTIALLY_RETURNED' })
    expect(await shop.body(`/payments/${shop.orderId}`)).toMatchObject({
      status: 'PARTIALLY_RETURNED',
      step: 'completed',
      refundedAmount: 38_918,
    })
    expect(await shop.body('/coupons/customer/1')).toMatchObject([{ status: 'USED' }])
    expect(await shop.questions.popularProducts(1)).toMatchObject([
      { productId: 101, salesCount: 1 },
      { productId: 102, salesCount: 1 },
    ])

    const rest = await shop.returnItems(shop.orderId, undefined, shop.key('the-rest'))
    expect(rest).toMatchObject({ status: 201, body: { refundAmount: 108_000 - 38_918 } })
    expect(shop.books()).toEqual(shop.before)
    const events = (await shop.body(`/orders/${shop.orderId}/events`)) as { type: string; status: string }[]
    expect(events.map(({ type, status }) => [type, status]).slice(-2)).toEqual([
      ['ItemsReturned', 'PARTIALLY_RETURNED'],
      ['OrderReturned', 'RETURNED'],
    ])
  })

  test('is refused without an Idempotency-Key, and under a key done once', async () => {
    const shop = await shopWithPaidOrder()

    expect(await shop.returnItems(shop.orderId, shirts(1), {})).toMatchObject({
      status: 400,
      body: { code: 'IDEMPOTENCY_KEY_REQUIRED' },
    })
    const first = await shop.returnItems(shop.orderId, shirts(1))
    const again = await shop.returnItems(shop.orderId, shirts(1))
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(await shop.body(`/orders/${shop.orderId}/returns`)).toHaveLength(1)
  })

  test.each([
    ['more than was bought', shirts(3), 'RETURN_EXCEEDS_PURCHASE', 409],
    ['what was not bought', [{ productOptionId: 1011, quantity: 1 }], 'RETURN_EXCEEDS_PURCHASE', 409],
    ['nothing', [], 'ORDER_ITEM_EMPTY', 400],
    ['none of an option', shirts(0), 'INVALID_ARGUMENT', 400],
  ])('of %s is refused and changes nothing', async (_, items, code, status) => {
    const shop = await shopWithPaidOrder()
    const paid = shop.books()

    expect(await shop.returnItems(shop.orderId, items)).toMatchObject({ status, body: { code } })
    expect(shop.books()).toEqual(paid)
    expect(await shop.body(`/orders/${shop.orderId}`)).toMatchObject({ status: 'PAID' })
  })

  test('of an order that is not paid, was cancelled or was returned already is refused', async () => {
    const shop = await shopWithPaidOrder()
    const refused = { status: 409, body: { code: 'ORDER_NOT_RETURNABLE' } }
    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    expect(await shop.returnItems(orderId, undefined, shop.key('unpaid'))).toMatchObject(refused)
    await shop.cancel(orderId)
    expect(await shop.returnItems(orderId, undefined, shop.key('cancelled'))).toMatchObject(refused)
    await shop.returnItems(shop.orderId)
    expect(await shop.returnItems(shop.orderId, undefined, shop.key('again'))).toMatchObject(refused)
    expect(await shop.pay(shop.orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAYABLE' } })
    expect(await shop.cancel(shop.orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_CANCELLABLE', orderStatus: 'RETURNED' },
    })
  })

  test('of another customer is not found', async () => {
    const shop = await shopWithPaidOrder()
    const another = { ...shop.key('another'), 'X-Customer-Id': '2' }
    expect(await shop.returnItems(shop.orderId, undefined, another)).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    })
  })

  test('while another runs is refused, and its key stays free', async () => {
    const shop = await shopWithPaidOrder()
    shop.messages.rule = lateReply('RefundReturn', 1_000)
    const first = shop.returnItems(shop.orderId, shirts(1), shop.key('first'))
    await shop.until(() => shop.messages.ofType('RefundReturn').length > 0)

    expect(await shop.returnItems(shop.orderId, shirts(1), shop.key('second'))).toMatchObject({
      status: 409,
      body: { code: 'REQUEST_IN_FLIGHT' },
    })
    expect(await shop.body(`/payments/${shop.orderId}`)).toMatchObject({ status: 'RETURNING' })
    shop.messages.rule = () => 'deliver'
    await shop.pass(1_000)
    expect(await first).toMatchObject({ status: 201 })
    expect(await shop.returnItems(shop.orderId, shirts(1), shop.key('second'))).toMatchObject({ status: 201 })
  })

  test.each(steps)('whose %s is lost goes on when it is asked again', async command => {
    const shop = await shopWithPaidOrder()
    shop.messages.rule = lost(command)
    const returning = shop.returnItems(shop.orderId)
    await shop.until(() => shop.messages.ofType(command).length > 0)
    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
    expect(await returning).toMatchObject({ status: 201 })
    expect(shop.books()).toEqual(shop.before)
  })

  test.each(steps)(
    'whose %s is never answered is asked for as long as it takes, and takes effect once',
    async command => {
      const shop = await shopWithPaidOrder()
      shop.messages.rule = unanswered(command)
      const accepted = await shop.returnItems(shop.orderId, undefined, {
        ...shop.key('slow'),
        Prefer: 'respond-async',
      })
      expect(accepted).toMatchObject({ status: 202 })
      expect(accepted.headers.get('Location')).toBe(`/orders/${shop.orderId}/returns`)
      await shop.pass(120_000)
      expect(shop.messages.ofType(command).length).toBeGreaterThan(5)
      shop.messages.rule = () => 'deliver'
      await shop.pass(60_000)
      expect(shop.books()).toEqual(shop.before)
      expect(await shop.body(`/orders/${shop.orderId}/returns`)).toHaveLength(1)
    },
  )

  test('of a sale that is still owed to the statistics counts nothing in the end', async () => {
    const shop = await openScenario({ environment: { RECOUP_STEP_RESENDS: '0' } })
    const before = shop.books()
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    shop.messages.rule = ({ message }) => (message.type === 'RecordSale' ? 'drop' : 'deliver')
    const payer = shop.pay(orderId)
    await shop.until(() => shop.messages.ofType('RecordSale').length > 0)
    await shop.pass(2_000)
    expect((await payer).status).toBe(201)
    expect(await shop.returnItems(orderId)).toMatchObject({ status: 201 })
    shop.messages.rule = () => 'deliver'
    await shop.pass(60_000)
    expect(shop.books()).toEqual(before)
  })

  test('past the coupon’s time gives it back expired', async () => {
    const [coupon] = smallProfile.coupons
    const short = { ...coupon, startedAt: Date.UTC(2026, 0, 1), expiredAt: Date.UTC(2026, 0, 5, 4) }
    const profile = { ...smallProfile, coupons: [short] } as typeof smallProfile
    const shop = await openScenario({ profile })
    await shop.issueCoupon(201, 1)
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    await shop.pay(orderId, 201)
    shop.clock.advance(3_600_001)
    expect(await shop.returnItems(orderId)).toMatchObject({ status: 201 })
    expect(shop.questions.ownedCoupons(1)).toMatchObject([{ status: 'EXPIRED' }])
  })
})
