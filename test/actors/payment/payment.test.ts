import { describe, expect, it } from 'vitest'
import { order } from '../../../src/actors/order/order.ts'
import { payment, paymentOf } from '../../../src/actors/payment/payment.ts'
import { defaultPaymentTiming } from '../../../src/machines/payment-machine.ts'
import { erased } from '../../../src/runtime/actor.ts'
import type { Message } from '../../../src/runtime/envelope.ts'
import { playPayment, refusal, type Script, steps } from '../../machines/payment-script.ts'
import { everyRow, openTestRuntime } from '../../runtime/open-test-runtime.ts'

const definition = payment(defaultPaymentTiming)
const address = 'payment/1001'
const payOrder = { type: 'PayOrder', orderId: 1001, couponId: null }

const open = () => openTestRuntime({ actors: [erased(definition), erased(order)] })

const answerOf = (message: Message, attempt: number) => ({
  ...message,
  meta: {
    at: 1,
    self: address,
    caller: { from: 'order/1001', id: 'm' },
    key: { scope: `1001/${attempt}`, name: 'beginPayment' },
  },
})
const begun = { type: 'OrderPaymentBegun', customerId: 11, items: [], totalPrice: 0 }

describe('PayOrder', () => {
  it('of an order that does not exist is refused and leaves no row behind', async () => {
    for (const mode of ['ticks', 'steps'] as const) {
      const { run, database } = openTestRuntime({ actors: [erased(definition), erased(order)], mode })
      const before = everyRow(database)
      expect(await run(address, payOrder)).toEqual({
        type: 'PayOrderRejected',
        refusal: { code: 'ORDER_NOT_FOUND', facts: { orderId: 1001 } },
      })
      expect(everyRow(database)).toEqual(before)
    }
  })

  it('that nobody answers is sent again at the same times after a restart', async () => {
    const first = openTestRuntime({
      actors: [erased(definition), erased(order)],
      intercept: ({ to }) => (to === 'order/1001' ? 'drop' : 'deliver'),
    })
    first.ask(address, payOrder).catch(() => {})
    first.runtime.runUntilIdle()
    const timer = () => everyRow(first.database)['timers']
    const dueAt = first.clock.now() + defaultPaymentTiming.stepDeadlineMs
    expect(timer()).toMatchObject([{ due_at: dueAt }])
    const second = first.crash()
    expect(timer()).toMatchObject([{ due_at: dueAt }])
    second.pass(dueAt - second.clock.now())
    expect(timer()).toMatchObject([{ due_at: dueAt + 2 * defaultPaymentTiming.stepDeadlineMs }])
  })
})

describe('CancelPayment', () => {
  it('of a payment that nobody began is refused and leaves no row', async () => {
    const { run, database } = open()
    const before = everyRow(database)
    expect(await run(address, { type: 'CancelPayment' })).toMatchObject({ type: 'CancelPaymentRejected' })
    expect(everyRow(database)).toEqual(before)
  })
})

describe('A reply', () => {
  const failed = playPayment({ trouble: { deductBalance: 'refused' } }).state
  const paying = steps.step(failed, { ...payOrder, meta: answerOf(begun, 2).meta }).state

  it('of an earlier attempt changes nothing', () => {
    const result = definition.step(paying, answerOf(begun, 1))
    expect(result).toEqual({ state: paying, effects: [] })
    expect(result.state).toBe(paying)
  })

  it('of this attempt moves it on', () => {
    expect(definition.step(paying, answerOf(begun, 2)).state).not.toBe(paying)
  })
})

describe('A payment as others see it', () => {
  const amounts = { originalPrice: 3_000, discountAmount: 300, discountedPrice: 2_700 }
  const noAmounts = { originalPrice: null, discountAmount: null, discountedPrice: null }
  const cases: [Script, object][] = [
    [{}, { status: 'COMPLETED', step: 'completed', ...amounts, failure: null }],
    [{ couponId: null }, { ...amounts, discountAmount: 0, discountedPrice: 3_000, couponId: null }],
    [
      { trouble: { beginPayment: 'refused' } },
      { status: 'FAILED', step: 'failed', ...noAmounts, failure: refusal },
    ],
  ]
  it.each(cases)('after %j', (script, summary) => {
    const { state } = playPayment(script)
    expect(paymentOf(steps.dehydrate(state))).toMatchObject({
      paymentId: 1001,
      orderId: 1001,
      attempt: 1,
      ...summary,
    })
  })

  it('has a status in every state on the way', () => {
    const { states } = playPayment({ trouble: { recordSale: 'refused' } })
    const seen = states.map(({ state }) => paymentOf(steps.dehydrate(state)))
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['PAYING', 'COMPENSATING', 'FAILED']))
    expect(seen.map(({ step }) => step)).toContain('compensating.refundingBalance')
  })
})
