import { describe, expect, it } from 'vitest'
import { createMachineSteps } from '../../src/machines/machine-steps.ts'
import { type OrderState, orderMachine } from '../../src/machines/order-machine.ts'
import type { Effect } from '../../src/runtime/actor.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import { undescribed } from './machine-descriptions.ts'

const steps = createMachineSteps(orderMachine)

const createdAt = Date.UTC(2026, 0, 5, 3)
const expireAfterMs = 86_400_000
const line = { productId: 51, productOptionId: 61, productName: 'Cup', optionName: 'red' }
const create = {
  type: 'CreateOrder' as const,
  orderId: 1001,
  customerId: 11,
  items: [
    { ...line, quantity: 2, subtotalPrice: 2_000 },
    { ...line, productOptionId: 62, quantity: 1, subtotalPrice: 500 },
    { ...line, quantity: 3, subtotalPrice: 3_000 },
  ],
  expireAfterMs,
}
const begin = { type: 'BeginPayment', attempt: 1 }
const complete = {
  type: 'CompletePayment',
  originalPrice: 5_500,
  discountAmount: 500,
  discountedPrice: 5_000,
  couponId: 71,
}
const cancel = { type: 'CancelOrder' }
const expire = { type: 'xstate.after.expiry.order.CREATED' }
const tooLate = {
  type: 'CancelPaymentRejected',
  refusal: { code: 'ORDER_NOT_CANCELLABLE', facts: { orderId: 1001, status: 'PAYING' } },
}
const release = { message: { type: 'ReleaseOrder' }, undone: { type: 'OrderPaymentBegun' } }
const voiding = { message: { type: 'VoidPayment' }, undone: { type: 'OrderPaid' } }

interface Said {
  readonly message: Message
  readonly undone?: Message
  readonly afterMs?: number
  readonly from?: string
}

const incoming = ({ message, undone, afterMs = 1_000, from = 'door/1' }: Said) => ({
  ...message,
  meta: {
    at: createdAt + afterMs,
    self: 'order/1001',
    caller: { from, id: `message of ${from}` },
    ...(undone && { undone }),
  },
})

const started = () => steps.start({ ...create, meta: incoming({ message: create, afterMs: 0 }).meta })

/** An order to which all of this was said; with the effects of the last of it. */
function orderAfter(...said: (Message | Said)[]) {
  let { state, effects } = started()
  for (const each of said) {
    const result = steps.step(
      state,
      incoming('message' in each ? (each as Said) : { message: each as Message }),
    )
    state = result.state
    effects = result.effects
  }
  return { state, effects }
}

const paying = [begin]
const cancelling = [begin, { message: cancel, from: 'door/canceller' }]
const paid = [begin, complete]
const ways: Record<string, (Message | Said)[]> = {
  CREATED: [],
  PAYING: paying,
  PAID: paid,
  CANCELLED: [cancel],
  EXPIRED: [expire],
}

const events = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.type === 'append' && effect.table === 'order_events' ? [effect.row] : []))
const replies = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.type === 'reply' ? [effect.message] : []))
const timersOf = (effects: readonly Effect[]) =>
  effects.filter(({ type }) => type === 'schedule' || type === 'cancel')

describe('CreateOrder', () => {
  it('places the order, lists it for its customer, and sets its time', () => {
    const { state, effects } = started()
    expect(state.value).toBe('CREATED')
    expect(replies(effects)).toEqual([
      {
        type: 'OrderCreated',
        orderId: 1001,
        customerId: 11,
        totalPrice: 5_500,
        status: 'CREATED',
        createdAt,
        items: create.items,
      },
    ])
    expect(events(effects)).toEqual([
      {
        order_id: 1001,
        sequence: 1,
        type: 'OrderCreated',
        status: 'CREATED',
        at: createdAt,
        body: JSON.stringify({
          customerId: 11,
          items: create.items,
          totalPrice: 5_500,
          expiresAt: createdAt + expireAfterMs,
        }),
      },
    ])
    expect(effects).toContainEqual({
      type: 'append',
      table: 'customer_orders',
      row: { customer_id: 11, order_id: 1001 },
    })
    expect(timersOf(effects)).toEqual([{ type: 'schedule', name: expire.type, delayMs: expireAfterMs }])
  })

  it.each(Object.keys(ways))('again answers the same when the order is %s', status => {
    const before = orderAfter(...(ways[status] ?? []))
    const { state, effects } = steps.step(before.state, incoming({ message: create }))
    expect(state).toBe(before.state)
    expect(replies(effects)).toMatchObject([{ type: 'OrderCreated', orderId: 1001, totalPrice: 5_500 }])
    expect(effects).toHaveLength(1)
  })
})

