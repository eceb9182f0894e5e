import { describe, expect, test } from 'vitest'
import { CursorInvalid } from '../../src/actors/questions.ts'
import { client } from './fake-client.ts'
import { newYear, orderSummary, paymentSummary } from './fake-dependencies.ts'

const newYearText = '2026-01-01T00:00:00.000Z'

describe('balances', () => {
  test('are shown, and charged', async () => {
    const shop = client({ reply: () => ({ type: 'BalanceCharged', customerId: 1001, amount: 150_005 }) })
    expect((await shop.get('/balances/1001')).body).toEqual({ customerId: 1001, amount: 150_000 })
    expect((await shop.send('PATCH', '/balances/charge', { customerId: 1001, amount: 5 })).body).toEqual({
      customerId: 1001,
      amount: 150_005,
    })
    expect(shop.dependencies.asked).toMatchObject([
      { to: 'balance/1001', message: { type: 'ChargeBalance', amount: 5 }, correlationId: 'http/9001' },
    ])
  })

  test('of nobody are not there', async () => {
    const missing = { status: 404, body: { code: 'BALANCE_NOT_FOUND', customerId: 1002 } }
    expect(await client().get('/balances/1002')).toMatchObject(missing)
    expect(await client().get('/balances/1002/balance-histories')).toMatchObject(missing)
  })

  test("of others are forbidden, one's own are not", async () => {
    for (const path of ['/balances/1001', '/balances/1001/balance-histories', '/orders?customerId=1001']) {
      expect(await client().get(path, { 'X-Customer-Id': '1002' })).toMatchObject({ status: 403 })
      expect(await client().get(path, { 'X-Customer-Id': '1001' })).toMatchObject({ status: 200 })
    }
  })

  test('have histories, page by page', async () => {
    const pages: object[] = []
    const entry = { changeType: 'USE' as const, changeAmount: 5, totalAmount: 1, createdAt: newYear }
    const shop = client({
      questions: {
        balanceHistories(customerId, page) {
          pages.push({ customerId, ...page })
          return page.cursor === undefined ? { items: [entry], next: 'a+b' } : { items: [] }
        },
      },
    })
    const first = await shop.get('/balances/1001/balance-histories?limit=1')
    expect(first.body).toEqual([{ ...entry, createdAt: newYearText }])
    const link = first.headers.get('link') ?? ''
    expect(link).toBe('</balances/1001/balance-histories?limit=1&cursor=a%2Bb>; rel="next"')

    const last = await shop.get(link.slice(1, link.indexOf('>')))
    expect(last.headers.get('link')).toBeNull()
    expect(pages).toEqual([
      { customerId: 1001, limit: 1 },
      { customerId: 1001, limit: 1, cursor: 'a+b' },
    ])
  })

  test('refuse a cursor that is not theirs', async () => {
    const shop = client({
      questions: {
        balanceHistories() {
          throw new CursorInvalid()
        },
      },
    })
    expect(await shop.get('/balances/1001/balance-histories?cursor=x')).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path: 'cursor' },
    })
  })
})

describe('products', () => {
  const shirt = { id: 5001, name: 'Shirt', basePrice: 39_000 }
  const option = { id: 6001, optionName: 'M', extraPrice: 1000, stock: 7 }

  test('are listed, and shown with their options; what the contract does not name stays inside', async () => {
    const asked: unknown[] = []
    const shop = client({
      questions: {
        products(query, page) {
          asked.push(query, page)
          return { items: [{ ...shirt, cost: 1 } as typeof shirt] }
        },
        product: id =>
          id === 5001 ? { ...shirt, options: [{ ...option, supplier: 'x' } as typeof option] } : undefined,
      },
    })
    expect((await shop.get('/products?q=shi%20rt')).body).toEqual([shirt])
    expect((await shop.get('/products?q=')).body).toEqual([shirt])
    expect(asked).toEqual(['shi rt', { limit: 200 }, undefined, { limit: 200 }])
    expect((await shop.get('/products/5001')).body).toEqual({ ...shirt, options: [option] })
    expect(await shop.get('/products/5002')).toMatchObject({ status: 404, body: { productId: 5002 } })
  })

  test.each([
    ['days=365', 365],
    ['weeks=2', 14],
    ['months=12', 360],
  ])('are popular over %s', async (period, days) => {
    const asked: number[] = []
    const popular = { productId: 5001, name: 'Shirt', basePrice: 39_000, salesCount: 3 }
    const shop = client({
      questions: {
        async popularProducts(days) {
          asked.push(days)
          return [popular]
        },
      },
    })
    expect((await shop.get(`/products/popular?${period}`)).body).toEqual([popular])
    expect(asked).toEqual([days])
  })

  test.each([[''], ['days=1&weeks=1'], ['days=366'], ['weeks=53'], ['months=13']])(
    'are not popular over "%s"',
    async period => {
      expect(await client().get(`/products/popular?${period}`)).toMatchObject({
        status: 400,
        body: { code: 'STATISTIC_INVALID_PERIOD_CONDITION' },
      })
    },
  )
})

