/*
 * What every route is asked in the access matrix, and what is answered to whoever may. Who may not is no matter of the
 * row: that follows from the access the route says it has. A new route needs a line here.
 */

/** What somebody has, or what nobody has. Numbers of things that are there are of new things each time. */
export interface Things {
  readonly customerId: number
  order(): Promise<number>
  /** The payment has the same number. */
  paidOrder(): Promise<number>
  /** Money for them that waits for a second person. */
  credit(): Promise<number>
  product(): Promise<number>
  productOption(): Promise<number>
  coupon(): Promise<number>
  deadLetter(): Promise<number>
  /** A name that nobody has. */
  newName(): string
}

export interface Asked {
  /** What stands in the path. */
  readonly in?: Readonly<Record<string, number>>
  readonly query?: string
  readonly body?: object
}

/** How a request says whose thing it is about, or that it is about nobody's. */
type About =
  /** A `customerId`: one that is not the caller's own is refused, whether or not there is such a customer. */
  | 'customerId'
  /** The number of something that belongs to a customer: what is another's is as good as missing. */
  | 'ownThing'
  /** The number of something of the shop, which is everybody's, or for the staff. */
  | 'shopThing'
  | 'nothing'

export interface Row {
  readonly about: About
  /** Answered to who may, about what is there. */
  readonly status: number
  /** Whether it needs an Idempotency-Key; with one, what an actor refuses is kept as well. */
  readonly keyed?: true
  /** The same where a thing of the shop is the caller themself. */
  readonly ofOneself?: number
  ask(things: Things, path: string): Asked | Promise<Asked>
}

const reason = 'To see what it says.'

const nothing = (status: number, asked: Asked = {}): Row => ({ about: 'nothing', status, ask: () => asked })

const customerId = (status: number, ask: (things: Things) => Asked | Promise<Asked>): Row => ({
  about: 'customerId',
  status,
  ask,
})

/** `{id}` in the path is what `thing` gives. */
const thing =
  (about: 'ownThing' | 'shopThing', of: (things: Things) => number | Promise<number>, name = 'id') =>
  (status: number, body?: (things: Things) => object): Row => ({
    about,
    status,
    ask: async things => ({ in: { [name]: await of(things) }, ...(body && { body: body(things) }) }),
  })

const order = thing('ownThing', things => things.order())
const paidOrder = thing('ownThing', things => things.paidOrder())
const payment = thing('shopThing', things => things.paidOrder())
const customer = thing('shopThing', things => things.customerId)
const product = thing('shopThing', things => things.product())
const stock = thing('shopThing', things => things.productOption(), 'productOptionId')
const coupon = thing('shopThing', things => things.coupon())
const demoOrder = thing('ownThing', things => things.order(), 'orderId')
const deadLetter = thing('shopThing', things => things.deadLetter())
const credit = thing('shopThing', things => things.credit())

const withReason = () => ({ reason })

