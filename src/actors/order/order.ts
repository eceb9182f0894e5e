import { createMachineSteps } from '../../machines/machine-steps.ts'
import {
  type OrderContext,
  type OrderInput,
  type OrderState,
  orderMachine,
  orderSummary,
} from '../../machines/order-machine.ts'
import { refuse } from '../../refusal.ts'
import type { ActorDefinition, Incoming } from '../../runtime/actor.ts'
import { idOf } from '../../runtime/envelope.ts'
import type { OrderCommand, OrderStatus, OrderSummary } from './order-messages.ts'

const steps = createMachineSteps(orderMachine)

/** The commands that somebody waits for; what else reaches an order that does not exist is passed over. */
const answered = new Set<string>([
  'BeginPayment',
  'CompletePayment',
  'ReleaseOrder',
  'VoidPayment',
  'CancelOrder',
] satisfies OrderCommand['type'][])

/** The order machine as an actor. An order that was never placed answers ORDER_NOT_FOUND, and its undo answers done. */
export const order: ActorDefinition<OrderState> = {
  kind: 'order',
  version: 1,
  form: steps.form,
  step(state, incoming) {
    if (state !== undefined) return steps.step(state, incoming)
    const { type, meta } = incoming
    if (type === 'CreateOrder') return steps.start(incoming as Incoming<OrderInput>)
    if (type === 'ReleaseOrder')
      return { state, effects: [{ type: 'reply', message: { type: 'OrderReleased' } }] }
    if (type === 'VoidPayment')
      return { state, effects: [{ type: 'reply', message: { type: 'PaymentVoided' } }] }
    if (!answered.has(type)) return { state, effects: [] }
    const refusal = refuse('ORDER_NOT_FOUND', { orderId: Number(idOf(meta.self)) })
    return { state, effects: [{ type: 'reply', message: { type: `${type}Rejected`, refusal } }] }
  },
  dehydrate: steps.dehydrate,
  hydrate: steps.hydrate,
  timersOf: steps.timersOf,
  stateValue: state => state.value,
  context: state => state.context,
}

/** An order as others see it, from its stored state. */
export function orderOf(stored: unknown): OrderSummary {
  const { value, context } = stored as { value: OrderStatus; context: OrderContext }
  return orderSummary(value, context)
}