describe('orders', () => {
  const shown = { ...orderSummary(7001), createdAt: newYearText }
  const line = { productId: 5001, productOptionId: 6001, quantity: 2 }
  const order = { customerId: 1001, items: [line] }

  test('are placed at the quoted prices', async () => {
    const shop = client({ reply: () => ({ type: 'OrderCreated', ...orderSummary(9001) }) })
    expect(await shop.send('POST', '/orders', order)).toMatchObject({
      status: 201,
      body: { ...shown, orderId: 9001 },
    })
    expect(shop.dependencies.asked).toMatchObject([
      {
        to: 'order/9001',
        correlationId: 'order/9001',
        message: {
          type: 'CreateOrder',
          orderId: 9001,
          customerId: 1001,
          items: [{ ...line, productName: 'Shirt', optionName: 'M', subtotalPrice: 80_000 }],
          expireAfterMs: 86_400_000,
        },
      },
    ])
  })

  test('of nobody, of what is not there, or beyond the limit are refused before they are sent', async () => {
    const refusal = {
      code: 'STOCK_INSUFFICIENT' as const,
      facts: { productOptionId: 6001, available: 1, requested: 2 },
    }
    const empty = client({ questions: { quoteOptions: () => ({ refusal }) } })
    const dear = client({
      questions: {
        quoteOptions: lines => ({
          quoted: lines.map(asked => ({
            ...asked,
            productName: '',
            optionName: '',
            unitPrice: 500_000_000_001,
          })),
        }),
      },
    })
    expect(await empty.send('POST', '/orders', order)).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT', available: 1, requested: 2 },
    })
    expect(await dear.send('POST', '/orders', order)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path: 'items', detail: expect.stringContaining('1000000000000') },
    })
    expect(await empty.send('POST', '/orders', { ...order, customerId: 5 })).toMatchObject({
      status: 404,
      body: { code: 'CUSTOMER_NOT_FOUND', customerId: 5 },
    })
    expect([...empty.dependencies.asked, ...dear.dependencies.asked]).toEqual([])
  })

  test('are shown and listed; those of others are not there', async () => {
    const shop = client({
      questions: { orders: () => ({ items: [orderSummary(7001, { paymentId: 7001 })] }) },
    })
    expect((await shop.get('/orders/7001')).body).toEqual(shown)
    expect((await shop.get('/orders?customerId=1001')).body).toEqual([{ ...shown, paymentId: 7001 }])
    for (const path of ['/orders/7001', '/orders/7001/events']) {
      expect(await shop.get(path, { 'X-Customer-Id': '1001' })).toMatchObject({ status: 200 })
      expect(await shop.get(path, { 'X-Customer-Id': '1002' })).toMatchObject({
        status: 404,
        body: { code: 'ORDER_NOT_FOUND' },
      })
    }
  })

  test('tell what happened to them', async () => {
    const event = {
      sequence: 1,
      type: 'OrderCreated',
      status: 'CREATED' as const,
      at: newYear,
      body: { a: 1 },
    }
    const shop = client({ questions: { orderEvents: () => [event] } })
    expect((await shop.get('/orders/7001/events')).body).toEqual([{ ...event, at: newYearText }])
  })
})