export const accessRows: Readonly<Record<string, Row>> = {
  'GET /balances/{customerId}': customerId(200, ({ customerId }) => ({ in: { customerId } })),
  'GET /balances/{customerId}/balance-histories': customerId(200, ({ customerId }) => ({
    in: { customerId },
  })),
  'PATCH /balances/charge': customerId(200, ({ customerId }) => ({ body: { customerId, amount: 1 } })),

  'POST /customers': {
    about: 'nothing',
    status: 201,
    ask: ({ newName }) => ({ body: { username: newName(), password: 'a sentence to be let in' } }),
  },
  'GET /customers/me': nothing(200),
  'PATCH /customers/me': nothing(200, { body: { displayName: 'Somebody' } }),
  'GET /customers/{id}': customer(200),
  'PATCH /customers/{id}/roles': { ...customer(200, () => ({ roles: [], reason })), ofOneself: 403 },
  'POST /customers/{id}/disable': { ...customer(200, withReason), ofOneself: 403 },
  'POST /customers/{id}/enable': customer(200, withReason),
  'POST /sessions': nothing(201, { body: { username: 'ada', password: 'linen shirts dry in the wind' } }),
  'DELETE /sessions/current': nothing(204),

  'GET /products': nothing(200),
  'POST /products': {
    about: 'nothing',
    status: 201,
    ask: ({ newName }) => ({
      body: { name: newName(), basePrice: 1, options: [{ optionName: 'M', extraPrice: 0 }], reason },
    }),
  },
  'GET /products/popular': nothing(200, { query: 'days=1' }),
  'GET /products/{id}': product(200),
  'PATCH /products/{id}': product(200, () => ({ name: 'Linen shirt', reason })),
  'POST /products/{id}/options': product(201, ({ newName }) => ({
    optionName: newName(),
    extraPrice: 0,
    reason,
  })),
  'PATCH /products/{id}/options/{optionId}': {
    about: 'shopThing',
    status: 200,
    async ask(things) {
      const [id, optionId] = [await things.product(), await things.productOption()]
      return { in: { id, optionId }, body: { extraPrice: 1, reason } }
    },
  },
  'POST /stocks/{productOptionId}/restock': stock(200, () => ({ quantity: 1, reason })),
  'POST /stocks/{productOptionId}/write-off': stock(200, () => ({ quantity: 1, reason })),

  'POST /orders': customerId(201, ({ customerId }) => ({
    body: { customerId, items: [{ productId: 101, productOptionId: 1011, quantity: 1 }] },
  })),
  'GET /orders': customerId(200, ({ customerId }) => ({ query: `customerId=${customerId}` })),
  'GET /orders/{id}': order(200),
  'GET /orders/{id}/events': order(200),
  'POST /orders/{id}/cancel': order(200, () => ({})),
  'POST /orders/{id}/returns': { ...paidOrder(201, () => ({})), keyed: true },
  'GET /orders/{id}/returns': order(200),
  'POST /payments': {
    about: 'ownThing',
    status: 201,
    ask: async things => ({ body: { orderId: await things.order() } }),
  },
  'GET /payments/{id}': paidOrder(200),
  'GET /payments/{id}/timeline': paidOrder(200),
  'GET /payments/{id}/history': paidOrder(200),

  'GET /coupons': nothing(200),
  'POST /coupons': nothing(201, {
    body: {
      name: '1,000 off',
      discountType: 'FIXED',
      discountAmount: 1_000,
      totalQuantity: 1,
      startedAt: '2026-01-01T00:00:00.000Z',
      expiredAt: '2026-02-01T00:00:00.000Z',
    },
  }),
  'GET /coupons/customer/{customerId}': customerId(200, ({ customerId }) => ({ in: { customerId } })),
  'GET /coupons/{id}': coupon(200),
  'POST /coupons/issue': customerId(201, async things => ({
    body: { couponId: await things.coupon(), customerId: things.customerId },
  })),
  'POST /coupons/{id}/end': coupon(200, withReason),

  'GET /operator/payments': nothing(200),
  'GET /operator/payments/counts': nothing(200),
  'GET /operator/payments/bulk': nothing(200),
  'POST /operator/payments/bulk': nothing(200, {
    body: { operation: 'retry', filter: { errorCode: 'NOBODY' }, reason, expectedCount: 0 },
  }),
  'GET /operator/payments/{id}': payment(200),
  'GET /operator/payments/{id}/history': payment(200),
  'GET /operator/payments/{id}/operations': payment(200),
  'POST /operator/dead-letters/{id}/preview': deadLetter(409, () => ({})),
  'GET /operator/search': nothing(200, { query: 'q=1' }),
  'GET /operator/dead-letters': nothing(200),
  'GET /operator/audit': nothing(200),
  'GET /operator/feed': nothing(200),
  // There is nothing to do about a payment that has ended, nor about a message of which its caller was told.
  'POST /operator/payments/{id}/retry': payment(409, withReason),
  'POST /operator/payments/{id}/skip': payment(409, withReason),
  'POST /operator/payments/{id}/compensate': payment(409, withReason),
  'POST /operator/dead-letters/{id}/retry': deadLetter(409, withReason),
  'POST /operator/dead-letters/{id}/skip': deadLetter(409, withReason),
  'POST /operator/dead-letters/{id}/edit': deadLetter(409, () => ({ reason, message: { type: 'Boo' } })),
  'GET /operator/outbox': nothing(200),
  'POST /operator/outbox/replay': nothing(200, { body: { reason, parked: true } }),
  'POST /operator/customers/{id}/credit': customer(201, () => ({ amount: 1, reason })),
  'GET /operator/credits': nothing(200),
  'GET /operator/credits/{id}': credit(200),
  'POST /operator/credits/{id}/approve': credit(200, withReason),
  'POST /operator/credits/{id}/decline': credit(200, withReason),

  'GET /demo/faults/{orderId}': demoOrder(200),
  'PUT /demo/faults/{orderId}': demoOrder(200, () => ({ step: 'deductingBalance', kind: 'refuse' })),
  'DELETE /demo/faults/{orderId}': demoOrder(200),

  'GET /livez': nothing(200),
  'GET /settings': nothing(200),
  'GET /charts': nothing(200),
  'GET /charts/{machine}': { about: 'nothing', status: 404, ask: () => ({ in: { machine: 1 } }) },
  'GET /sessions/current': nothing(200),
  'GET /operator/health': nothing(200),
  'GET /operator/customers': nothing(200),
  'GET /operator/customers/{id}': customer(200),
  'GET /operator/customers/{id}/ledger': customer(200),
  'GET /operator/customers/{id}/orders': customer(200),
  'GET /operator/coupons': nothing(200),
  'GET /operator/stock/{optionId}/movements': thing(
    'shopThing',
    things => things.productOption(),
    'optionId',
  )(200),
  'GET /readyz': nothing(200),
  'GET /metrics': nothing(200),
  'GET /openapi.json': nothing(200),
}
