import { describe, expect, onTestFinished, test } from 'vitest'
import { demoProfile } from '../../src/cli/seed/demo-profile.ts'
import type { ShopProfile } from '../../src/cli/seed/shop-profile.ts'
import { type Answer, clientOf, line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario } from '../support/open-scenario.ts'
import { overSockets } from '../support/over-sockets.ts'

/**
 * A shop that writes as a server does, to disk and in a thread of its own, with one scarf (1091) left and three coupons
 * 203, and a client that reaches it over sockets.
 */
async function serveShop(profile: Partial<ShopProfile> = {}) {
  const shop = await openScenario({
    dataDirectory: dataDirectory(),
    writeInPlace: false,
    // However busy the machine is, everybody is let in.
    environment: { RECOUP_OVERLOAD_MS: '600000' },
    profile: {
      products: [
        ...demoProfile.products,
        {
          id: 109,
          name: 'Scarf',
          basePrice: 5_000,
          options: [
            { id: 1091, optionName: 'The last', extraPrice: 0, stock: 1 },
            { id: 1092, optionName: 'Red', extraPrice: 0, stock: 100 },
          ],
        },
      ],
      customers: [...demoProfile.customers, { id: 11, username: 'sua', balance: 10_000 }],
      coupons: [
        ...demoProfile.coupons,
        { id: 203, name: 'Three', discountType: 'FIXED', discountAmount: 1_000, totalQuantity: 3 },
      ],
      ...profile,
    },
  })
  const server = await shop.listen('127.0.0.1', 0)
  onTestFinished(() => server.stop())
  return { ...shop, ...clientOf(overSockets(server.url)) }
}

/** What came back, counted: `{"201": 1, "409 ORDER_NOT_PAYABLE": 2}`. */
function outcomes(answers: readonly Answer[]) {
  const grouped = Map.groupBy(answers, ({ status, body }) =>
    status < 400 ? `${status}` : `${status} ${body.code}`,
  )
  return Object.fromEntries([...grouped].map(([outcome, { length }]) => [outcome, length]))
}

const times = <T>(count: number, run: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => run(at)))

describe('PayOrder', () => {
  test('of one order three times at once takes the money once', async () => {
    const { placeOrder, pay, questions } = await serveShop()
    const { orderId } = (await placeOrder(1, [line(1012)])).body

    expect(outcomes(await times(3, () => pay(orderId)))).toEqual({ 201: 1, '409 ORDER_NOT_PAYABLE': 2 })
    expect(questions.balanceAmount(1)).toBe(110_000)
  })

  test('of three orders with one coupon at once uses it for one', async () => {
    const { placeOrder, issueCoupon, pay, questions, get } = await serveShop()
    await issueCoupon(201, 1)
    const orders = await times(3, () => placeOrder(1, [line(1012)]))

    const answers = await times(3, at => pay(orders[at]?.body.orderId ?? 0, 201))
    expect(outcomes(answers)).toEqual({ 201: 1, '409 COUPON_ALREADY_USED': 2 })
    expect(questions.balanceAmount(1)).toBe(113_000)
    const statuses = await times(3, at => get(`/orders/${orders[at]?.body.orderId}`))
    expect(statuses.map(({ body }) => body.status).sort()).toEqual(['CREATED', 'CREATED', 'PAID'])
  })

  test('of two orders of 5,000 from a balance of 10,000 at once succeeds for both', async () => {
    const { placeOrder, pay, questions } = await serveShop()
    const orders = await times(2, () => placeOrder(11, [line(1092)]))

    expect(outcomes(await times(2, at => pay(orders[at]?.body.orderId ?? 0)))).toEqual({ 201: 2 })
    expect(questions.balanceAmount(11)).toBe(0)
  })

  test('of two orders for the last unit at once pays one and moves nothing for the other', async () => {
    const { placeOrder, pay, questions } = await serveShop()
    const orders = await times(2, at => placeOrder(at + 1, [line(1092), line(1091)]))

    const answers = await times(2, at => pay(orders[at]?.body.orderId ?? 0))
    expect(outcomes(answers)).toEqual({ 201: 1, '409 STOCK_INSUFFICIENT': 1 })
    expect([questions.balanceAmount(1), questions.balanceAmount(2)].sort()).toEqual([140_000, 150_000])
    expect(questions.product(109)?.options).toMatchObject([{ stock: 0 }, { stock: 99 }])
  })
})

describe('ChargeBalance', () => {
  test('ten times at once succeeds ten times', async () => {
    const { charge, questions } = await serveShop()

    expect(outcomes(await times(10, () => charge(1, 1_000)))).toEqual({ 200: 10 })
    expect(questions.balanceAmount(1)).toBe(160_000)
  })
})

describe('IssueCoupon', () => {
  test('to one customer five times at once issues one', async () => {
    const { issueCoupon } = await serveShop()

    expect(outcomes(await times(5, () => issueCoupon(203, 1)))).toEqual({
      201: 1,
      '409 COUPON_ALREADY_ISSUED': 4,
    })
  })

  test('of three coupons to five customers at once issues three', async () => {
    const { issueCoupon } = await serveShop()

    expect(outcomes(await times(5, at => issueCoupon(203, at + 1)))).toEqual({
      201: 3,
      '409 COUPON_INSUFFICIENT': 2,
    })
  })

  test('of 1,000 coupons to 5,000 customers at once issues exactly 1,000', async () => {
    const customers = Array.from({ length: 5_000 }, (_, at) => ({
      id: at + 1,
      username: `customer${at + 1}`,
      balance: 0,
    }))
    const { issueCoupon, database } = await serveShop({ customers })

    expect(outcomes(await times(5_000, at => issueCoupon(201, at + 1)))).toEqual({
      201: 1_000,
      '409 COUPON_INSUFFICIENT': 4_000,
    })
    expect(database.prepare('SELECT count(*) AS issued FROM coupon_issues').get()).toEqual({ issued: 1_000 })
  })
})
