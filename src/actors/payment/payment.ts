import { createMachineSteps } from '../../machines/machine-steps.ts'
import {
  type PaymentContext,
  type PaymentState,
  type PaymentTiming,
  paymentMachineWith,
} from '../../machines/payment-machine.ts'
import type { ActorDefinition, Incoming } from '../../runtime/actor.ts'
import type { PaymentStatus, PaymentSummary } from './payment-messages.ts'

/** Whether a message answers a command of an earlier attempt: too late to mean anything. */
function ofEarlierAttempt(state: PaymentState, { meta }: Incoming): boolean {
  const { orderId, attempt } = state.context
  const scope = meta.key?.scope
  // A command from the door may have a key too, of another kind.
  return scope?.startsWith(`${orderId}/`) === true && scope !== `${orderId}/${attempt}`
}

/** The payment machine as an actor. One that nobody has paid yet is idle and has no row. */
export function payment(
  timing: PaymentTiming,
  machine = paymentMachineWith(timing),
): ActorDefinition<PaymentState> {
  const steps = createMachineSteps(machine)
  const idle = steps.start(undefined).state
  return {
    kind: 'payment',
    version: 1,
    form: steps.form,
    startsAttempt: 'PayOrder',
    step(state, incoming) {
      const before = state ?? idle
      if (ofEarlierAttempt(before, incoming)) return { state, effects: [] }
      const result = steps.step(before, incoming)
      return result.state === before ? { state, effects: result.effects } : result
    },
    dehydrate: steps.dehydrate,
    hydrate: steps.hydrate,
    timersOf: steps.timersOf,
    stateValue: state => state.value,
    context: state => state.context,
  }
}

const statuses: Record<string, PaymentStatus> = {
  idle: 'PAYING',
  paying: 'PAYING',
  compensating: 'COMPENSATING',
  failed: 'FAILED',
  completed: 'COMPLETED',
  returning: 'RETURNING',
  returned: 'RETURNED',
}

/** A payment as others see it, from its stored state. */
export function paymentOf(stored: unknown): PaymentSummary {
  const { value, context } = stored as { value: string | Record<string, string>; context: PaymentContext }
  const [stage = '', step] = typeof value === 'string' ? [value] : (Object.entries(value)[0] ?? [])
  const status = statuses[stage]
  if (status === undefined) throw new Error(`Payment ${context.orderId} is in the unknown state ${stage}`)
  const { originalPrice, discountAmount } = context
  return {
    paymentId: context.orderId,
    orderId: context.orderId,
    customerId: context.customerId,
    status: status === 'COMPLETED' && context.returns !== null ? 'PARTIALLY_RETURNED' : status,
    step: step === undefined ? stage : `${stage}.${step}`,
    attempt: context.attempt,
    couponId: context.couponId,
    originalPrice,
    discountAmount: originalPrice === null ? null : (discountAmount ?? 0),
    discountedPrice: originalPrice === null ? null : originalPrice - (discountAmount ?? 0),
    paidAt: status === 'FAILED' ? null : context.paidAt,
    refundedAmount: context.returns?.refundedAmount ?? 0,
    failure: context.failure,
  }
}
