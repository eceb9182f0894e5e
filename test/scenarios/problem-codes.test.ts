import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { viewersMax } from '../../src/actors/journal-feed.ts'
import { demoProfile } from '../../src/cli/seed/demo-profile.ts'
import { type ProblemCode, problemCodes, problemStatus } from '../../src/http/problem.ts'
import { startServer } from '../../src/http/server.ts'
import { type Answer, line } from '../support/client.ts'
import { lateReply, lost } from '../support/message-tap.ts'
import { openScenario, type Scenario } from '../support/open-scenario.ts'

const now = Date.UTC(2026, 0, 5, 3, 0, 0)

/** The demo shop, with an option nobody has stocked and coupons of every kind that can be refused. */
const profile = {
  ...demoProfile,
  products: [
    ...demoProfile.products,
    { id: 109, name: 'Scarf', basePrice: 5_000, options: [{ id: 1091, optionName: 'Red', extraPrice: 0 }] },
  ],
  coupons: [
    ...demoProfile.coupons,
    fixedCoupon(203, { totalQuantity: 1 }),
    fixedCoupon(204, { minOrderAmount: 100_000 }),
    fixedCoupon(205, { startedAt: now + 60_000, expiredAt: now + 120_000 }),
    fixedCoupon(206, { startedAt: now, expiredAt: now + 60_000 }),
  ],
}

function fixedCoupon(id: number, terms: object) {
  const discountType = 'FIXED' as const
  return { id, name: 'A coupon', discountType, discountAmount: 1_000, totalQuantity: 10, ...terms }
}

async function orderOf(shop: Scenario, ...lines: Parameters<Scenario['placeOrder']>[1]): Promise<number> {
  return (await shop.placeOrder(1, lines.length === 0 ? [line(1012)] : lines)).body.orderId
}

const operatorToken = 'a-token-of-operators'

const operate = (shop: Scenario, path: string, more = {}) =>
  shop.request(
    'POST',
    `/operator/${path}`,
    { reason: 'To see what it says.', ...more },
    { Authorization: `Bearer ${operatorToken}` },
  )

/** Credit 1 of somebody who has a name. */
function proposedCredit({ ask }: Scenario) {
  const by = { id: 7, name: 'minji' }
  const credit = {
    creditId: 1,
    customerId: 1,
    amount: 100_001,
    reason: 'A gift.',
    by,
    approvalLimit: 100_000,
  }
  return ask('staffCredit/1', { type: 'ProposeCredit', ...credit }, { correlationId: 'staffCredit/1' })
}

/** As often as anybody may take a coupon in a minute, and once more. */
async function tooManyCoupons(shop: Scenario): Promise<Answer> {
  for (let time = 0; time < 20; time += 1) await shop.issueCoupon(201, 1)
  return shop.issueCoupon(201, 1)
}

const key = { 'Idempotency-Key': 'a-key-of-16-chars' }

/** A payment that will not hear of its wallet for another half second. */
async function paying(shop: Scenario, headers = {}) {
  const orderId = await orderOf(shop)
  shop.messages.rule = lateReply('DeductBalance', 500)
  const payer = shop.pay(orderId, null, headers)
  await shop.until(() => shop.messages.ofType('DeductBalance').length > 0)
  return { orderId, payer }
}