describe('payments', () => {
  test('are shown with their failure', async () => {
    expect((await client().get('/payments/7001')).body).toEqual({
      ...paymentSummary(7001),
      failure: {
        code: 'BALANCE_INSUFFICIENT',
        detail: 'The balance holds 1 of the 80000 needed; charge it and try again.',
        available: 1,
        requested: 80_000,
      },
    })
    const paid = client({
      questions: { payment: id => paymentSummary(id, { paidAt: newYear, failure: null }) },
    })
    expect((await paid.get('/payments/7001')).body).toMatchObject({ paidAt: newYearText, failure: null })
  })

  test('tell every transition', async () => {
    const entry = {
      actor: 'payment/7001',
      transition: 1,
      at: newYear,
      message: { type: 'PayOrder' },
      from: 'door/1',
      before: null,
      after: 'paying',
    }
    const shop = client({ questions: { timeline: () => [entry] } })
    expect((await shop.get('/payments/7001/timeline')).body).toEqual([{ ...entry, at: newYearText }])
  })

  test('of others are not there, also while the payment does not know whose it is', async () => {
    const missing = { status: 404, body: { code: 'PAYMENT_NOT_FOUND' } }
    const young = client({ questions: { payment: id => paymentSummary(id, { customerId: null }) } })
    expect(await client().get('/payments/7002')).toMatchObject(missing)
    expect(await client().get('/payments/7001/timeline', { 'X-Customer-Id': '1002' })).toMatchObject(missing)
    expect(await young.get('/payments/7001', { 'X-Customer-Id': '1002' })).toMatchObject(missing)
    expect(await young.get('/payments/7001', { 'X-Customer-Id': '1001' })).toMatchObject({ status: 200 })
  })
})

describe('coupons', () => {
  const terms = { couponId: 4001, name: 'New year', discountType: 'FIXED' as const, discountAmount: 3000 }
  const period = { startedAt: newYear, expiredAt: newYear }

  test('are issued', async () => {
    const reply = () => ({ type: 'CouponIssued', couponId: 4001, customerId: 1001, issuedAt: newYear })
    const shop = client({ reply })
    expect(await shop.send('POST', '/coupons/issue', { couponId: 4001, customerId: 1001 })).toMatchObject({
      status: 201,
      body: { couponId: 4001, customerId: 1001, status: 'AVAILABLE', issuedAt: newYearText },
    })
    expect(shop.dependencies.asked).toMatchObject([
      { to: 'coupon/4001', message: { type: 'IssueCoupon', customerId: 1001 }, correlationId: 'http/9001' },
    ])
  })

  test.each([
    [{ couponId: 4002, customerId: 1001 }, 'COUPON_NOT_FOUND'],
    [{ couponId: 4001, customerId: 5 }, 'CUSTOMER_NOT_FOUND'],
  ])('are not issued for %j', async (body, code) => {
    expect(await client().send('POST', '/coupons/issue', body)).toMatchObject({ status: 404, body: { code } })
  })

  test('are listed, the open ones and those of a customer', async () => {
    const campaign = {
      ...terms,
      ...period,
      maxDiscount: null,
      minOrderAmount: 10_000,
      totalQuantity: 9,
      remainingQuantity: 3,
      endedAt: null,
    }
    const owned = { ...terms, status: 'USED' as const, issuedAt: newYear, expiredAt: newYear }
    const shop = client({
      questions: { openCoupons: () => ({ items: [campaign] }), ownedCoupons: () => [owned] },
    })
    expect((await shop.get('/coupons')).body).toEqual([
      { ...campaign, startedAt: newYearText, expiredAt: newYearText },
    ])
    expect((await shop.get('/coupons/customer/1001')).body).toEqual([
      { ...owned, issuedAt: newYearText, expiredAt: newYearText },
    ])
    expect((await shop.get('/coupons/customer/5')).body).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' })
  })
})

describe('health', () => {
  test('is live whatever happens, and ready when nothing is closed', async () => {
    expect(await client().get('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    const closed = client({ closed: () => 'SHUTTING_DOWN' })
    expect(await closed.get('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await closed.get('/readyz')).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } })
  })

  test('is ready also while a part is gone, and says which', async () => {
    expect(await client({ degraded: () => ['redis'] }).get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'degraded', degraded: ['redis'] },
    })
  })
})
