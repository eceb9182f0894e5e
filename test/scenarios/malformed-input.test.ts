import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { contentOf } from '../support/content-of.ts'
import { openScenario } from '../support/open-scenario.ts'

/** JSON texts that are none of the whole numbers from 1 that every field wants. */
const noNumbers = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e309',
  '9007199254740992',
  '"1"',
  'true',
  '[]',
  '[1]',
  '{}',
  '""',
]

/** Fields that are decided here and never by a caller, and names that mean something to the language. */
const noFields = [
  ...[
    'id',
    'role',
    'roles',
    'balance',
    'price',
    'unitPrice',
    'totalPrice',
    'discountAmount',
    'discountedPrice',
  ],
  ...['status', 'paidAt', 'createdAt', 'attempt', 'transition', 'version', 'expireAfterMs', 'paymentId'],
  ...['type', 'meta', 'key', '__proto__', 'constructor', 'prototype', 'toString', '\\ud800', '', 'couponID'],
]

const noBodies = [
  ...['null', '1', '"text"', '[]', '[{}]', '{', '}', '{]', '{"a":1,}', "{'a':1}", '{"a":NaN}', '\u0000'],
  ...['{"\\u0000":1}', '{"a":"\ud800"}', '\ufeff', 'orderId=1', '['.repeat(40), '{"a":'.repeat(33)],
  `{"a":${'['.repeat(60_000)}`,
]

interface Command {
  command: string
  method: string
  path(orderId: number): string
  body(orderId: number): object
  optional?: string
}

const commands: Command[] = [
  {
    command: 'ChargeBalance',
    method: 'PATCH',
    path: () => '/balances/charge',
    body: () => ({ customerId: 1, amount: 5 }),
  },
  {
    command: 'CreateOrder',
    method: 'POST',
    path: () => '/orders',
    body: () => ({ customerId: 1, items: [line(1012)] }),
  },
  {
    command: 'PayOrder',
    method: 'POST',
    path: () => '/payments',
    body: orderId => ({ orderId, couponId: 201 }),
    optional: 'couponId',
  },
  {
    command: 'IssueCoupon',
    method: 'POST',
    path: () => '/coupons/issue',
    body: () => ({ couponId: 202, customerId: 1 }),
  },
  { command: 'CancelOrder', method: 'POST', path: orderId => `/orders/${orderId}/cancel`, body: () => ({}) },
]

/** Every JSON text that `body` becomes when one of its values, at any depth, is replaced, left out, or joined by another. */
function* spoilt(body: object, optional?: string): Generator<string> {
  function* within(value: unknown, put: (text: string) => string): Generator<string> {
    if (typeof value !== 'object' || value === null) {
      yield* noNumbers.map(put)
      return
    }
    const fields = Object.entries(value).map(([name, inner]) => [name, JSON.stringify(inner)] as const)
    const whole = (changed: (readonly [string, string])[]) =>
      put(
        Array.isArray(value)
          ? `[${changed.map(([, text]) => text)}]`
          : `{${changed.map(([name, text]) => `"${name}":${text}`)}}`,
      )
    for (const [name, inner] of Object.entries(value)) {
      const others = fields.filter(field => field[0] !== name)
      yield* within(inner, text => whole([...others, [name, text]]))
      yield whole([...fields, [name, '-1']])
      if (name !== optional) yield* [whole(others), whole([...others, [name, 'null']])]
    }
    if (!Array.isArray(value)) yield* noFields.map(name => whole([...fields, [name, '1']]))
  }
  yield* within(body, text => text)
}

const noHeaders: Record<string, string>[] = [
  { 'Content-Type': 'text/plain' },
  { 'Content-Type': 'application/x-www-form-urlencoded' },
  { 'Content-Type': 'application/jsonp' },
  { 'Content-Type': '' },
  ...['', 'short', 'x'.repeat(256), 'a key with blanks in it'].map(key => ({ 'Idempotency-Key': key })),
  ...['0', '-1', '01', 'x', '', '1,1', '9007199254740993'].map(caller => ({ 'X-Customer-Id': caller })),
]

const noIds = [
  '0',
  '-1',
  '01',
  '1.5',
  '1e3',
  'x',
  '%00',
  '%',
  '%2e%2e',
  '9007199254740993',
  '__proto__',
  "1'--",
]