/** How each code of the table comes about, through the whole stack. */
const waysTo: Record<ProblemCode, (shop: Scenario) => Promise<Answer>> = {
  INVALID_ARGUMENT: shop => shop.charge(0, 1),
  IDEMPOTENCY_KEY_INVALID: async shop =>
    shop.pay(await orderOf(shop), null, { 'Idempotency-Key': 'too short' }),
  IDEMPOTENCY_KEY_REQUIRED: async shop => shop.returnItems(await orderOf(shop), undefined, {}),
  ORDER_NOT_RETURNABLE: async shop => shop.returnItems(await orderOf(shop)),
  RETURN_EXCEEDS_PURCHASE: async shop => {
    const orderId = await orderOf(shop)
    await shop.pay(orderId)
    return shop.returnItems(orderId, [{ productOptionId: 1011, quantity: 99 }])
  },
  STATISTIC_INVALID_PERIOD_CONDITION: shop => shop.get('/products/popular?days=1&weeks=1'),
  BALANCE_INVALID_AMOUNT: shop => shop.charge(1, 0),
  ORDER_ITEM_EMPTY: shop => shop.placeOrder(1, []),
  FORBIDDEN: shop =>
    shop.request('PATCH', '/balances/charge', { customerId: 1, amount: 1 }, { 'X-Customer-Id': '2' }),
  MISSING_CUSTOMER_CONTEXT: shop => shop.get('/customers/me'),
  LOGIN_FAILED: shop =>
    shop.request(
      'PATCH',
      '/customers/me',
      { password: 'a sentence to be let in', currentPassword: 'something else' },
      { 'X-Customer-Id': '1' },
    ),
  SESSION_EXPIRED: async () => {
    const shop = await openScenario({ environment: { RECOUP_AUTH: 'session' } })
    return shop.request('GET', '/customers/me', undefined, { Authorization: 'Bearer of-an-old-token' })
  },
  USERNAME_TAKEN: shop =>
    shop.request('POST', '/customers', { username: 'MINJI', password: 'a sentence to be let in' }),
  CUSTOMER_NOT_FOUND: shop => shop.issueCoupon(201, 999),
  BALANCE_NOT_FOUND: shop => shop.charge(999, 1),
  PRODUCT_NOT_FOUND: shop => shop.get('/products/999'),
  PRODUCT_OPTION_NOT_FOUND: shop =>
    shop.placeOrder(1, [{ productId: 101, productOptionId: 9999, quantity: 1 }]),
  STOCK_NOT_FOUND: shop => shop.placeOrder(1, [line(1091)]),
  ORDER_NOT_FOUND: shop => shop.pay(999),
  PAYMENT_NOT_FOUND: shop => shop.get('/payments/999'),
  DEAD_LETTER_NOT_FOUND: shop => operate(shop, 'dead-letters/1/skip'),
  DEAD_LETTER_RESOLVED: async shop => {
    // Its caller is told, so that nothing is left for an operator.
    await expect(shop.ask('ghost/1', { type: 'Boo' }, { correlationId: 'test' })).rejects.toThrow()
    return operate(shop, 'dead-letters/1/skip')
  },
  OPERATION_NOT_APPLICABLE: async shop => {
    const orderId = await orderOf(shop)
    await shop.pay(orderId)
    return operate(shop, `payments/${orderId}/retry`)
  },
  PAYMENT_COUNT_CHANGED: shop =>
    operate(shop, 'payments/bulk', { operation: 'retry', filter: {}, expectedCount: 7 }),
  CREDIT_NEEDS_NAMES: shop => operate(shop, 'customers/1/credit', { amount: 100_001 }),
  CREDIT_NOT_FOUND: shop => operate(shop, 'credits/1/approve'),
  CREDIT_NOT_OPEN: async shop => {
    await proposedCredit(shop)
    await operate(shop, 'credits/1/decline')
    return operate(shop, 'credits/1/approve')
  },
  CREDIT_SELF_APPROVAL: async shop => {
    await proposedCredit(shop)
    // Of one token nobody knows who shows it.
    return operate(shop, 'credits/1/approve')
  },
  COUPON_NOT_FOUND: shop => shop.issueCoupon(999, 1),
  CUSTOMER_COUPON_NOT_FOUND: async shop => shop.pay(await orderOf(shop), 201),
  CHART_NOT_FOUND: shop => shop.get('/charts/unheard-of'),
  ROUTE_NOT_FOUND: shop => shop.get('/nothing'),
  METHOD_NOT_ALLOWED: shop => shop.request('DELETE', '/payments'),
  REQUEST_TIMEOUT: async shop => {
    const patience = { headersTimeout: 1, requestTimeout: 1, connectionsCheckingInterval: 1 }
    const timeouts = { ...patience, keepAliveTimeout: 1 }
    const server = await startServer({ app: shop.app, host: '127.0.0.1', port: 0, timeouts })
    onTestFinished(() => server.stop())
    const [head = '', body = ''] = (await text(connect(server.port, '127.0.0.1'))).split('\r\n\r\n')
    return { status: Number(head.split(' ')[1]), headers: new Headers(), body: JSON.parse(body) }
  },
  BALANCE_INSUFFICIENT: async shop => shop.pay(await orderOf(shop, line(1041, 3))),
  BALANCE_LIMIT_EXCEEDED: async shop => {
    await Promise.all(Array.from({ length: 999 }, () => shop.charge(1, 1_000_000_000)))
    return shop.charge(1, 1_000_000_000)
  },
  STOCK_INSUFFICIENT: shop => shop.placeOrder(1, [line(1081, 4)]),
  PRODUCT_OPTION_MISMATCH: shop =>
    shop.placeOrder(1, [{ productId: 101, productOptionId: 1021, quantity: 1 }]),
  OPTION_NAME_TAKEN: shop =>
    shop.request(
      'POST',
      '/products/101/options',
      { optionName: 'M', extraPrice: 0 },
      { Authorization: `Bearer ${operatorToken}` },
    ),
  COUPON_INSUFFICIENT: async shop => {
    await shop.issueCoupon(203, 1)
    return shop.issueCoupon(203, 2)
  },
  COUPON_ALREADY_ISSUED: async shop => {
    await shop.issueCoupon(201, 1)
    return shop.issueCoupon(201, 1)
  },
  COUPON_ALREADY_USED: async shop => {
    await shop.issueCoupon(201, 1)
    await shop.pay(await orderOf(shop), 201)
    return shop.pay(await orderOf(shop), 201)
  },
  COUPON_EXPIRED: async shop => {
    await shop.issueCoupon(206, 1)
    await shop.pass(60_001, 60_001)
    return shop.pay(await orderOf(shop), 206)
  },
  COUPON_INVALID_PERIOD: shop => shop.issueCoupon(205, 1),
  COUPON_MIN_ORDER_NOT_MET: async shop => {
    await shop.issueCoupon(204, 1)
    return shop.pay(await orderOf(shop), 204)
  },
  ORDER_NOT_PAYABLE: async shop => {
    const orderId = await orderOf(shop)
    await shop.pay(orderId)
    return shop.pay(orderId)
  },
  ORDER_NOT_CANCELLABLE: async shop => {
    const orderId = await orderOf(shop)
    await shop.pay(orderId)
    return shop.cancel(orderId)
  },
  PAYMENT_CANCELLED: async shop => {
    const { orderId, payer } = await paying(shop)
    const canceller = shop.cancel(orderId)
    await shop.pass(500)
    await canceller
    return payer
  },
  REQUEST_IN_FLIGHT: async shop => {
    const { orderId, payer } = await paying(shop, key)
    const again = await shop.pay(orderId, null, key)
    await shop.pass(500)
    await payer
    return again
  },
  BODY_TOO_LARGE: shop => shop.request('POST', '/payments', { orderId: 'x'.repeat(64 * 1024) }),
  UNSUPPORTED_MEDIA_TYPE: shop =>
    shop.request('POST', '/payments', { orderId: 1 }, { 'Content-Type': 'text/plain' }),
  IDEMPOTENCY_KEY_REUSED: async shop => {
    await shop.pay(await orderOf(shop), null, key)
    return shop.pay(await orderOf(shop), null, key)
  },
  RATE_LIMITED: tooManyCoupons,
  INTERNAL_SERVER_ERROR: shop => {
    shop.messages.rule = ({ message }) =>
      message.type === 'ChargeBalance' ? { answer: { type: 'Nonsense' } } : 'deliver'
    return shop.charge(1, 1)
  },
  OVERLOADED: async shop => {
    const asked: Promise<unknown>[] = []
    while (shop.runtime.backlogMs <= 10) {
      asked.push(shop.ask('balance/1', { type: 'ChargeBalance', amount: 1 }, { correlationId: 'test' }))
    }
    const answer = await shop.charge(1, 1)
    await Promise.all(asked)
    return answer
  },
  TOO_MANY_VIEWERS: async shop => {
    const headers = { Authorization: `Bearer ${operatorToken}`, Accept: 'text/event-stream' }
    for (let viewers = 0; viewers < viewersMax; viewers += 1)
      await shop.app.request('/operator/feed', { headers })
    return shop.request('GET', '/operator/feed', undefined, headers)
  },
  SHUTTING_DOWN: async shop => {
    const server = await shop.listen('127.0.0.1', 0)
    await server.stop()
    return shop.charge(1, 1)
  },
  UNAVAILABLE: async shop => {
    const pages = shop.database.pragma('page_count', { simple: true })
    shop.database.pragma(`max_page_count = ${pages}`)
    // A small commit may still fit into the last page.
    return shop.placeOrder(1, new Array(100).fill(line(1061)))
  },
  PAYMENT_STEP_TIMED_OUT: async shop => {
    shop.messages.rule = lost('DeductBalance')
    const payer = shop.pay(await orderOf(shop))
    await shop.pass(4_000)
    return payer
  },
}

