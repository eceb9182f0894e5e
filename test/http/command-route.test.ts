import { describe, expect, test } from 'vitest'
import { Faulted, Unavailable } from '../../src/runtime/faults.ts'
import type { RequestCommand } from '../../src/runtime/request-messages.ts'
import { type Client, client } from './fake-client.ts'
import { newYear, orderSummary } from './fake-dependencies.ts'

const key = 'a-key-of-16-chars'
const completed = {
  type: 'PaymentCompleted',
  paymentId: 7001,
  orderId: 7001,
  customerId: 1001,
  originalPrice: 80_000,
  discountAmount: 0,
  discountedPrice: 80_000,
  paidAt: newYear,
}
const accepted = { type: 'PaymentAccepted', paymentId: 7001 }
const never = () => new Promise<object>(() => {})

const pay = ({ send }: Client, headers?: Record<string, string>, body: unknown = { orderId: 7001 }) =>
  send('POST', '/payments', body, headers)

/** Where a request with the key is sent to, and what it is sent with. */
async function begun(body: unknown, headers: Record<string, string> = {}, path = '/payments') {
  const shop = client({ reply: () => completed })
  await shop.send('POST', path, body, { 'Idempotency-Key': key, ...headers })
  const [asked] = shop.dependencies.asked
  if (asked === undefined) throw new Error('Nothing was sent')
  const { hash } = asked.message as Extract<RequestCommand, { type: 'BeginRequest' }>
  return { to: asked.to, correlationId: asked.correlationId, message: asked.message, hash }
}

