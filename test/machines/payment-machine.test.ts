import { describe, expect, it } from 'vitest'
import { type PaymentState, paymentMachine } from '../../src/machines/payment-machine.ts'
import { patchOf } from '../../src/runtime/patch.ts'
import { undescribed } from './machine-descriptions.ts'
import {
  incoming,
  keyNames,
  nameOf,
  payer,
  payOrder,
  playPayment,
  refusal,
  type Script,
  steps,
  type Trouble,
} from './payment-script.ts'

const commandsOf = [
  'beginPayment',
  'decreaseStock/61',
  'decreaseStock/62',
  'useCoupon',
  'deductBalance',
  'completePayment',
  'recordSale',
]
const restoreStock = ['restoreStock/61', 'restoreStock/62']
const undoAll = ['voidPayment', 'refundBalance', 'restoreCoupon', ...restoreStock, 'releaseOrder']

const payerTold = (effects: ReturnType<typeof playPayment>['effects']) =>
  effects.flatMap(effect => (effect.type === 'reply' && effect.to === payer ? [effect.message] : []))

describe('A payment in which everything succeeds', () => {
  it('goes through every step in order and completes', () => {
    const { state, sent, states, effects } = playPayment({})
    expect([...new Set(states.map(each => nameOf(each.state)))]).toEqual([
      'paying.claimingOrder',
      'paying.decreasingStock',
      'paying.usingCoupon',
      'paying.deductingBalance',
      'paying.recordingPayment',
      'paying.recordingStatistics',
      'completed',
    ])
    expect(keyNames(sent)).toEqual(commandsOf)
    expect(sent.every(({ key, resent }) => key?.scope === '1001/1' && resent === false)).toBe(true)
    expect(state.context).toMatchObject({
      attempt: 1,
      customerId: 11,
      originalPrice: 3_000,
      discountAmount: 300,
    })
    const completed = {
      type: 'PaymentCompleted',
      paymentId: 1001,
      orderId: 1001,
      customerId: 11,
      originalPrice: 3_000,
      discountAmount: 300,
      discountedPrice: 2_700,
      paidAt: state.context.paidAt,
    }
    expect(payerTold(effects)).toEqual([completed])
    expect(effects.at(-1)).toEqual({ type: 'emit', topic: 'payments', key: 'order/1001', message: completed })
  })

  it('passes over the coupon when none is given', () => {
    const { sent, effects } = playPayment({ couponId: null })
    expect(keyNames(sent)).not.toContain('useCoupon')
    expect(payerTold(effects)).toMatchObject([{ discountAmount: 0, discountedPrice: 3_000 }])
  })

  it('says with every command what it is about', () => {
    const { sent } = playPayment({ options: 1 })
    expect(Object.fromEntries(sent.map(({ to, message }) => [to, message]))).toMatchObject({
      'stock/61': { type: 'DecreaseStock', quantity: 1 },
      'ownedCoupon/71:11': { type: 'UseCoupon', orderId: 1001, totalPrice: 3_000 },
      'balance/11': { type: 'DeductBalance', originalPrice: 3_000, discountAmount: 300 },
      'order/1001': { type: 'CompletePayment', discountedPrice: 2_700, couponId: 71 },
      'statistics/1001': { type: 'RecordSale', orderId: 1001, sales: [{ productId: 51, quantity: 1 }] },
    })
  })
})