const environment = {
  RECOUP_STEP_DEADLINE_MS: '1000',
  RECOUP_STEP_RESENDS: '1',
  RECOUP_OVERLOAD_MS: '10',
  RECOUP_COUPONS_PER_HOUR: '1',
  RECOUP_OPERATOR_TOKEN: operatorToken,
}

const reportsOf: Partial<Record<ProblemCode, unknown[]>> = {
  INTERNAL_SERVER_ERROR: [expect.stringContaining('unexpected Nonsense')],
  DEAD_LETTER_RESOLVED: [expect.stringContaining('ghost/1')],
}

test('every code of the table has a way to it', () => {
  expect(Object.keys(waysTo).sort()).toEqual([...problemCodes].sort())
})

test.each(problemCodes)('%s reaches the caller as a problem document', async code => {
  const rateLimits = code === 'RATE_LIMITED' ? 'on' : 'off'
  const shop = await openScenario({
    profile,
    environment: { ...environment, RECOUP_RATE_LIMITS: rateLimits },
    reported: reportsOf[code] ?? [],
  })

  const { status, body } = await waysTo[code](shop)
  expect({ status, body }).toMatchObject({
    status: problemStatus(code),
    body: {
      type: `urn:recoup:problem:${code}`,
      title: expect.any(String),
      status: problemStatus(code),
      detail: expect.any(String),
      code,
      message: expect.any(String),
    },
  })
})