describe('A change of status', () => {
  const changes: [
    from: string,
    said: (Message | Said)[],
    by: Message | Said,
    to: string,
    event: string,
    reply: string[],
  ][] = [
    ['CREATED', [], begin, 'PAYING', 'PaymentBegun', ['OrderPaymentBegun']],
    ['CREATED', [], cancel, 'CANCELLED', 'OrderCancelled', ['OrderCancelled']],
    ['CREATED', [], expire, 'EXPIRED', 'OrderExpired', []],
    ['PAYING', paying, complete, 'PAID', 'OrderPaid', ['OrderPaid']],
    ['PAYING', paying, release, 'CREATED', 'PaymentReleased', ['OrderReleased']],
    ['PAYING', paying, { ...release, afterMs: expireAfterMs }, 'EXPIRED', 'OrderExpired', ['OrderReleased']],
    [
      'PAYING, being cancelled',
      cancelling,
      release,
      'CANCELLED',
      'OrderCancelled',
      ['OrderReleased', 'OrderCancelled'],
    ],
    [
      'PAYING, being cancelled',
      cancelling,
      complete,
      'PAID',
      'OrderPaid',
      ['OrderPaid', 'CancelOrderRejected'],
    ],
    ['PAID', paid, voiding, 'PAYING', 'PaymentVoided', ['PaymentVoided']],
  ]

  it.each(changes)('leads from %s, after %j, by %j, to %s', (_from, said, by, to, type, answers) => {
    const before = orderAfter(...said)
    const { state, effects } = orderAfter(...said, by)
    expect(state.value).toBe(to)
    expect(events(effects)).toMatchObject([{ sequence: before.state.context.sequence + 1, type, status: to }])
    expect(replies(effects).map(reply => reply.type)).toEqual(answers)
  })
})

describe('BeginPayment', () => {
  it('tells the payment what is in the order, each option once', () => {
    expect(replies(orderAfter(begin).effects)).toEqual([
      {
        type: 'OrderPaymentBegun',
        customerId: 11,
        items: [
          { productId: 51, productOptionId: 61, quantity: 5, unitPrice: 1_000 },
          { productId: 51, productOptionId: 62, quantity: 1, unitPrice: 500 },
        ],
        totalPrice: 5_500,
      },
    ])
  })

  it('stops the time of the order, and its release starts what is left of it', () => {
    expect(timersOf(orderAfter(begin).effects)).toEqual([{ type: 'cancel', name: expire.type }])
    expect(timersOf(orderAfter(begin, { ...release, afterMs: 60_000 }).effects)).toEqual([
      { type: 'schedule', name: expire.type, delayMs: expireAfterMs - 60_000 },
    ])
  })
})

describe('CompletePayment', () => {
  it('keeps the payment record; VoidPayment drops it', () => {
    const { state } = orderAfter(begin, { message: complete, afterMs: 5_000 })
    const { type: _type, ...record } = complete
    expect(state.context.payment).toEqual({ ...record, paidAt: createdAt + 5_000 })
    expect(orderAfter(begin, complete, voiding).state.context.payment).toBeNull()
  })
})

