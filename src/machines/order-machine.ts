import { assertEvent, assign, type SnapshotFrom, setup } from 'xstate'
import type { OrderCommand, OrderItem, OrderStatus, OrderSummary } from '../actors/order/order-messages.ts'
import type { PaymentReply } from '../actors/payment/payment-messages.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Effect, Incoming } from '../runtime/actor.ts'
import { addressOf, type Caller, type Message } from '../runtime/envelope.ts'
import type { PaidItem } from './payment-return.ts'

/*
 * One order.
 *
 *   CREATED ──BeginPayment──► PAYING ──CompletePayment──► PAID
 *      │  ▲                    │   ▲                       │
 *      │  └────ReleaseOrder────┤   └──────VoidPayment──────┘
 *      │                       │
 *      ├──CancelOrder──► CANCELLED ◄── ReleaseOrder, when its customer cancelled meanwhile
 *      └──in time──────► EXPIRED   ◄── ReleaseOrder, when it fell due meanwhile
 *
 *   PAID ──RecordReturn──► PARTIALLY_RETURNED ──RecordReturn──► RETURNED
 *
 * Every change of status appends one event to the order's own stream, in order; the order is the fold of that stream.
 * An undo of something that never happened answers and changes nothing.
 */

type OrderEvent = Incoming<OrderCommand | PaymentReply>

interface PaymentRecorded {
  readonly originalPrice: number
  readonly discountAmount: number
  readonly discountedPrice: number
  readonly couponId: number | null
  readonly paidAt: number
}

export interface OrderContext {
  readonly orderId: number
  readonly customerId: number
  readonly items: readonly OrderItem[]
  readonly totalPrice: number
  readonly createdAt: number
  readonly expiresAt: number
  /** The attempt that pays it, or tried last; 0 before the first. */
  readonly attempt: number
  readonly payment: PaymentRecorded | null
  /** Who asked to cancel while it was being paid, and still waits. */
  readonly cancellers: readonly Caller[]
  /** Number of the last event of its stream. */
  readonly sequence: number
}

export type OrderInput = Extract<OrderCommand, { type: 'CreateOrder' }>

/** An order as others see it. */
export function orderSummary(status: OrderStatus, context: OrderContext): OrderSummary {
  return {
    orderId: context.orderId,
    customerId: context.customerId,
    totalPrice: context.totalPrice,
    status,
    createdAt: context.createdAt,
    items: context.items,
    ...(context.attempt > 0 && { paymentId: context.orderId }),
  }
}

/** What a payment has to know: each option once, however many lines name it. */
function itemsByOption(items: readonly OrderItem[]) {
  const byOption = new Map<number, PaidItem & { quantity: number }>()
  for (const { productId, productOptionId, quantity, subtotalPrice } of items) {
    const item = byOption.get(productOptionId)
    if (item === undefined)
      byOption.set(productOptionId, {
        productId,
        productOptionId,
        quantity,
        // All lines of an option were quoted at once, at one price.
        unitPrice: subtotalPrice / quantity,
      })
    else item.quantity += quantity
  }
  return [...byOption.values()]
}

function atOf(context: OrderContext, event: OrderEvent): number {
  // The very first event is XState's own and carries no time: it is the moment of creation.
  return 'meta' in event ? event.meta.at : context.createdAt
}

function replyWith(message: Message, to?: Caller): Effect {
  return { type: 'reply', message, ...(to && { to }) }
}

const refusal = (
  code: 'ORDER_NOT_PAYABLE' | 'ORDER_NOT_CANCELLABLE',
  context: OrderContext,
  status: OrderStatus,
): Refusal => refuse(code, { orderId: context.orderId, status })

/** What the stream keeps of an event beside its type: enough to fold the order from it. */
function eventBody(type: string, context: OrderContext, event: OrderEvent): unknown {
  switch (type) {
    case 'OrderCreated': {
      const { customerId, items, totalPrice, expiresAt } = context
      return { customerId, items, totalPrice, expiresAt }
    }
    case 'PaymentBegun':
      return { attempt: context.attempt }
    case 'OrderPaid':
      return context.payment
    case 'ItemsReturned':
    case 'OrderReturned': {
      assertEvent(event, 'RecordReturn')
      const { returnId, items, refundAmount } = event
      return { returnId, items, refundAmount }
    }
    default:
      return {}
  }
}

type StatusParams = { status: OrderStatus }

