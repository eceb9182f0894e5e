import { describe, expect, test } from 'vitest'
import { client } from './fake-client.ts'

const line = { productId: 5001, productOptionId: 6001, quantity: 1 }
const order = (items: unknown) => JSON.stringify({ customerId: 1001, items })
const lineWith = (quantity: string) =>
  `{"customerId":1001,"items":[{"productId":5001,"productOptionId":6001,"quantity":${quantity}}]}`
const charge = (amount: string) => `{"customerId":1001,"amount":${amount}}`

describe('a body', () => {
  const { send, dependencies } = client()

  test.each([
    // [route, body, status, code, path]
    ['POST /payments', '', 400, 'INVALID_ARGUMENT', 'orderId'],
    ['POST /payments', '{', 400, 'INVALID_ARGUMENT', undefined],
    ['POST /payments', '[]', 400, 'INVALID_ARGUMENT', undefined],
    ['POST /payments', 'null', 400, 'INVALID_ARGUMENT', undefined],
    ['POST /payments', '{"orderId":"1"}', 400, 'INVALID_ARGUMENT', 'orderId'],
    ['POST /payments', '{"orderId":0}', 400, 'INVALID_ARGUMENT', 'orderId'],
    ['POST /payments', '{"orderId":1,"couponId":-1}', 400, 'INVALID_ARGUMENT', 'couponId'],
    ['POST /payments', '{"orderId":1,"status":"PAID"}', 400, 'INVALID_ARGUMENT', 'status'],
    ['POST /payments', '{"orderId":1,"__proto__":{"couponId":1}}', 400, 'INVALID_ARGUMENT', '__proto__'],
    ['POST /payments', '{"orderId":1,"constructor":{}}', 400, 'INVALID_ARGUMENT', 'constructor'],
    ['POST /payments', '{"orderId":9007199254740992}', 400, 'INVALID_ARGUMENT', 'orderId'],
    ['POST /payments', `${'['.repeat(33)}${']'.repeat(33)}`, 400, 'INVALID_ARGUMENT', undefined],
    ['POST /payments', '"\\ud800"', 400, 'INVALID_ARGUMENT', undefined],
    ['POST /payments', `{"${'x'.repeat(5000)}":1,"orderId":1}`, 400, 'INVALID_ARGUMENT', 'x'.repeat(100)],
    ['POST /orders/7001/cancel', '{"reason":1}', 400, 'INVALID_ARGUMENT', 'reason'],
    ['POST /orders', order([]), 400, 'ORDER_ITEM_EMPTY', undefined],
    ['POST /orders', order(undefined), 400, 'INVALID_ARGUMENT', 'items'],
    ['POST /orders', order([line, { ...line, price: 1 }]), 400, 'INVALID_ARGUMENT', 'items.1.price'],
    ['POST /orders', order(Array(1501).fill(line)), 400, 'INVALID_ARGUMENT', 'items'],
    [
      'POST /orders',
      order([
        { ...line, quantity: 60_000 },
        { ...line, quantity: 40_001 },
      ]),
      400,
      'INVALID_ARGUMENT',
      'items',
    ],
    ['POST /orders', lineWith('100001'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('0'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('-1'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('-0'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('1.5'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('"1"'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('1e309'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['POST /orders', lineWith('9007199254740992'), 400, 'INVALID_ARGUMENT', 'items.0.quantity'],
    ['PATCH /balances/charge', charge('0'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('-0'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('-5'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('1.5'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('1000000001'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('9007199254740992'), 400, 'BALANCE_INVALID_AMOUNT', undefined],
    ['PATCH /balances/charge', charge('1e309'), 400, 'INVALID_ARGUMENT', 'amount'],
    ['PATCH /balances/charge', charge('"5"'), 400, 'INVALID_ARGUMENT', 'amount'],
    ['PATCH /balances/charge', charge('null'), 400, 'INVALID_ARGUMENT', 'amount'],
    ['PATCH /balances/charge', '{"customerId":1001}', 400, 'INVALID_ARGUMENT', 'amount'],
    ['POST /payments', `{"orderId":1${' '.repeat(64 * 1024)}}`, 413, 'BODY_TOO_LARGE', undefined],
    ['POST /orders', ' '.repeat(256 * 1024 + 1), 413, 'BODY_TOO_LARGE', undefined],
  ])('%s %.60s is refused with %i %s', async (route, body, status, code, path) => {
    const [method = '', target = ''] = route.split(' ')
    const answer = await send(method, target, body)
    expect(answer).toMatchObject({ status, body: { status, code } })
    expect(answer.body.path).toBe(path)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  test('changes nothing when it is refused', () => {
    expect(dependencies.asked).toEqual([])
  })

  test.each([['text/plain'], ['application/jsonp'], ['application/x-www-form-urlencoded'], ['']])(
    'of type "%s" is refused with 415',
    async type => {
      const answer = await send('POST', '/payments', { orderId: 7001 }, { 'Content-Type': type })
      expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
    },
  )

  test('may name its character set, and say the same field twice: the last one counts', async () => {
    const { send, dependencies } = client()
    const type = { 'Content-Type': 'Application/JSON; charset=utf-8' }
    await send('POST', '/payments', '{"orderId":1,"orderId":7001}', type)
    expect(dependencies.asked[0]).toMatchObject({ to: 'payment/7001' })
  })

  test('may be nested as deep as 32 levels, and hold brackets in a string', async () => {
    const nested = `{"orderId":${'['.repeat(31)}"[[[[\\"{{{"${']'.repeat(31)}}`
    expect((await send('POST', '/payments', nested)).body).toMatchObject({ path: 'orderId' })
  })
})

describe('a path or query', () => {
  const { get } = client()

  test.each([
    ['/orders/0', 'id'],
    ['/orders/-1', 'id'],
    ['/orders/abc', 'id'],
    ['/orders/1.5', 'id'],
    ['/orders/01', 'id'],
    ['/orders/1e3', 'id'],
    ['/orders/9007199254740992', 'id'],
    ['/orders/%00', 'id'],
    ['/orders/%E0%A4%A', 'id'],
    ['/products/abc', 'id'],
    ['/payments/x/timeline', 'id'],
    ['/payments/x/history', 'id'],
    ['/balances/x', 'customerId'],
    ['/orders', 'customerId'],
    ['/orders?customerId=1001&customerId=1002', 'customerId'],
    ['/products?limit=0', 'limit'],
    ['/products?limit=201', 'limit'],
    ['/products?limit=ten', 'limit'],
    ['/products?limit=', 'limit'],
    ['/products?limit=1&limit=1', 'limit'],
    ['/products?cursor=', 'cursor'],
    [`/products?q=${'x'.repeat(201)}`, 'q'],
    [`/products?q=${encodeURIComponent('🧵'.repeat(201))}`, 'q'],
    ['/products/popular?days=1.5', 'days'],
  ])('%.60s is refused, naming %s', async (path, field) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { code: 'INVALID_ARGUMENT', path: field } })
  })

  test('may hold parameters that nobody knows', async () => {
    expect(await get(`/products?q=${encodeURIComponent('🧵'.repeat(200))}`)).toMatchObject({ status: 200 })
    expect(await get('/products?colour=red&colour=blue&__proto__=1')).toMatchObject({ status: 200 })
  })

  test.each([['abc'], ['0'], ['1001, 1001'], ['']])('the caller "%s" is refused', async caller => {
    expect(await get('/orders/7001', { 'X-Customer-Id': caller })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path: 'X-Customer-Id' },
    })
  })
})