const noPaths = [
  ...noIds.flatMap(id => [
    `/balances/${id}`,
    `/balances/${id}/balance-histories`,
    `/products/${id}`,
    `/orders/${id}`,
    `/orders/${id}/events`,
    `/orders?customerId=${id}`,
    `/payments/${id}`,
    `/payments/${id}/timeline`,
    `/coupons/customer/${id}`,
    `/products?limit=${id}`,
    `/coupons?limit=${id}`,
    `/products/popular?days=${id}`,
  ]),
  '/orders',
  '/orders?customerId=1&customerId=1',
  '/orders?customerId=1&limit=201',
  '/orders?customerId=1&cursor=',
  '/orders?customerId=1&cursor=nonsense',
  '/products?cursor=LTE',
  '/products/popular',
  '/products/popular?days=366',
  '/products/popular?weeks=53',
  '/products/popular?months=13',
  '/products/popular?days=1&months=1',
  '/balances/1/balance-histories?limit=0',
]

interface Sent {
  method: string
  path: string
  body?: string
  headers?: Record<string, string>
}

async function shopWithOrder() {
  const shop = await openScenario()
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012)])).body

  function send({ method, path, body, headers }: Sent) {
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const init = { method, headers: { ...type, ...headers }, ...(body !== undefined && { body }) }
    return shop.app.request(path, init)
  }

  /** Sends it all and expects nothing but refusals, and that nothing has changed. */
  async function expectRefused(requests: readonly Sent[]): Promise<void> {
    const before = contentOf(shop)
    for (const request of requests) {
      const { status, headers } = await send(request)
      const what = JSON.stringify(request).slice(0, 300)
      expect(status, what).toBeGreaterThanOrEqual(400)
      expect(status, what).toBeLessThan(500)
      expect(headers.get('Content-Type'), what).toBe('application/problem+json')
    }
    expect(contentOf(shop)).toBe(before)
  }

  return { orderId, send, expectRefused }
}

describe.each(commands)('$command', ({ method, path: pathOf, body: bodyOf, optional }) => {
  test('accepts its own body and no other, and changes nothing for those', async () => {
    const { orderId, send, expectRefused } = await shopWithOrder()
    const path = pathOf(orderId)
    const bodies = [...noBodies, ...spoilt(bodyOf(orderId), optional)]

    await expectRefused(bodies.map(body => ({ method, path, body })))
    expect((await send({ method, path, body: JSON.stringify(bodyOf(orderId)) })).ok).toBe(true)
  })

  test('refuses headers that it cannot read and changes nothing', async () => {
    const { orderId, expectRefused } = await shopWithOrder()
    const body = JSON.stringify(bodyOf(orderId))

    await expectRefused(noHeaders.map(headers => ({ method, path: pathOf(orderId), headers, body })))
  })
})

describe('CancelOrder', () => {
  test('of an order that cannot be named is refused and changes nothing', async () => {
    const { expectRefused } = await shopWithOrder()
    await expectRefused(noIds.map(id => ({ method: 'POST', path: `/orders/${id}/cancel`, body: '{}' })))
  })
})

describe('CreateOrder', () => {
  const items = (count: number, quantity: number) => Array.from({ length: count }, () => line(1012, quantity))

  test.each([
    { what: 'no lines', lines: [] },
    { what: 'more of a line than there may be', lines: items(1, 100_001) },
    { what: 'more of an option than there may be, on two lines', lines: items(2, 50_001) },
    { what: 'more lines than there may be', lines: items(1_501, 1) },
  ])('of $what is refused and changes nothing', async ({ lines }) => {
    const { expectRefused } = await shopWithOrder()
    const body = JSON.stringify({ customerId: 1, items: lines })
    await expectRefused([{ method: 'POST', path: '/orders', body }])
  })
})

describe('a question', () => {
  test('that cannot be read is refused and changes nothing', async () => {
    const { expectRefused } = await shopWithOrder()
    // Whatever leads up to the root is the root, which shows the way to the pages.
    const paths = noPaths.filter(path => new URL(path, 'http://shop').pathname !== '/')
    expect(paths.length).toBeGreaterThan(20)
    await expectRefused(paths.map(path => ({ method: 'GET', path })))
  })
})