const definition = setup({
  types: {
    context: {} as OrderContext,
    events: {} as OrderEvent,
    input: {} as OrderInput & Pick<OrderEvent, 'meta'>,
  },
  delays: {
    expiry: ({ context, event }) => Math.max(0, context.expiresAt - atOf(context, event)),
  },
  guards: {
    begun: ({ event }) => event.meta.undone?.type === 'OrderPaymentBegun',
    begunAndCancelled: ({ context, event }) =>
      event.meta.undone?.type === 'OrderPaymentBegun' && context.cancellers.length > 0,
    begunAndExpired: ({ context, event }) =>
      event.meta.undone?.type === 'OrderPaymentBegun' && event.meta.at >= context.expiresAt,
    paid: ({ event }) => event.meta.undone?.type === 'OrderPaid',
    isLast: ({ event }) => {
      assertEvent(event, 'RecordReturn')
      return event.isLast
    },
    someoneElseCancelled: ({ context }) => context.cancellers.length > 0,
  },
  actions: {
    noteAttempt: assign(({ event }) => {
      assertEvent(event, 'BeginPayment')
      return { attempt: event.attempt }
    }),
    notePayment: assign(({ event }) => {
      assertEvent(event, 'CompletePayment')
      const { originalPrice, discountAmount, discountedPrice, couponId, meta } = event
      return { payment: { originalPrice, discountAmount, discountedPrice, couponId, paidAt: meta.at } }
    }),
    dropPayment: assign({ payment: null }),
    noteCanceller: assign(({ context, event }) => ({
      cancellers: [...context.cancellers, event.meta.caller],
    })),
    dropCancellers: assign({ cancellers: [] }),

    countEvent: assign({ sequence: ({ context }) => context.sequence + 1 }),
    appendEvent: ({ context, event }, { type, status }: StatusParams & { type: string }): Effect[] => [
      {
        type: 'append',
        table: 'order_events',
        row: {
          order_id: context.orderId,
          sequence: context.sequence,
          type,
          status,
          at: atOf(context, event),
          body: JSON.stringify(eventBody(type, context, event)),
        },
      },
    ],
    listForCustomer: ({ context }): Effect[] => [
      {
        type: 'append',
        table: 'customer_orders',
        row: { customer_id: context.customerId, order_id: context.orderId },
      },
    ],

    answerCreated: ({ context }) => [
      replyWith({ type: 'OrderCreated', ...orderSummary('CREATED', context) }),
    ],
    answerBegun: ({ context }) => [
      replyWith({
        type: 'OrderPaymentBegun',
        customerId: context.customerId,
        items: itemsByOption(context.items),
        totalPrice: context.totalPrice,
      }),
    ],
    answerPaid: ({ context }) => [
      replyWith({ type: 'OrderPaid', paidAt: context.payment?.paidAt }),
      ...context.cancellers.map(canceller =>
        replyWith(
          { type: 'CancelOrderRejected', refusal: refusal('ORDER_NOT_CANCELLABLE', context, 'PAID') },
          canceller,
        ),
      ),
    ],
    answerReleased: (_, { status }: StatusParams) => [replyWith({ type: 'OrderReleased', status })],
    answerReturned: ({ event }) => {
      assertEvent(event, 'RecordReturn')
      return [replyWith({ type: 'ReturnRecorded', returnedAt: event.meta.at })]
    },
    answerVoided: () => [replyWith({ type: 'PaymentVoided' })],
    answerCancelled: ({ context }) => [
      replyWith({ type: 'OrderCancelled', ...orderSummary('CANCELLED', context) }),
    ],
    answerCancellers: ({ context }) =>
      context.cancellers.map(canceller =>
        replyWith({ type: 'OrderCancelled', ...orderSummary('CANCELLED', context) }, canceller),
      ),
    passOnRefusal: ({ context, event }) => {
      assertEvent(event, 'CancelPaymentRejected')
      return context.cancellers.map(canceller =>
        replyWith({ type: 'CancelOrderRejected', refusal: event.refusal }, canceller),
      )
    },
    cancelPayment: ({ context }): Effect[] => [
      { type: 'send', to: addressOf('payment', context.orderId), message: { type: 'CancelPayment' } },
    ],

    refuseBegin: ({ context }, { status }: StatusParams) => [
      replyWith({ type: 'BeginPaymentRejected', refusal: refusal('ORDER_NOT_PAYABLE', context, status) }),
    ],
    refuseCompletion: ({ context }, { status }: StatusParams) => [
      replyWith({ type: 'CompletePaymentRejected', refusal: refusal('ORDER_NOT_PAYABLE', context, status) }),
    ],
    refuseCancel: ({ context }, { status }: StatusParams) => [
      replyWith({ type: 'CancelOrderRejected', refusal: refusal('ORDER_NOT_CANCELLABLE', context, status) }),
    ],
  },
})

/** One event of the stream, numbered and appended with the status it leads to. */
const record = (type: string, status: OrderStatus) =>
  ['countEvent' as const, { type: 'appendEvent' as const, params: { type, status } }] as const

/** What a status answers to commands it has no transition for. */
const refusals = (status: OrderStatus) => ({
  BeginPayment: { actions: { type: 'refuseBegin' as const, params: { status } } },
  CompletePayment: { actions: { type: 'refuseCompletion' as const, params: { status } } },
  CancelOrder: { actions: { type: 'refuseCancel' as const, params: { status } } },
  ReleaseOrder: { actions: { type: 'answerReleased' as const, params: { status } } },
  VoidPayment: { actions: 'answerVoided' as const },
})

