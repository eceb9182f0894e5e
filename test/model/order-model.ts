import type { OrderItem } from '../../src/actors/order/order-messages.ts'
import { type OrderState, orderMachine } from '../../src/machines/order-machine.ts'
import { refuse } from '../../src/refusal.ts'
import { addressOf, type Message } from '../../src/runtime/envelope.ts'
import { stateName } from './machine-chart.ts'
import { type Builders, type MachineModel, modelOf, type Variant } from './machine-model.ts'
import { attemptsMax } from './payment-model.ts'

/** The numbers of one order. */
export interface OrderWorld {
  readonly orderId: number
  readonly customerId: number
  readonly items: readonly OrderItem[]
  readonly expireAfterMs: number
  readonly at: number
}

const line = { productId: 51, productName: 'Cup', quantity: 1, subtotalPrice: 1_500 }

const orderWorld: OrderWorld = {
  orderId: 1001,
  customerId: 11,
  items: [
    { ...line, productOptionId: 61, optionName: 'red' },
    { ...line, productOptionId: 62, optionName: 'blue' },
  ],
  expireAfterMs: 3_600_000,
  at: Date.UTC(2026, 0, 5, 3),
}

/** Two who cancel at once are enough to tell one from several. */
const cancellersMax = 2
/** Created, and in each attempt begun, paid, voided, released: what the stream can hold within the attempts. */
const eventsMax = 1 + 4 * attemptsMax

/** Parts that may be returned one after the other before the rest is. */
const returnsMax = 2

type Machine = typeof orderMachine

/** What an order can hear, in what variants: one builder per event type of the machine. */
function orderBuilders({
  orderId,
  customerId,
  items,
  expireAfterMs,
  at: _at,
}: OrderWorld): Builders<OrderState> {
  const payment = addressOf('payment', orderId)
  const says = (message: Message) => (): readonly Variant[] => [{ from: payment, message }]
  const totalPrice = items.reduce((total, item) => total + item.subtotalPrice, 0)
  const isNew = ({ context }: OrderState) => context.sequence < eventsMax

  return {
    CreateOrder: () => [
      {
        from: 'door/customer',
        message: { type: 'CreateOrder', orderId, customerId, items, expireAfterMs },
        label: 'again',
      },
    ],
    BeginPayment: state =>
      stateName(state) === 'CREATED' && state.context.attempt >= attemptsMax
        ? []
        : [{ from: payment, message: { type: 'BeginPayment', attempt: state.context.attempt + 1 } }],
    CompletePayment: state =>
      isNew(state)
        ? [
            {
              from: payment,
              message: {
                type: 'CompletePayment',
                originalPrice: totalPrice,
                discountAmount: 0,
                discountedPrice: totalPrice,
                couponId: null,
              },
            },
          ]
        : [],
    ReleaseOrder: () => {
      const message = { type: 'ReleaseOrder' }
      const undone = { type: 'OrderPaymentBegun' }
      return [
        { from: payment, message, label: 'of what never arrived' },
        { from: payment, message, undone, label: 'of what was begun' },
        { from: payment, message, undone, afterMs: expireAfterMs, label: 'of what was begun, past its time' },
      ]
    },
    RecordReturn: state => {
      const variant = (isLast: boolean, label: string): Variant => ({
        from: payment,
        message: {
          type: 'RecordReturn',
          returnId: 9_001 + state.context.sequence,
          items: [{ productOptionId: 61, quantity: 1 }],
          refundAmount: 1_500,
          isLast,
        },
        label,
      })
      const left = eventsMax + returnsMax - state.context.sequence
      const last = variant(true, 'of the rest')
      // Also an order that never ends must come to an end here.
      return left > 0 ? [variant(false, 'of a part'), last] : left === 0 ? [last] : []
    },
    VoidPayment: () => {
      const message = { type: 'VoidPayment' }
      return [
        { from: payment, message, label: 'of what never arrived' },
        { from: payment, message, undone: { type: 'OrderPaid' }, label: 'of what was paid' },
      ]
    },
    CancelOrder: state =>
      stateName(state) === 'PAYING' && state.context.cancellers.length >= cancellersMax
        ? []
        : [{ from: 'door/canceller', message: { type: 'CancelOrder' } }],
    CancelPaymentRejected: says({
      type: 'CancelPaymentRejected',
      refusal: refuse('ORDER_NOT_CANCELLABLE', { orderId, status: 'PAYING' }),
    }),
  }
}

/** On the way to what an order can end as; any other status, also one that is added, ends a path. */
const onTheWay = new Set(['CREATED', 'PAYING'])
/** Where a path ends; what can be returned of what is left does not depend on how it was paid. */
const resting = new Set(['CANCELLED', 'EXPIRED', 'PARTIALLY_RETURNED', 'RETURNED'])

function vertexOf(state: OrderState): string {
  const { attempt, payment, cancellers, sequence } = state.context
  return JSON.stringify([stateName(state), attempt, payment !== null, cancellers.length, sequence])
}

/** The order machine with bounded attempts; another machine may be put in its place. */
export function orderModel(
  world: OrderWorld = orderWorld,
  machine: Machine = orderMachine,
): MachineModel<OrderState> {
  const { orderId, customerId, items, expireAfterMs, at } = world
  const self = addressOf('order', orderId)
  const meta = { at, self, caller: { from: 'door/customer', id: 'message of door/customer' } }
  return modelOf<OrderState>({
    machine,
    self,
    at,
    builders: orderBuilders(world),
    buildersFile: 'test/model/order-model.ts',
    mayFire: () => true,
    start: steps =>
      steps.start({ type: 'CreateOrder', orderId, customerId, items, expireAfterMs, meta }) as never,
    vertexOf,
    isTarget: state => !onTheWay.has(stateName(state)),
    isEnd: state => resting.has(stateName(state)),
  })
}
