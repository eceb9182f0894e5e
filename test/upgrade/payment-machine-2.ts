import { assign, createMachine } from 'xstate'
import {
  type PaymentContext,
  type PaymentTiming,
  paymentMachine,
  paymentMachineWith,
} from '../../src/machines/payment-machine.ts'
import type { Refusal } from '../../src/refusal.ts'
import type { Effect, Incoming } from '../../src/runtime/actor.ts'

/*
 * Version 2 of the payment machine, told by what is new in it.
 *
 *   … decreasingStock ► applyingCoupon? ► screeningFraud ► deductingBalance …
 *   … refundingBalance ► withdrawingScreening ► restoringCoupon …
 *
 * `usingCoupon` is now called `applyingCoupon`, and the timer of its silence with it; the context has `screening` and
 * `risk`. Keys and commands of the steps that were there before are as they were, since they may have been sent already.
 */

/** What version 2 knows beside what version 1 knows. */
export const unscreened = { screening: 'unsent', risk: null } as const

interface Context extends PaymentContext {
  readonly screening: 'unsent' | 'sent' | 'done' | 'refused'
  readonly risk: number | null
}

interface Arguments {
  readonly context: Context
  readonly event: Incoming & { readonly risk?: number; readonly refusal?: Refusal }
}

interface StateConfig {
  entry?: unknown
  always?: unknown
  on?: Record<string, unknown>
  after?: unknown
  readonly states: Record<string, StateConfig>
}

/** Puts `target` where a state of version 1 goes to `instead`. */
function redirected(state: StateConfig | undefined, instead: string, target: string): StateConfig {
  const text = JSON.stringify(state)
  const changed = text.replaceAll(`"target":"${instead}"`, `"target":"${target}"`)
  if (changed === text) throw new Error(`Nothing leads to ${instead}`)
  return JSON.parse(changed) as StateConfig
}

function configOfSecond(): StateConfig {
  const config = JSON.parse(
    JSON.stringify(paymentMachine.config).replaceAll('"usingCoupon"', '"applyingCoupon"'),
  ) as StateConfig & { version: string; context: object }
  config.version = '2'
  config.context = { ...config.context, ...unscreened }
  const { idle, failed, paying, compensating } = config.states
  for (const state of [idle, failed]) {
    const begin = state?.on?.['PayOrder'] as { actions: unknown }
    begin.actions = [begin.actions, 'beginScreening']
  }
  const steps = paying?.states ?? {}
  for (const name of ['decreasingStock', 'applyingCoupon'])
    steps[name] = redirected(steps[name], 'deductingBalance', 'screeningFraud')
  steps['screeningFraud'] = {
    ...redirected(steps['applyingCoupon'], 'applyingCoupon', 'screeningFraud'),
    entry: ['noteScreening', 'screenPayment'],
    on: {
      PaymentScreened: [
        { guard: 'cancelled', target: '#payment.compensating', actions: 'noteScreened' },
        { target: 'deductingBalance', actions: 'noteScreened' },
      ],
      ScreenPaymentRejected: { target: '#payment.compensating', actions: 'noteScreeningRefused' },
      CancelPayment: { actions: ['noteCancellation', 'acceptCancellation'] },
    },
  }
  const undos = compensating?.states ?? {}
  undos['withdrawingScreening'] = {
    ...redirected(undos['refundingBalance'], 'refundingBalance', 'withdrawingScreening'),
    entry: 'withdrawScreening',
    always: { guard: 'nothingToWithdraw', target: 'restoringCoupon' },
    on: { ScreeningWithdrawn: { target: 'restoringCoupon', actions: 'resetResends' } },
  }
  undos['refundingBalance'] = redirected(undos['refundingBalance'], 'restoringCoupon', 'withdrawingScreening')
  return config
}

const mayHaveBeenScreened = ({ screening }: Context) => screening === 'sent' || screening === 'done'

function toFraud(context: Context, name: string, type: string): Extract<Effect, { type: 'send' }> {
  const { orderId, attempt, customerId, originalPrice, resends } = context
  return {
    type: 'send',
    to: `fraud/${customerId}`,
    message: { type, orderId, ...(type === 'ScreenPayment' && { amount: originalPrice }) },
    key: { scope: `${orderId}/${attempt}`, name },
    resent: resends > 0,
  }
}

const actions = {
  beginScreening: assign(unscreened),
  noteScreening: assign({ screening: 'sent' }),
  screenPayment: ({ context }: Arguments) => [toFraud(context, 'screenPayment', 'ScreenPayment')],
  noteScreened: assign(({ event }: Arguments) => ({
    screening: 'done' as const,
    risk: event.risk ?? null,
    resends: 0,
  })),
  noteScreeningRefused: assign(({ context, event }: Arguments) => ({
    screening: 'refused' as const,
    failure: context.failure ?? event.refusal ?? null,
    resends: 0,
  })),
  withdrawScreening({ context }: Arguments): Effect[] {
    if (!mayHaveBeenScreened(context)) return []
    const undoes = { scope: `${context.orderId}/${context.attempt}`, name: 'screenPayment' }
    return [{ ...toFraud(context, 'withdrawScreening', 'WithdrawScreening'), undoes, resent: true }]
  },
}

export function paymentMachine2With(timing: PaymentTiming): typeof paymentMachine {
  const first = paymentMachineWith(timing).implementations
  const machine = createMachine(
    configOfSecond() as never,
    {
      delays: first.delays,
      guards: {
        ...first.guards,
        nothingToWithdraw: ({ context }: Arguments) => !mayHaveBeenScreened(context),
      },
      actions: { ...first.actions, ...actions },
    } as never,
  )
  return machine as unknown as typeof paymentMachine
}