describe('A command that a status has no use for', () => {
  const refused = (type: string, code: string) => (status: string) => ({
    type: `${type}Rejected`,
    refusal: { code, facts: { orderId: 1001, status } },
  })
  const commands: [Message, (status: string) => Message, statuses: string[]][] = [
    [begin, refused('BeginPayment', 'ORDER_NOT_PAYABLE'), ['PAYING', 'PAID', 'CANCELLED', 'EXPIRED']],
    [complete, refused('CompletePayment', 'ORDER_NOT_PAYABLE'), ['CREATED', 'PAID', 'CANCELLED', 'EXPIRED']],
    [cancel, refused('CancelOrder', 'ORDER_NOT_CANCELLABLE'), ['PAID', 'CANCELLED', 'EXPIRED']],
    [{ type: 'ReleaseOrder' }, status => ({ type: 'OrderReleased', status }), Object.keys(ways)],
    [{ type: 'VoidPayment' }, () => ({ type: 'PaymentVoided' }), Object.keys(ways)],
  ]
  const cases = commands.flatMap(([message, answer, statuses]) =>
    statuses.map(status => [message.type, status, message, answer] as const),
  )

  it.each(cases)(
    '%s is answered when the order is %s, and changes nothing',
    (_type, status, message, answer) => {
      const before = orderAfter(...(ways[status] ?? []))
      const { state, effects } = steps.step(before.state, incoming({ message }))
      expect(state).toBe(before.state)
      expect(effects).toEqual([{ type: 'reply', message: answer(status) }])
    },
  )

  it.each(Object.keys(ways))('what it does not know is passed over when it is %s', status => {
    const before = orderAfter(...(ways[status] ?? []))
    for (const message of [{ type: 'Gossip' }, ...(status === 'PAYING' ? [] : [tooLate])]) {
      expect(steps.step(before.state, incoming({ message }))).toEqual({ state: before.state, effects: [] })
    }
  })
})

describe('CancelOrder while the order is being paid', () => {
  const canceller = { from: 'door/canceller', id: 'message of door/canceller' }

  it('is remembered and passed on to the payment; a second one waits with it', () => {
    const first = orderAfter(...cancelling)
    expect(first.effects).toEqual([{ type: 'send', to: 'payment/1001', message: { type: 'CancelPayment' } }])
    const second = orderAfter(...cancelling, { message: cancel, from: 'door/2' })
    expect(second.effects).toEqual([])
    const told = orderAfter(...cancelling, { message: cancel, from: 'door/2' }, release).effects
    expect(told.flatMap(effect => (effect.type === 'reply' && effect.to ? [effect.to.from] : []))).toEqual([
      'door/canceller',
      'door/2',
    ])
  })

  it('is refused when the payment says that it is too late', () => {
    const { state, effects } = orderAfter(...cancelling, tooLate)
    expect(state.value).toBe('PAYING')
    expect(effects).toEqual([
      { type: 'reply', to: canceller, message: { type: 'CancelOrderRejected', refusal: tooLate.refusal } },
    ])
    expect(orderAfter(...cancelling, tooLate, release).state.value).toBe('CREATED')
  })
})

describe('An order', () => {
  const whole = [begin, release, begin, cancel, complete, voiding, release]

  it('numbers the events of its stream without a gap', () => {
    const stream = [started(), ...whole.map((_, last) => orderAfter(...whole.slice(0, last + 1)))].flatMap(
      ({ effects }) => events(effects).map(({ sequence }) => sequence),
    )
    expect(stream).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('behaves the same when it goes through JSON after every message, and wants only plain data', () => {
    let live: OrderState = started().state
    let stored = live
    for (const each of whole) {
      const said = incoming('message' in each ? (each as Said) : { message: each as Message })
      const expected = steps.step(live, said)
      const result = steps.step(stored, said)
      expect(result.effects).toEqual(expected.effects)
      expect(JSON.parse(JSON.stringify(result.effects))).toStrictEqual(result.effects)
      live = expected.state
      stored = steps.hydrate(JSON.parse(JSON.stringify(steps.dehydrate(result.state))))
      expect(steps.dehydrate(stored)).toEqual(steps.dehydrate(live))
    }
  })

  it('is drawn with a sentence for every state and every way from one to another', () => {
    expect(undescribed(orderMachine)).toEqual([])
  })
})