describe('a command', () => {
  test('goes to its actor, in the saga of its order', async () => {
    const shop = client({ reply: () => completed })
    expect((await pay(shop)).status).toBe(201)
    expect(shop.dependencies.asked).toMatchObject([
      {
        to: 'payment/7001',
        message: { type: 'PayOrder', orderId: 7001, couponId: null },
        correlationId: 'order/7001',
      },
    ])
  })

  test('is answered with the refusal of its actor and its facts', async () => {
    const refusal = { code: 'ORDER_NOT_PAYABLE', facts: { orderId: 7001, status: 'PAID' } }
    const shop = client({ reply: () => ({ type: 'PayOrderRejected', refusal }) })
    expect(await pay(shop)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:recoup:problem:ORDER_NOT_PAYABLE',
        title: 'Order not payable',
        status: 409,
        detail: 'Order 7001 is PAID and cannot be paid.',
        message: 'Order 7001 is PAID and cannot be paid.',
        code: 'ORDER_NOT_PAYABLE',
        orderId: 7001,
        orderStatus: 'PAID',
      },
    })
  })

  test.each([['OVERLOADED'], ['SHUTTING_DOWN'], ['UNAVAILABLE']] as const)(
    'is not taken in while the server is %s; questions are',
    async code => {
      const shop = client({ closed: () => code })
      const refused = await pay(shop)
      expect(refused).toMatchObject({ status: 503, body: { code } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(shop.dependencies.asked).toEqual([])
      expect((await shop.get('/orders/7001')).status).toBe(200)
    },
  )

  test('that was not kept answers 503', async () => {
    const shop = client({ reply: () => Promise.reject(new Unavailable('disk full')) })
    expect(await pay(shop)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(shop.dependencies.faults).toEqual([])
  })

  test.each([
    ['was set aside', () => Promise.reject(new Faulted('order/7001')), 'order/7001'],
    ['threw', () => Promise.reject(new Error('secret')), 'http/9001'],
    ['was answered with a stranger', () => ({ type: 'SaleRecorded' }), 'http/9001'],
  ])(
    'that %s answers 500 with nothing but a correlation id, and is reported',
    async (_why, reply, correlationId) => {
      const shop = client({ reply })
      const answer = await pay(shop)
      expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL_SERVER_ERROR', correlationId } })
      expect(JSON.stringify(answer.body)).not.toMatch(/secret|SaleRecorded/)
      expect(shop.dependencies.faults).toMatchObject([{ correlationId }])
    },
  )

  test("that names another's customerId is forbidden; another's order is not there", async () => {
    const shop = client()
    const caller = { 'X-Customer-Id': '1002' }
    const charge = { customerId: 1001, amount: 5 }
    const order = { customerId: 1001, items: [] }
    const issue = { customerId: 1001, couponId: 4001 }
    const forbidden = { status: 403, body: { code: 'FORBIDDEN' } }
    const missing = { status: 404, body: { code: 'ORDER_NOT_FOUND' } }
    expect(await shop.send('PATCH', '/balances/charge', charge, caller)).toMatchObject(forbidden)
    expect(await shop.send('POST', '/orders', order, caller)).toMatchObject(forbidden)
    expect(await shop.send('POST', '/coupons/issue', issue, caller)).toMatchObject(forbidden)
    expect(await pay(shop, caller)).toMatchObject(missing)
    expect(await shop.send('POST', '/orders/7001/cancel', '', caller)).toMatchObject(missing)
    expect(shop.dependencies.asked).toEqual([])
  })
})

describe('Idempotency-Key', () => {
  test.each([['short-of-sixteen'.slice(1)], ['x'.repeat(256)], ['with a blank inside'], ['ÿ'.repeat(16)]])(
    '"%.30s" is refused',
    async bad => {
      const shop = client()
      expect(await pay(shop, { 'Idempotency-Key': bad })).toMatchObject({
        status: 400,
        body: { code: 'IDEMPOTENCY_KEY_INVALID' },
      })
    },
  )

  test('sends the command through the actor of the request', async () => {
    expect(await begun({ orderId: 7001 })).toMatchObject({
      to: expect.stringMatching(/^request\/[\w-]{43}$/),
      correlationId: 'order/7001',
      message: {
        type: 'BeginRequest',
        hash: expect.stringMatching(/^[\w-]{43}$/),
        to: 'payment/7001',
        message: { type: 'PayOrder', orderId: 7001, couponId: null },
      },
    })
  })

  test('belongs to its caller and its route', async () => {
    const [anyone, customer, cancelling] = await Promise.all([
      begun({ orderId: 7001 }),
      begun({ orderId: 7001 }, { 'X-Customer-Id': '1001' }),
      begun({}, {}, '/orders/7001/cancel'),
    ])
    expect(new Set([anyone.to, customer.to, cancelling.to]).size).toBe(3)
  })

  test('takes requests for the same that say the same, however they are written', async () => {
    const first = await begun('{"orderId":7001,"couponId":4001}')
    expect(await begun('{ "couponId": 4001, "orderId": 7001.0 }')).toEqual(first)
    expect(await begun({ orderId: 7001 })).toEqual(await begun({ orderId: 7001, couponId: null }))
    expect(await begun({ orderId: 7001 })).not.toEqual(first)
  })

  test('whose answer is stored gives it again', async () => {
    const first = await begun({ orderId: 7001 })
    const scopes: string[] = []
    const shop = client({
      storedRequest(scope) {
        scopes.push(scope)
        return { hash: first.hash, answer: completed }
      },
    })
    const again = await pay(shop, { 'Idempotency-Key': key })
    expect(again).toMatchObject({
      status: 201,
      body: { paymentId: 7001, paidAt: '2026-01-01T00:00:00.000Z' },
    })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('cache-control')).toBe('no-store')
    expect(scopes).toEqual([first.to.slice('request/'.length)])
    expect(shop.dependencies.asked).toEqual([])
  })

  test('whose first request still runs answers 409 with Retry-After', async () => {
    const { hash } = await begun({ orderId: 7001 })
    const answer = await pay(client({ storedRequest: () => ({ hash }) }), { 'Idempotency-Key': key })
    expect(answer).toMatchObject({ status: 409, body: { code: 'REQUEST_IN_FLIGHT' } })
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  test('that was used for another request answers 422', async () => {
    const shop = client({ storedRequest: () => ({ hash: 'other', answer: completed }) })
    expect(await pay(shop, { 'Idempotency-Key': key })).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
  })

  test('whose request is not known well goes to the actor, which decides', async () => {
    const reply = () => ({ type: 'RequestRejected', code: 'IDEMPOTENCY_KEY_REUSED' })
    const shop = client({ storedRequest: () => ({ hash: null }), reply })
    expect(await pay(shop, { 'Idempotency-Key': key })).toMatchObject({ status: 422 })
    expect(shop.dependencies.asked).toHaveLength(1)
  })
})

describe('the wait for a payment', () => {
  test('ends in 202 with the place where it can be seen', async () => {
    const shop = client({ reply: never })
    const answer = pay(shop)
    await expect.poll(() => shop.dependencies.asked).toHaveLength(1)
    shop.dependencies.endWaits()
    expect(await answer).toMatchObject({ status: 202, body: { paymentId: 7001 } })
    expect((await answer).headers.get('location')).toBe('/payments/7001')
    expect(shop.dependencies.asked[0]?.signal?.aborted).toBe(true)
  })

  test('with a key ends in what the request actor says: the 202 it keeps', async () => {
    const shop = client({ reply: (_to, message) => (message.type === 'StopWaiting' ? accepted : never()) })
    const answer = pay(shop, { 'Idempotency-Key': key })
    await expect.poll(() => shop.dependencies.asked).toHaveLength(1)
    shop.dependencies.endWaits()
    expect((await answer).status).toBe(202)
    const [begin, stop] = shop.dependencies.asked
    expect(stop).toMatchObject({ to: begin?.to, message: { type: 'StopWaiting', answer: accepted } })
  })

  test('with a key ends in what the request actor says: the end, when that came first', async () => {
    const shop = client({ reply: (_to, message) => (message.type === 'StopWaiting' ? completed : never()) })
    const answer = pay(shop, { 'Idempotency-Key': key })
    await expect.poll(() => shop.dependencies.asked).toHaveLength(1)
    shop.dependencies.endWaits()
    expect((await answer).status).toBe(201)
  })

  test.each([[{}], [{ 'Idempotency-Key': key }]])(
    'is over at once with respond-async, and the 202 is kept (%j)',
    async headers => {
      const shop = client({ reply: never })
      expect((await pay(shop, { ...headers, Prefer: 'respond-async' })).status).toBe(202)
      expect(shop.dependencies.asked).toHaveLength(1)
    },
  )

  test('is not entered with respond-async for an order that does not exist, or when nothing was kept', async () => {
    const headers = { Prefer: 'respond-async' }
    expect((await pay(client(), headers, { orderId: 7002 })).status).toBe(404)
    const full = client({ ask: () => Promise.reject(new Unavailable()) })
    expect((await pay(full, headers)).status).toBe(503)
  })

  test('that an answer ended is no longer counted', async () => {
    const shop = client({ reply: () => completed })
    await pay(shop)
    shop.dependencies.endWaits()
    expect(shop.dependencies.asked).toHaveLength(1)
  })

  test('is the same for a cancellation', async () => {
    const shop = client({ reply: never })
    const answer = shop.send('POST', '/orders/7001/cancel', '', {})
    await expect.poll(() => shop.dependencies.asked).toHaveLength(1)
    shop.dependencies.endWaits()
    expect(await answer).toMatchObject({ status: 202, body: { orderId: 7001 } })
    expect((await answer).headers.get('location')).toBe('/orders/7001')

    const done = client({
      reply: () => ({ type: 'OrderCancelled', ...orderSummary(7001, { status: 'CANCELLED' }) }),
    })
    expect(await done.send('POST', '/orders/7001/cancel', {})).toMatchObject({
      status: 200,
      body: { status: 'CANCELLED' },
    })
  })
})