/** A return is told when it is done, so it cannot be refused. */
const recordReturn = [
  {
    guard: 'isLast' as const,
    target: 'RETURNED',
    actions: [...record('OrderReturned', 'RETURNED'), 'answerReturned' as const],
    description: 'Nothing is left with the customer.',
  },
  {
    target: 'PARTIALLY_RETURNED',
    actions: [...record('ItemsReturned', 'PARTIALLY_RETURNED'), 'answerReturned' as const],
    description: 'A part of it was returned.',
  },
]

export const orderMachine = definition.createMachine({
  id: 'order',
  version: '1',
  description: 'An order from its placement to its end.',
  context: ({ input }) => ({
    orderId: input.orderId,
    customerId: input.customerId,
    items: input.items,
    totalPrice: input.items.reduce((total, item) => total + item.subtotalPrice, 0),
    createdAt: input.meta.at,
    expiresAt: input.meta.at + input.expireAfterMs,
    attempt: 0,
    payment: null,
    cancellers: [],
    sequence: 0,
  }),
  initial: 'CREATED',
  entry: [...record('OrderCreated', 'CREATED'), 'listForCustomer', 'answerCreated'],
  states: {
    CREATED: {
      description: 'Placed and unpaid; nothing is reserved.',
      on: {
        ...refusals('CREATED'),
        BeginPayment: {
          target: 'PAYING',
          actions: ['noteAttempt', ...record('PaymentBegun', 'PAYING'), 'answerBegun'],
          description: 'An attempt claims the order.',
        },
        CancelOrder: {
          target: 'CANCELLED',
          actions: [...record('OrderCancelled', 'CANCELLED'), 'answerCancelled'],
          description: 'Its customer does not want it any more.',
        },
      },
      after: {
        expiry: {
          target: 'EXPIRED',
          actions: [...record('OrderExpired', 'EXPIRED')],
          description: 'Nobody paid it in time.',
        },
      },
    },
    PAYING: {
      description: 'Claimed by one attempt of its payment.',
      on: {
        ...refusals('PAYING'),
        CompletePayment: {
          target: 'PAID',
          actions: ['notePayment', ...record('OrderPaid', 'PAID'), 'answerPaid', 'dropCancellers'],
          description: 'The payment record.',
        },
        ReleaseOrder: [
          {
            guard: 'begunAndCancelled',
            target: 'CANCELLED',
            actions: [
              ...record('OrderCancelled', 'CANCELLED'),
              { type: 'answerReleased', params: { status: 'CANCELLED' } },
              'answerCancellers',
              'dropCancellers',
            ],
            description: 'Undone because its customer cancelled.',
          },
          {
            guard: 'begunAndExpired',
            target: 'EXPIRED',
            actions: [
              ...record('OrderExpired', 'EXPIRED'),
              { type: 'answerReleased', params: { status: 'EXPIRED' } },
            ],
            description: 'Undone, and its time was over meanwhile.',
          },
          {
            guard: 'begun',
            target: 'CREATED',
            actions: [
              ...record('PaymentReleased', 'CREATED'),
              { type: 'answerReleased', params: { status: 'CREATED' } },
            ],
            description: 'Undone: it may be paid again.',
          },
          { actions: { type: 'answerReleased', params: { status: 'PAYING' } } },
        ],
        CancelOrder: [
          { guard: 'someoneElseCancelled', actions: 'noteCanceller' },
          {
            actions: ['noteCanceller', 'cancelPayment'],
            description: 'Remembered, and passed on to the payment.',
          },
        ],
        CancelPaymentRejected: {
          actions: ['passOnRefusal', 'dropCancellers'],
          description: 'Too late: the payment is being recorded.',
        },
      },
    },
    PAID: {
      tags: ['completed'],
      description: 'Paid. It can be returned, not cancelled.',
      on: {
        ...refusals('PAID'),
        VoidPayment: [
          {
            guard: 'paid',
            target: 'PAYING',
            actions: ['dropPayment', ...record('PaymentVoided', 'PAYING'), 'answerVoided'],
            description: 'Its payment is being undone.',
          },
          { actions: 'answerVoided' },
        ],
        RecordReturn: recordReturn,
      },
    },
    PARTIALLY_RETURNED: {
      tags: ['return'],
      description: 'A part of it was returned; the rest can be.',
      on: { ...refusals('PARTIALLY_RETURNED'), RecordReturn: recordReturn },
    },
    RETURNED: { tags: ['return'], description: 'Returned as a whole.', on: refusals('RETURNED') },
    CANCELLED: { tags: ['failed'], description: 'Cancelled by its customer.', on: refusals('CANCELLED') },
    EXPIRED: { tags: ['failed'], description: 'Not paid in time.', on: refusals('EXPIRED') },
  },
  on: {
    CreateOrder: { actions: 'answerCreated', description: 'The same order again: the same answer.' },
  },
})

export type OrderState = SnapshotFrom<typeof orderMachine>
