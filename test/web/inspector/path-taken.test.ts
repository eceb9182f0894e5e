import { describe, expect, it } from 'vitest'
import { machineChart } from '../../../src/machines/machine-chart.ts'
import { paymentMachine } from '../../../src/machines/payment-machine.ts'
import type { Entry } from '../../../web/src/inspector/history.ts'
import { type PathTaken, pathTaken } from '../../../web/src/inspector/path-taken.ts'
import { madeHistory } from './made-history.ts'

const chart = machineChart(paymentMachine)
const silence = 'xstate.after.silence.payment.paying.deductingBalance'

/** Moves of the payment: what it was told, and where that led. */
const moves: readonly (readonly [type: string, state: string])[] = [
  ['PayOrder', 'paying.claimingOrder'],
  ['OrderPaymentBegun', 'paying.decreasingStock'],
  ['StockDecreased', 'paying.deductingBalance'],
  [silence, 'paying.deductingBalance'],
  ['DeductBalanceRejected', 'compensating.restoringStock'],
  ['StockRestored', 'compensating.releasingOrder'],
  ['OrderReleased', 'failed'],
  ['PayOrder', 'paying.claimingOrder'],
]

const { entries } = madeHistory(
  moves.map(([type, state]): Partial<Entry> => {
    const from = type === silence ? 'payment/1001' : 'order/1001'
    return { message: { type }, state, from }
  }),
)
const at = (position: number): PathTaken => pathTaken(chart, entries, 'payment/1001', position)
const taken = (position: number) =>
  [...at(position).taken].map(id => {
    const { from, event } = chart.transitions.find(transition => transition.id === id) ?? {}
    return `${from} ${event}`.trim()
  })

describe('The path of a payment through its chart', () => {
  it('begins in the first state', () => {
    expect(at(0)).toEqual({ lit: ['idle'], visits: new Map(), taken: new Set() })
  })

  it('lights the state it is in and those around it', () => {
    expect(at(1).lit).toEqual(['paying', 'paying.claimingOrder'])
    expect(at(7).lit).toEqual(['failed'])
  })

  it('counts how often a state was entered, each time it was asked again too', () => {
    expect(at(4).visits.get('paying.deductingBalance')).toBe(2)
    expect(at(8).visits.get('paying')).toBe(2)
    expect(at(8).visits.get('paying.claimingOrder')).toBe(2)
    expect(at(8).visits.get('compensating')).toBe(1)
    expect(at(8).visits.has('compensating.voidingPayment')).toBe(false)
  })

  it('takes the transitions that lead there, with those that pass over what has nothing to undo', () => {
    expect(taken(3)).toEqual([
      'idle PayOrder',
      'paying.claimingOrder OrderPaymentBegun',
      'paying.decreasingStock StockDecreased',
      // That was the last option.
      'paying.decreasingStock',
    ])
    expect(taken(5).slice(4)).toEqual([
      'paying.deductingBalance silence',
      'paying.deductingBalance DeductBalanceRejected',
      'compensating.voidingPayment',
      'compensating.refundingBalance',
      'compensating.restoringCoupon',
    ])
  })
})