describe('A payment in which a step', () => {
  const cases: [step: string, trouble: Trouble, undone: string[]][] = [
    ['beginPayment', 'refused', []],
    ['beginPayment', 'lost', ['releaseOrder']],
    ['beginPayment', 'done and silent', ['releaseOrder']],
    ['decreaseStock/61', 'refused', ['restoreStock/62', 'releaseOrder']],
    ['decreaseStock/62', 'refused', ['restoreStock/61', 'releaseOrder']],
    ['decreaseStock/62', 'lost', [...restoreStock, 'releaseOrder']],
    ['decreaseStock/62', 'done and silent', [...restoreStock, 'releaseOrder']],
    ['useCoupon', 'refused', [...restoreStock, 'releaseOrder']],
    ['useCoupon', 'lost', ['restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['useCoupon', 'done and silent', ['restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['deductBalance', 'refused', ['restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['deductBalance', 'lost', ['refundBalance', 'restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['deductBalance', 'done and silent', ['refundBalance', 'restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['completePayment', 'refused', ['refundBalance', 'restoreCoupon', ...restoreStock, 'releaseOrder']],
    ['completePayment', 'lost', undoAll],
    ['completePayment', 'done and silent', undoAll],
    ['recordSale', 'refused', undoAll],
  ]

  it.each(cases)(
    '%s is %s ends failed, and everything is undone in reverse order',
    (step, trouble, undone) => {
      const { state, sent, standing, effects } = playPayment({ trouble: { [step]: trouble } })
      expect(nameOf(state)).toBe('failed')
      expect(standing).toEqual([])
      expect(keyNames(sent.filter(({ undoes }) => undoes !== undefined))).toEqual(undone)
      const reason = trouble === 'refused' ? refusal : { code: 'PAYMENT_STEP_TIMED_OUT' }
      expect(payerTold(effects)).toMatchObject([{ type: 'PayOrderRejected', refusal: reason }])
    },
  )

  it.each(['lost', 'done and silent'] as const)(
    'recordSale is %s completes, and the sale stays owed',
    trouble => {
      const { state, effects } = playPayment({ trouble: { recordSale: trouble } })
      expect(nameOf(state)).toBe('completed')
      expect(effects.filter(({ type }) => type === 'emit')).toMatchObject([
        {
          topic: 'command',
          key: 'statistics/1001',
          message: {
            to: 'statistics/1001',
            key: { scope: '1001/1', name: 'recordSale' },
            message: { type: 'RecordSale' },
          },
        },
        { topic: 'payments' },
      ])
    },
  )

  it('has several refusals of stock: the payer is told the first in line order', () => {
    const before = playPayment({ trouble: { 'decreaseStock/61': 'lost', 'decreaseStock/62': 'lost' } })
      .states[1]
    const refused = (optionId: number) =>
      incoming(
        {
          type: 'DecreaseStockRejected',
          refusal: {
            code: 'STOCK_INSUFFICIENT',
            facts: { productOptionId: optionId, available: 0, requested: 1 },
          },
        },
        `stock/${optionId}`,
      )
    let state = before?.state as PaymentState
    for (const optionId of [62, 61]) state = steps.step(state, refused(optionId)).state
    expect(state.context.failure?.facts).toMatchObject({ productOptionId: 61 })
  })

  it('refuses while another one is silent: what is silent may have been done', () => {
    const trouble = { 'decreaseStock/61': 'refused', 'decreaseStock/62': 'done and silent' } as const
    const { standing, sent, effects } = playPayment({ trouble })
    expect(standing).toEqual([])
    expect(keyNames(sent).slice(3)).toEqual(['restoreStock/62', 'releaseOrder'])
    expect(payerTold(effects)).toMatchObject([{ refusal }])
  })

  it('finds no order leaves nothing behind', () => {
    const { state } = steps.step(steps.start(undefined).state, payOrder())
    const refusal = { code: 'ORDER_NOT_FOUND', facts: { orderId: 1001 } }
    const result = steps.step(state, incoming({ type: 'BeginPaymentRejected', refusal }))
    expect(nameOf(result.state)).toBe('idle')
    expect(result.state.context.attempt).toBe(0)
    expect(result.effects).toContainEqual({ type: 'forget', scope: '1001/1' })
    expect(payerTold(result.effects)).toEqual([{ type: 'PayOrderRejected', refusal }])
  })

  it.each(undoAll)('is undone although %s is silent at first', undo => {
    const { state, standing } = playPayment({ trouble: { recordSale: 'refused', [undo]: 3 } })
    expect(nameOf(state)).toBe('failed')
    expect(standing).toEqual([])
  })
})

describe('CancelPayment', () => {
  const cancel = { type: 'CancelPayment' }

  it.each(['beginPayment', 'decreaseStock/62', 'useCoupon', 'deductBalance'])(
    'during %s lets it end, then undoes everything',
    step => {
      const { state, standing, effects } = playPayment({ meanwhile: { step, message: cancel } })
      expect(nameOf(state)).toBe('failed')
      expect(standing).toEqual([])
      expect(effects).toContainEqual({ type: 'reply', message: { type: 'PaymentCancelling' } })
      expect(payerTold(effects)).toMatchObject([{ refusal: { code: 'PAYMENT_CANCELLED' } }])
    },
  )

  it('during beginPayment undoes the claim alone: no stock was asked for', () => {
    const { sent } = playPayment({ meanwhile: { step: 'beginPayment', message: cancel } })
    expect(keyNames(sent)).toEqual(['beginPayment', 'releaseOrder'])
  })

  it.each(['completePayment', 'recordSale'])('during %s is refused', step => {
    const { state, effects } = playPayment({ meanwhile: { step, message: cancel } })
    expect(nameOf(state)).toBe('completed')
    expect(effects).toContainEqual({
      type: 'reply',
      message: {
        type: 'CancelPaymentRejected',
        refusal: { code: 'ORDER_NOT_CANCELLABLE', facts: { orderId: 1001, status: 'PAYING' } },
      },
    })
  })

  it.each(undoAll)('during %s is accepted: the order is being released anyway', step => {
    const { effects } = playPayment({
      trouble: { recordSale: 'refused' },
      meanwhile: { step, message: cancel },
    })
    expect(effects).toContainEqual({ type: 'reply', message: { type: 'PaymentCancelling' } })
    expect(payerTold(effects)).toMatchObject([{ refusal }])
  })
})

describe('PayOrder', () => {
  it.each([...commandsOf, ...undoAll])('during %s is refused', step => {
    const { effects } = playPayment({
      ...(undoAll.includes(step) && { trouble: { recordSale: 'refused' as const } }),
      meanwhile: { step, message: { type: 'PayOrder', orderId: 1001, couponId: null } },
    })
    expect(effects).toContainEqual({
      type: 'reply',
      message: {
        type: 'PayOrderRejected',
        refusal: { code: 'ORDER_NOT_PAYABLE', facts: { orderId: 1001, status: 'PAYING' } },
      },
    })
  })

  it('of a completed payment is refused', () => {
    const { state } = playPayment({})
    const result = steps.step(state, payOrder())
    expect(result.state).toBe(state)
    expect(result.effects).toMatchObject([{ message: { refusal: { facts: { status: 'PAID' } } } }])
  })

  it('after a failed attempt is the next one, with keys of its own and nothing left of the first', () => {
    const failed = playPayment({ trouble: { deductBalance: 'refused' } }).state
    const { state, sent } = playPayment({ couponId: null }, failed)
    expect(nameOf(state)).toBe('completed')
    expect(new Set(sent.map(({ key }) => key?.scope))).toEqual(new Set(['1001/2']))
    expect(state.context).toMatchObject({ attempt: 2, couponId: null, discountAmount: null, failure: null })
  })
})

/** Payments that between them pass through every state. */
const scripts: Script[] = [
  {},
  { couponId: null },
  ...commandsOf.flatMap(step =>
    (['refused', 'lost', 'done and silent'] as const).map(trouble => ({ trouble: { [step]: trouble } })),
  ),
]

const replies = [
  incoming({ type: 'OrderPaymentBegun', customerId: 12, items: [], totalPrice: 1 }),
  incoming({ type: 'BeginPaymentRejected', refusal }),
  incoming({ type: 'StockDecreased', productOptionId: 61 }, 'stock/61'),
  incoming({ type: 'StockDecreased', productOptionId: 99 }, 'stock/99'),
  incoming({ type: 'DecreaseStockRejected', refusal }, 'stock/61'),
  incoming({ type: 'DecreaseStockRejected', refusal }, 'stock/99'),
  incoming({ type: 'CouponUsed', discountAmount: 1 }, 'ownedCoupon/71:11'),
  incoming({ type: 'UseCouponRejected', refusal }, 'ownedCoupon/71:11'),
  incoming({ type: 'BalanceDeducted', amount: 1 }, 'balance/11'),
  incoming({ type: 'DeductBalanceRejected', refusal }, 'balance/11'),
  incoming({ type: 'OrderPaid', paidAt: 1 }),
  incoming({ type: 'CompletePaymentRejected', refusal }),
  incoming({ type: 'SaleRecorded' }, 'statistics/1001'),
  incoming({ type: 'RecordSaleRejected', refusal }, 'statistics/1001'),
  incoming({ type: 'PaymentVoided' }),
  incoming({ type: 'BalanceRefunded', amount: 1 }, 'balance/11'),
  incoming({ type: 'CouponRestored' }, 'ownedCoupon/71:11'),
  incoming({ type: 'StockRestored', productOptionId: 61 }, 'stock/61'),
  incoming({ type: 'StockRestored', productOptionId: 99 }, 'stock/99'),
  incoming({ type: 'OrderReleased', status: 'CREATED' }),
  incoming({ type: 'Gossip' }),
  incoming({ type: 'xstate.after.silence.payment.paying.nowhere' }),
]

const awaited: Record<string, string[]> = {
  'paying.claimingOrder': ['OrderPaymentBegun', 'BeginPaymentRejected'],
  'paying.decreasingStock': ['StockDecreased', 'DecreaseStockRejected'],
  'paying.usingCoupon': ['CouponUsed', 'UseCouponRejected'],
  'paying.deductingBalance': ['BalanceDeducted', 'DeductBalanceRejected'],
  'paying.recordingPayment': ['OrderPaid', 'CompletePaymentRejected'],
  'paying.recordingStatistics': ['SaleRecorded', 'RecordSaleRejected'],
  'compensating.voidingPayment': ['PaymentVoided'],
  'compensating.refundingBalance': ['BalanceRefunded'],
  'compensating.restoringCoupon': ['CouponRestored'],
  'compensating.restoringStock': ['StockRestored'],
  'compensating.releasingOrder': ['OrderReleased'],
}

/** Whether a state waits for a reply; of stock it waits for each option until that has answered. */
function waitsFor(state: PaymentState, { type, meta }: (typeof replies)[number]): boolean {
  if (!awaited[nameOf(state)]?.includes(type)) return false
  const { stock, items } = state.context
  if (!meta.caller.from.startsWith('stock/')) return true
  const progress =
    stock[items.findIndex(({ productOptionId }) => meta.caller.from === `stock/${productOptionId}`)]
  return type === 'StockRestored' ? progress === 'sent' || progress === 'done' : progress === 'sent'
}

describe('A late, repeated or unknown reply', () => {
  const states = new Map(
    scripts.flatMap(script => playPayment(script).states.map(({ state }) => [JSON.stringify(state), state])),
  )

  it('meets every state there is', () => {
    const names = new Set([...states.values()].map(nameOf))
    expect(names).toEqual(new Set([...Object.keys(awaited), 'completed', 'failed']))
  })

  it.each(replies)('$type changes nothing', reply => {
    for (const state of states.values()) {
      if (waitsFor(state, reply)) continue
      const result = steps.step(state, reply)
      expect([nameOf(state), result.state === state, result.effects]).toEqual([nameOf(state), true, []])
    }
  })
})

describe('A deadline', () => {
  const states: Record<string, string> = {
    beginPayment: 'claimingOrder',
    'decreaseStock/61': 'decreasingStock',
    'decreaseStock/62': 'decreasingStock',
    useCoupon: 'usingCoupon',
    deductBalance: 'deductingBalance',
    completePayment: 'recordingPayment',
    recordSale: 'recordingStatistics',
    voidPayment: 'voidingPayment',
    refundBalance: 'refundingBalance',
    restoreCoupon: 'restoringCoupon',
    'restoreStock/61': 'restoringStock',
    'restoreStock/62': 'restoringStock',
    releaseOrder: 'releasingOrder',
  }
  const delaysIn = ({ deadlines }: ReturnType<typeof playPayment>, step: string) =>
    deadlines.filter(({ name }) => name.endsWith(`.${states[step]}`)).map(({ delayMs }) => delayMs)

  const sendsOf = ({ sent }: ReturnType<typeof playPayment>, step: string) =>
    sent.filter(({ key }) => key?.name === step)

  it.each(scripts)('runs in every waiting state and in no other (%j)', script => {
    for (const { state, timers } of playPayment(script).states) {
      expect([nameOf(state), timers.length]).toEqual([nameOf(state), nameOf(state) in awaited ? 1 : 0])
    }
  })

  it.each(commandsOf)('of %s doubles with every resend, and the key stays the same', step => {
    const played = playPayment({ trouble: { [step]: 'lost' } })
    expect(delaysIn(played, step)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000])
    const sends = sendsOf(played, step)
    expect(sends.map(({ resent }) => resent)).toEqual([false, true, true, true, true, true])
    expect(new Set(sends.map(({ key, message }) => JSON.stringify([key, message]))).size).toBe(1)
  })

  it.each(undoAll)('of %s doubles up to a minute, however long nobody answers', step => {
    const played = playPayment({ trouble: { recordSale: 'refused', [step]: 7 } })
    expect(delaysIn(played, step)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    expect(new Set(sendsOf(played, step).map(({ key, undoes }) => JSON.stringify([key, undoes]))).size).toBe(
      1,
    )
  })

  it('of a step is its first one again, however often the step before was resent', () => {
    const played = playPayment({ trouble: { useCoupon: 3, recordSale: 'refused', voidPayment: 3 } })
    expect(delaysIn(played, 'deductBalance')).toEqual([2_000])
    expect(delaysIn(played, 'refundBalance')).toEqual([2_000])
  })
})

describe('A payment', () => {
  it('has fewer fields than an object that is copied slowly', () => {
    const copied = Object.keys(steps.start(undefined).state.context)
    expect(copied.length).toBeLessThan(20)
  })

  it.each(scripts)('behaves the same when it goes through JSON after every message (%j)', script => {
    const { effects, state } = playPayment(script)
    const stored = playPayment({ ...script, throughJson: true })
    expect(stored.effects).toEqual(effects)
    expect(steps.dehydrate(stored.state)).toEqual(steps.dehydrate(state))
  })

  it.each(scripts)('wants only what is plain data (%j)', script => {
    const { effects, states } = playPayment(script)
    expect(JSON.parse(JSON.stringify(effects))).toStrictEqual(effects)
    for (const { state } of states) {
      expect(JSON.parse(JSON.stringify(state.context))).toStrictEqual(state.context)
    }
  })

  it('cannot be restored into a state that the machine does not have', () => {
    expect(() => steps.hydrate({ value: 'paused', context: {} })).toThrow()
  })

  it('costs a journal that is linear in its options, paid or undone', () => {
    const journalSize = (options: number) => {
      const { states } = playPayment({ options, trouble: { recordSale: 'refused' } })
      return states.reduce((size, { state }, place) => {
        const before = states[place - 1]?.state.context ?? {}
        return size + JSON.stringify(patchOf(before, state.context)).length
      }, 0)
    }
    expect(journalSize(1_114) / journalSize(100)).toBeLessThan((1_114 / 100) * 1.1)
  })

  it('is drawn with a sentence for every state and every way from one to another', () => {
    expect(undescribed(paymentMachine)).toEqual([])
  })
})
