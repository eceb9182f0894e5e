import { describe, expect, it } from 'vitest'
import { order, orderOf } from '../../../src/actors/order/order.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { everyRow, openTestRuntime } from '../../runtime/open-test-runtime.ts'

const dayMs = 86_400_000
const items = [
  {
    productId: 51,
    productOptionId: 61,
    productName: 'Cup',
    optionName: 'red',
    quantity: 2,
    subtotalPrice: 2_000,
  },
]
const create = { type: 'CreateOrder', orderId: 1001, customerId: 11, items, expireAfterMs: dayMs }
const address = 'order/1001'

const open = () => openTestRuntime({ actors: [erased(order)] })
async function placed() {
  const runtime = open()
  await runtime.run(address, create)
  return runtime
}
const stateOf = (runtime: ReturnType<typeof open>) => orderOf(runtime.stored(address))

describe('An order that was never placed', () => {
  const refusal = { code: 'ORDER_NOT_FOUND', facts: { orderId: 1001 } }
  it.each([
    [
      { type: 'BeginPayment', attempt: 1 },
      { type: 'BeginPaymentRejected', refusal },
    ],
    [{ type: 'CompletePayment' }, { type: 'CompletePaymentRejected', refusal }],
    [{ type: 'CancelOrder' }, { type: 'CancelOrderRejected', refusal }],
    [{ type: 'ReleaseOrder' }, { type: 'OrderReleased' }],
    [{ type: 'VoidPayment' }, { type: 'PaymentVoided' }],
  ])('answers %j and leaves no row', async (message, answer) => {
    const { run, database } = open()
    const before = everyRow(database)
    expect(await run(address, message)).toEqual(answer)
    expect(everyRow(database)).toEqual(before)
  })

  it('passes over what nobody waits for', async () => {
    const { tell } = open()
    expect(await tell({ to: address, message: { type: 'CancelPaymentRejected' } })).toEqual([])
  })
})

describe('CreateOrder', () => {
  it('places the order as it was quoted', async () => {
    const runtime = await placed()
    expect(stateOf(runtime)).toEqual({
      orderId: 1001,
      customerId: 11,
      totalPrice: 2_000,
      status: 'CREATED',
      createdAt: runtime.clock.now(),
      items,
    })
  })

  it('repeated answers the same and leaves no row, also after a restart', async () => {
    const first = await placed()
    const before = everyRow(first.database)
    const second = first.crash()
    expect(await second.run(address, create)).toMatchObject({ type: 'OrderCreated', orderId: 1001 })
    expect(everyRow(second.database)).toEqual(before)
  })
})

describe('An order that nobody pays', () => {
  it('expires at its time', async () => {
    const runtime = await placed()
    runtime.pass(dayMs - 1)
    expect(stateOf(runtime).status).toBe('CREATED')
    runtime.pass(1)
    expect(stateOf(runtime).status).toBe('EXPIRED')
  })

  it('expires at its original time over a restart', async () => {
    const first = await placed()
    const placedAt = first.clock.now()
    first.clock.advance(dayMs / 2)
    const second = first.crash()
    second.pass(dayMs / 2)
    expect(stateOf(second).status).toBe('EXPIRED')
    expect(everyRow(second.database)['order_events']).toMatchObject([
      { type: 'OrderCreated' },
      { type: 'OrderExpired', at: placedAt + dayMs },
    ])
  })

  it('does not expire while it is being paid, nor once it is paid', async () => {
    const runtime = await placed()
    await runtime.run(address, { type: 'BeginPayment', attempt: 1 })
    runtime.pass(2 * dayMs)
    expect(stateOf(runtime)).toMatchObject({ status: 'PAYING', paymentId: 1001 })
    await runtime.run(address, { type: 'CompletePayment', originalPrice: 2_000, discountAmount: 0 })
    runtime.pass(2 * dayMs)
    expect(stateOf(runtime).status).toBe('PAID')
  })
})

describe('BeginPayment', () => {
  it('of two at once lets one through', async () => {
    const { ask } = await placed()
    const begin = { type: 'BeginPayment', attempt: 1 }
    const answers = await Promise.all([ask(address, begin), ask(address, begin)])
    expect(answers.map(({ type }) => type)).toEqual(['OrderPaymentBegun', 'BeginPaymentRejected'])
  })

  it('released and begun again leaves no timer, also within one batch', async () => {
    const { tell, database } = await placed()
    const begin = (attempt: number) => ({
      to: address,
      message: { type: 'BeginPayment', attempt },
      key: { scope: `1001/${attempt}`, name: 'beginPayment' },
    })
    const release = {
      to: address,
      message: { type: 'ReleaseOrder' },
      key: { scope: '1001/1', name: 'releaseOrder' },
      undoes: begin(1).key,
      resent: true,
    }
    expect((await tell(begin(1), release, begin(2))).map(({ type }) => type)).toEqual([
      'OrderPaymentBegun',
      'OrderReleased',
      'OrderPaymentBegun',
    ])
    expect(everyRow(database)['timers']).toEqual([])
  })
})
