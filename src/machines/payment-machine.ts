import { assertEvent, assign, type SnapshotFrom, setup } from 'xstate'
import type { BalanceReply } from '../actors/balance/balance-messages.ts'
import { type OwnedCouponReply, ownedCouponId } from '../actors/coupon/coupon-messages.ts'
import type { OrderReply } from '../actors/order/order-messages.ts'
import type { OperatorReply, PaymentCommand } from '../actors/payment/payment-messages.ts'
import type { StatisticsReply } from '../actors/statistics/statistics-messages.ts'
import type { StockReply } from '../actors/stock/stock-messages.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Effect, Incoming } from '../runtime/actor.ts'
import { addressOf, type Caller, type Key, type Message } from '../runtime/envelope.ts'
import { type PaidItem, type PlannedReturn, planReturn } from './payment-return.ts'

/*
 * The payment of one order.
 *
 *   idle ──PayOrder──► paying ──────────────────────────────────────────────► completed
 *                        claimingOrder ► decreasingStock ► usingCoupon?
 *                        ► deductingBalance ► recordingPayment ► recordingStatistics
 *                        │ a refusal, silence past the resends, or CancelPayment
 *                        ▼
 *                      compensating ──everything undone──► failed ──PayOrder──► paying (next attempt)
 *                        voidingPayment ► refundingBalance ► restoringCoupon ► restoringStock ► releasingOrder
 *
 *   completed ──ReturnItems──► returning ──a part──► completed, or ──all──► returned
 *                                refunding ► givingCouponBack? ► restocking ► reversingStatistics ► recordingReturn
 *
 * It owns the flow and nothing else. It knows of every step whether it was sent, done or refused, and undoes what was
 * done or may have been done; an undo that has nothing to undo is passed over. A return that was accepted only goes
 * forward. Every command has a key of its own (`orderId/attempt/step`), so resending is always safe.
 */

type PaymentEvent = Incoming<
  PaymentCommand | OrderReply | StockReply | OwnedCouponReply | BalanceReply | StatisticsReply
>

/** What is known of a step: `sent` and unanswered means it may have been done. */
type Progress = 'unsent' | 'sent' | 'done' | 'refused'

/** What came back of a paid order. */
interface Returns {
  /** By item, those under way included. */
  readonly units: readonly number[]
  /** What was given back for them, or is being given. */
  readonly refundedAmount: number
  readonly underWay: Returning | null
}

/** The return under way. */
interface Returning extends Omit<PlannedReturn, 'returned'> {
  readonly returnId: number
  /** Who is told that it is done. */
  readonly returner: Caller
  /** Options whose stock has not answered. */
  readonly unstocked: readonly number[]
}

/** At most nineteen fields: an object of twenty and more is copied sixty times as slowly, and XState copies it at every assign. */
export interface PaymentContext {
  readonly orderId: number
  /** 0 before the first. */
  readonly attempt: number
  readonly couponId: number | null
  /** Who is told how the attempt ended. */
  readonly payer: Caller | null
  readonly customerId: number | null
  /** One per option. */
  readonly items: readonly PaidItem[]
  readonly originalPrice: number | null
  readonly discountAmount: number | null
  readonly paidAt: number | null
  readonly order: Progress
  /** By item. */
  readonly stock: readonly Progress[]
  /** How many items the current step still waits for. */
  readonly awaited: number
  readonly coupon: Progress
  readonly balance: Progress
  readonly record: Progress
  readonly failure: Refusal | null
  /** Place in `items` of the refusal in `failure`, which is the first in line order. */
  readonly failedItem: number | null
  /** How often the command of the current state has been sent again. */
  readonly resends: number
  /** Null before the first return. */
  readonly returns: Returns | null
}

/** How long a step may be silent before it is asked again (doubling each time), and how often it is asked again. */
export interface PaymentTiming {
  readonly stepDeadlineMs: number
  readonly stepResendsMax: number
}

export const defaultPaymentTiming: PaymentTiming = { stepDeadlineMs: 2_000, stepResendsMax: 5 }

/** An undo is sent for as long as it takes, but never less often than this. */
const undoDelayMsMax = 60_000

const mayHaveHappened = (progress: Progress): boolean => progress === 'sent' || progress === 'done'

function attemptScope(context: PaymentContext): string {
  return `${context.orderId}/${context.attempt}`
}

function keyOf(context: PaymentContext, name: string): Key {
  return { scope: attemptScope(context), name }
}

function command(context: PaymentContext, to: string, step: string, message: Message): Effect {
  return { type: 'send', to, message, key: keyOf(context, step), resent: context.resends > 0 }
}

function undo(context: PaymentContext, to: string, step: string, undone: string, message: Message): Effect {
  return { ...command(context, to, step, message), undoes: keyOf(context, undone), resent: true } as Effect
}

function payable(context: PaymentContext): { originalPrice: number; discountAmount: number } {
  return { originalPrice: context.originalPrice ?? 0, discountAmount: context.discountAmount ?? 0 }
}

function sales(context: PaymentContext, items: readonly { productId: number; quantity: number }[]) {
  return {
    orderId: context.orderId,
    paidAt: context.paidAt ?? 0,
    sales: items.map(({ productId, quantity }) => ({ productId, quantity })),
  }
}

/** What is returned of it, as far as it goes, for `planReturn`. */
function returnable(context: PaymentContext) {
  const { units = [], refundedAmount = 0 } = context.returns ?? {}
  return { ...context, returned: units, refundedAmount }
}

function returningOf({ orderId, returns }: PaymentContext): Returning {
  if (returns?.underWay == null) throw new Error(`Nothing of order ${orderId} is being returned`)
  return returns.underWay
}

/** A command of the return under way. */
function returnCommand(context: PaymentContext, to: string, step: string, message: Message): Effect {
  return command(context, to, `${step}/${returningOf(context).returnId}`, message)
}

/** The return as it is told to whoever asked for it and to the outside. */
function itemsReturned(context: PaymentContext, event: PaymentEvent) {
  assertEvent(event, 'ReturnRecorded')
  const { returnId, items, refundAmount, isLast } = returningOf(context)
  return {
    paymentId: context.orderId,
    orderId: context.orderId,
    customerId: context.customerId,
    returnId,
    items,
    refundAmount,
    isLast,
    returnedAt: event.returnedAt,
  }
}

const orderAddress = (context: PaymentContext) => addressOf('order', context.orderId)
const stockAddress = (item: { productOptionId: number }) => addressOf('stock', item.productOptionId)
const balanceAddress = (context: PaymentContext) => addressOf('balance', context.customerId ?? 0)
const statisticsAddress = (context: PaymentContext) => addressOf('statistics', context.orderId)
const couponAddress = (context: PaymentContext) =>
  addressOf('ownedCoupon', ownedCouponId(context.couponId ?? 0, context.customerId ?? 0))

function refusalOf(event: PaymentEvent): Refusal {
  if (!('refusal' in event)) throw new Error(`${event.type} carries no refusal`)
  return event.refusal
}

/** The payer is told the first reason, also when a later step refuses too. */
function refused(context: PaymentContext, event: PaymentEvent) {
  return { failure: context.failure ?? refusalOf(event), resends: 0 }
}

/** What is known of the stock that sent `event`; `undefined` for one that is none of ours. */
function senderProgress(context: PaymentContext, event: PaymentEvent): Progress | undefined {
  return context.stock[senderPlace(context, event)]
}

function senderPlace({ items }: PaymentContext, { meta }: PaymentEvent): number {
  return items.findIndex(item => stockAddress(item) === meta.caller.from)
}

function withProgress(stock: readonly Progress[], place: number, progress: Progress): Progress[] {
  const next = stock.slice()
  next[place] = progress
  return next
}

/** The completed payment as it is told to the payer and to the outside. */
function paymentCompleted(context: PaymentContext) {
  const { originalPrice, discountAmount } = payable(context)
  return {
    type: 'PaymentCompleted',
    paymentId: context.orderId,
    orderId: context.orderId,
    customerId: context.customerId,
    originalPrice,
    discountAmount,
    discountedPrice: originalPrice - discountAmount,
    paidAt: context.paidAt,
  }
}

function answerPayer(context: PaymentContext, message: Message): Effect[] {
  return context.payer === null ? [] : [{ type: 'reply', to: context.payer, message }]
}

const blank: PaymentContext = {
  orderId: 0,
  attempt: 0,
  couponId: null,
  payer: null,
  customerId: null,
  items: [],
  originalPrice: null,
  discountAmount: null,
  paidAt: null,
  order: 'unsent',
  stock: [],
  awaited: 0,
  coupon: 'unsent',
  balance: 'unsent',
  record: 'unsent',
  failure: null,
  failedItem: null,
  resends: 0,
  returns: null,
}

type OperationParams = { operation: 'retry' | 'skip' | 'compensate' }

const definition = setup({
  types: {
    context: {} as PaymentContext,
    events: {} as PaymentEvent,
  },
  delays: {
    silence: ({ context }) => defaultPaymentTiming.stepDeadlineMs * 2 ** context.resends,
    undoSilence: ({ context }) =>
      Math.min(defaultPaymentTiming.stepDeadlineMs * 2 ** context.resends, undoDelayMsMax),
  },
  guards: {
    mayResend: ({ context }) => context.resends < defaultPaymentTiming.stepResendsMax,
    stockRefused: ({ context }) => context.failure !== null,
    cancelled: ({ context }) => context.failure?.code === 'PAYMENT_CANCELLED',
    orderUnknown: ({ event }) =>
      event.type === 'BeginPaymentRejected' && event.refusal.code === 'ORDER_NOT_FOUND',
    stockAwaited: ({ context, event }) => senderProgress(context, event) === 'sent',
    stockToRestore: ({ context, event }) => mayHaveHappened(senderProgress(context, event) ?? 'unsent'),
    everyOptionAnsweredAndSomeRefused: ({ context }) => context.awaited === 0 && context.failure !== null,
    everyOptionDecreased: ({ context }) => context.awaited === 0,
    everyOptionDecreasedForCoupon: ({ context }) => context.awaited === 0 && context.couponId !== null,
    nothingToVoid: ({ context }) => !mayHaveHappened(context.record),
    nothingToRefund: ({ context }) => !mayHaveHappened(context.balance),
    noCouponToRestore: ({ context }) => !mayHaveHappened(context.coupon),
    noStockToRestore: ({ context }) => context.awaited === 0,
    nothingToRelease: ({ context }) => !mayHaveHappened(context.order),
    returnable: ({ context, event }) => {
      assertEvent(event, 'ReturnItems')
      return !('refusal' in planReturn(returnable(context), event.items))
    },
    couponStays: ({ context }) => context.couponId === null || !returningOf(context).isLast,
    stockAwaitedBack: ({ context, event }) => {
      const place = senderPlace(context, event)
      return returningOf(context).unstocked.includes(context.items[place]?.productOptionId ?? 0)
    },
    everyOptionRestocked: ({ context }) => returningOf(context).unstocked.length === 0,
    everythingReturned: ({ context }) => returningOf(context).isLast,
  },
  actions: {
    beginAttempt: assign(({ context, event }) => {
      assertEvent(event, 'PayOrder')
      return {
        ...blank,
        orderId: event.orderId,
        attempt: context.attempt + 1,
        couponId: event.couponId,
        payer: event.meta.caller,
      }
    }),
    countResend: assign({ resends: ({ context }) => context.resends + 1 }),
    resetResends: assign({ resends: 0 }),

    claimOrder: ({ context }) => [
      command(context, orderAddress(context), 'beginPayment', {
        type: 'BeginPayment',
        attempt: context.attempt,
      }),
    ],
    noteOrderClaiming: assign({ order: 'sent' }),
    noteOrderClaimed: assign(({ event }) => {
      assertEvent(event, 'OrderPaymentBegun')
      return {
        order: 'done' as const,
        customerId: event.customerId,
        items: event.items,
        originalPrice: event.totalPrice,
        stock: event.items.map((): Progress => 'unsent'),
        resends: 0,
      }
    }),
    noteStockDecreasing: assign(({ context }) => ({
      stock: context.items.map((): Progress => 'sent'),
      awaited: context.items.length,
    })),
    noteOrderRefused: assign(({ context, event }) => ({
      ...refused(context, event),
      order: 'refused' as const,
    })),
    forgetAttempt: assign(({ context }) => ({ ...blank, orderId: context.orderId })),

    decreaseStock: ({ context }) =>
      context.items.flatMap((item, place) =>
        context.stock[place] !== 'sent'
          ? []
          : [
              command(context, stockAddress(item), `decreaseStock/${item.productOptionId}`, {
                type: 'DecreaseStock',
                quantity: item.quantity,
              }),
            ],
      ),
    noteStockDecreased: assign(({ context, event }) => ({
      stock: withProgress(context.stock, senderPlace(context, event), 'done'),
      awaited: context.awaited - 1,
    })),
    noteStockRefused: assign(({ context, event }) => {
      assertEvent(event, 'DecreaseStockRejected')
      const place = senderPlace(context, event)
      const first = context.failedItem === null ? context.failure === null : place < context.failedItem
      return {
        stock: withProgress(context.stock, place, 'refused'),
        awaited: context.awaited - 1,
        ...(first && { failedItem: place, failure: event.refusal }),
      }
    }),

    useCoupon: ({ context }) => [
      command(context, couponAddress(context), 'useCoupon', {
        type: 'UseCoupon',
        orderId: context.orderId,
        totalPrice: context.originalPrice,
      }),
    ],
    noteCouponUsing: assign({ coupon: 'sent' }),
    noteCouponUsed: assign(({ event }) => {
      assertEvent(event, 'CouponUsed')
      return { coupon: 'done' as const, discountAmount: event.discountAmount, resends: 0 }
    }),
    noteCouponRefused: assign(({ context, event }) => ({
      ...refused(context, event),
      coupon: 'refused' as const,
    })),

    deductBalance: ({ context }) => [
      command(context, balanceAddress(context), 'deductBalance', {
        type: 'DeductBalance',
        ...payable(context),
      }),
    ],
    noteBalanceDeducting: assign({ balance: 'sent' }),
    noteBalanceDeducted: assign({ balance: 'done', resends: 0 }),
    noteBalanceRefused: assign(({ context, event }) => ({
      ...refused(context, event),
      balance: 'refused' as const,
    })),

    completePayment: ({ context }) => {
      const { originalPrice, discountAmount } = payable(context)
      return [
        command(context, orderAddress(context), 'completePayment', {
          type: 'CompletePayment',
          originalPrice,
          discountAmount,
          discountedPrice: originalPrice - discountAmount,
          couponId: context.couponId,
        }),
      ]
    },
    noteRecording: assign({ record: 'sent' }),
    noteRecorded: assign(({ event }) => {
      assertEvent(event, 'OrderPaid')
      return { record: 'done' as const, paidAt: event.paidAt, resends: 0 }
    }),
    noteRecordRefused: assign(({ context, event }) => ({
      ...refused(context, event),
      record: 'refused' as const,
    })),

    recordSale: ({ context }) => [
      command(context, statisticsAddress(context), 'recordSale', {
        type: 'RecordSale',
        ...sales(context, context.items),
      }),
    ],
    noteSaleRefused: assign(({ context, event }) => refused(context, event)),
    /** The sale is not lost because nobody answered: the outbox goes on asking, with the same key. */
    oweSale: ({ context }): Effect[] => [
      {
        type: 'emit',
        topic: 'command',
        key: statisticsAddress(context),
        message: {
          type: 'OwedCommand',
          to: statisticsAddress(context),
          key: keyOf(context, 'recordSale'),
          message: { type: 'RecordSale', ...sales(context, context.items) },
        },
      },
    ],

    noteCancellation: assign(({ context }) => ({
      failure: context.failure ?? refuse('PAYMENT_CANCELLED', { orderId: context.orderId }),
    })),
    acceptCancellation: (): Effect[] => [{ type: 'reply', message: { type: 'PaymentCancelling' } }],
    refuseCancellation: ({ context }): Effect[] => [
      {
        type: 'reply',
        message: {
          type: 'CancelPaymentRejected',
          refusal: refuse('ORDER_NOT_CANCELLABLE', { orderId: context.orderId, status: 'PAYING' }),
        },
      },
    ],
    resendAnew: assign({ resends: 1 }),
    acceptOperation: (_, { reply }: { reply: OperatorReply['type'] }): Effect[] => [
      { type: 'reply', message: { type: reply } },
    ],
    refuseOperation: ({ context, event }, { operation }: OperationParams): Effect[] => [
      {
        type: 'reply',
        message: {
          type: `${event.type}Rejected`,
          refusal: refuse('OPERATION_NOT_APPLICABLE', { paymentId: context.orderId, operation }),
        },
      },
    ],
    noteSilence: assign(({ context }, { step }: { step: string }) => ({
      failure: context.failure ?? refuse('PAYMENT_STEP_TIMED_OUT', { step }),
      resends: 0,
    })),

    voidPayment: ({ context }) =>
      mayHaveHappened(context.record)
        ? [undo(context, orderAddress(context), 'voidPayment', 'completePayment', { type: 'VoidPayment' })]
        : [],
    refundBalance: ({ context }) =>
      mayHaveHappened(context.balance)
        ? [
            undo(context, balanceAddress(context), 'refundBalance', 'deductBalance', {
              type: 'RefundBalance',
              ...payable(context),
            }),
          ]
        : [],
    restoreCoupon: ({ context }) =>
      mayHaveHappened(context.coupon)
        ? [
            undo(context, couponAddress(context), 'restoreCoupon', 'useCoupon', {
              type: 'RestoreCoupon',
              orderId: context.orderId,
            }),
          ]
        : [],
    countStockToRestore: assign({ awaited: ({ context }) => context.stock.filter(mayHaveHappened).length }),
    restoreStock: ({ context }) =>
      context.items.flatMap((item, place) =>
        mayHaveHappened(context.stock[place] ?? 'unsent')
          ? [
              undo(
                context,
                stockAddress(item),
                `restoreStock/${item.productOptionId}`,
                `decreaseStock/${item.productOptionId}`,
                { type: 'RestoreStock', quantity: item.quantity },
              ),
            ]
          : [],
      ),
    noteStockRestored: assign(({ context, event }) => ({
      stock: withProgress(context.stock, senderPlace(context, event), 'unsent'),
      awaited: context.awaited - 1,
    })),
    releaseOrder: ({ context }) =>
      mayHaveHappened(context.order)
        ? [undo(context, orderAddress(context), 'releaseOrder', 'beginPayment', { type: 'ReleaseOrder' })]
        : [],

    noteReturn: assign(({ context, event }) => {
      assertEvent(event, 'ReturnItems')
      const planned = planReturn(returnable(context), event.items)
      if ('refusal' in planned) throw new Error('A return that is refused was begun')
      const { returned: units, ...plan } = planned
      return {
        returns: {
          units,
          refundedAmount: (context.returns?.refundedAmount ?? 0) + plan.refundAmount,
          underWay: {
            returnId: event.returnId,
            ...plan,
            returner: event.meta.caller,
            unstocked: plan.items.map(({ productOptionId }) => productOptionId),
          },
        },
      }
    }),
    refundReturn: ({ context }) => {
      const { grossAmount, refundAmount } = returningOf(context)
      return [
        returnCommand(context, balanceAddress(context), 'refundReturn', {
          type: 'RefundReturn',
          grossAmount,
          refundAmount,
        }),
      ]
    },
    giveCouponBack: ({ context }) =>
      context.couponId === null || !returningOf(context).isLast
        ? []
        : [
            returnCommand(context, couponAddress(context), 'giveCouponBack', {
              type: 'GiveCouponBack',
              orderId: context.orderId,
            }),
          ],
    returnStock: ({ context }) => {
      const { items, unstocked } = returningOf(context)
      return items.flatMap(item =>
        unstocked.includes(item.productOptionId)
          ? [
              returnCommand(context, stockAddress(item), `returnStock/${item.productOptionId}`, {
                type: 'ReturnStock',
                quantity: item.quantity,
              }),
            ]
          : [],
      )
    },
    noteStockReturned: assign(({ context, event }) => {
      const returning = returningOf(context)
      const option = context.items[senderPlace(context, event)]?.productOptionId
      const underWay = { ...returning, unstocked: returning.unstocked.filter(id => id !== option) }
      return { returns: context.returns && { ...context.returns, underWay } }
    }),
    reverseSale: ({ context }) => [
      returnCommand(context, statisticsAddress(context), 'reverseSale', {
        type: 'ReverseSale',
        ...sales(context, returningOf(context).items),
      }),
    ],
    recordReturn: ({ context }) => {
      const { returnId, items, refundAmount, isLast } = returningOf(context)
      return [
        returnCommand(context, orderAddress(context), 'recordReturn', {
          type: 'RecordReturn',
          returnId,
          items: items.map(({ productOptionId, quantity }) => ({ productOptionId, quantity })),
          refundAmount,
          isLast,
        }),
      ]
    },
    answerReturned: ({ context, event }): Effect[] => [
      {
        type: 'reply',
        to: returningOf(context).returner,
        message: { type: 'ItemsReturned', ...itemsReturned(context, event) },
      },
    ],
    announceReturned: ({ context, event }): Effect[] => [
      {
        type: 'emit',
        topic: 'payments',
        key: orderAddress(context),
        message: { type: 'PaymentReturned', ...itemsReturned(context, event) },
      },
    ],
    forgetReturn: assign(({ context }) => ({
      returns: context.returns && { ...context.returns, underWay: null },
      resends: 0,
    })),
    refuseExcess: ({ context, event }): Effect[] => {
      assertEvent(event, 'ReturnItems')
      const planned = planReturn(returnable(context), event.items)
      if (!('refusal' in planned)) throw new Error('A return that can be done is refused')
      return [{ type: 'reply', message: { type: 'ReturnItemsRejected', refusal: planned.refusal } }]
    },
    refuseReturn: ({ event }): Effect[] => {
      assertEvent(event, 'ReturnItems')
      const refusal = refuse('ORDER_NOT_RETURNABLE', { orderId: event.orderId })
      return [{ type: 'reply', message: { type: 'ReturnItemsRejected', refusal } }]
    },
    refuseSecondReturn: (): Effect[] => [
      { type: 'reply', message: { type: 'ReturnItemsRejected', refusal: refuse('REQUEST_IN_FLIGHT', {}) } },
    ],

    answerCompleted: ({ context }) => answerPayer(context, paymentCompleted(context)),
    announceCompleted: ({ context }): Effect[] => [
      { type: 'emit', topic: 'payments', key: orderAddress(context), message: paymentCompleted(context) },
    ],
    answerFailed: ({ context }) =>
      answerPayer(context, { type: 'PayOrderRejected', refusal: context.failure }),
    answerUnknownOrder: ({ context, event }): Effect[] => [
      ...answerPayer(context, { type: 'PayOrderRejected', refusal: refusalOf(event) }),
      { type: 'forget', scope: attemptScope(context) },
    ],
    refusePayment: ({ context }, { status }: { status: string }): Effect[] => [
      {
        type: 'reply',
        message: {
          type: 'PayOrderRejected',
          refusal: refuse('ORDER_NOT_PAYABLE', { orderId: context.orderId, status }),
        },
      },
    ],
  },
})

/** A caller who comes while the order is being paid, or was paid. */
const refusePayment = (status: 'PAYING' | 'PAID') => ({
  actions: { type: 'refusePayment' as const, params: { status } },
  description: `The order is ${status}: refused with ORDER_NOT_PAYABLE.`,
})

const cancellable = {
  actions: ['noteCancellation' as const, 'acceptCancellation' as const],
  description: 'The customer cancels: the step in flight ends, then everything is undone.',
}

/** Silence in a paying state: ask again, and after the last time undo. */
const silence = (step: string) => [
  {
    guard: 'mayResend' as const,
    target: step,
    reenter: true,
    actions: 'countResend' as const,
    description: 'No answer in time: sent again with the same key.',
  },
  {
    target: '#payment.compensating',
    actions: { type: 'noteSilence' as const, params: { step } },
    description: 'Silent past its resends: it may have been done, so it is undone.',
  },
]

const undoSilence = (step: string) => resentUntilAnswered(step, 'An undo is sent until it is answered.')

const returnSilence = (step: string) =>
  resentUntilAnswered(step, 'A step of a return is sent until it is answered.')

const resentUntilAnswered = (step: string, description: string) => ({
  target: step,
  reenter: true,
  actions: 'countResend' as const,
  description,
})

/** An operator asks a silent step again, whatever its count of resends. */
const retryable = (step: string) => ({
  RetryStep: {
    target: step,
    reenter: true,
    actions: ['resendAnew' as const, accepted('StepRetried')],
    description: 'An operator has the step asked again now.',
  },
})

/** What an operator may do about a step that has not taken effect for others yet. */
const operable = (step: string) => ({
  ...retryable(step),
  CompensatePayment: {
    target: '#payment.compensating',
    actions: ['noteCancellation' as const, 'resetResends' as const, accepted('PaymentCompensating')],
    description: 'An operator gives the attempt up: it is undone.',
  },
})

/** What is said once, when a payment completes for the first time. */
const completing = ['answerCompleted', 'announceCompleted'] as const

/** What is said when a return has ended. */
const returned = ['answerReturned', 'announceReturned', 'forgetReturn'] as const

const refuseOperation = (operation: OperationParams['operation']) => ({
  actions: { type: 'refuseOperation' as const, params: { operation } },
  description: `An operator finds nothing to ${operation}.`,
})

function accepted<Reply extends OperatorReply['type']>(reply: Reply) {
  return { type: 'acceptOperation' as const, params: { reply } }
}

export const paymentMachine = definition.createMachine({
  id: 'payment',
  version: '1',
  description: 'The payment of one order, over all its attempts.',
  context: blank,
  initial: 'idle',
  on: {
    CancelPayment: {
      actions: 'refuseCancellation',
      description: 'Too late to cancel, or nothing to cancel.',
    },
    RetryStep: refuseOperation('retry'),
    SkipStep: refuseOperation('skip'),
    CompensatePayment: refuseOperation('compensate'),
    ReturnItems: { actions: 'refuseReturn', description: 'Nothing was paid, or nothing is left to return.' },
  },
  states: {
    idle: {
      description: 'Nobody has tried to pay the order.',
      on: {
        PayOrder: {
          target: 'paying',
          actions: 'beginAttempt',
          description: 'The customer pays, with a coupon or without.',
        },
      },
    },
    paying: {
      description: 'The steps of an attempt, one after the other.',
      initial: 'claimingOrder',
      on: { PayOrder: refusePayment('PAYING') },
      states: {
        claimingOrder: {
          description: 'Waits for the order to take this attempt as the one that pays it.',
          entry: ['noteOrderClaiming', 'claimOrder'],
          on: {
            OrderPaymentBegun: [
              {
                guard: 'cancelled',
                target: '#payment.compensating',
                actions: ['noteOrderClaimed', 'resetResends'],
                description: 'Claimed, but the customer cancelled meanwhile.',
              },
              {
                target: 'decreasingStock',
                actions: ['noteOrderClaimed', 'noteStockDecreasing'],
                description: 'The order is ours and told what is in it.',
              },
            ],
            BeginPaymentRejected: [
              {
                guard: 'orderUnknown',
                target: '#payment.idle',
                actions: ['answerUnknownOrder', 'forgetAttempt'],
                description: 'There is no such order: no row is left behind.',
              },
              {
                target: '#payment.compensating',
                actions: 'noteOrderRefused',
                description: 'The order cannot be paid now.',
              },
            ],
            CancelPayment: cancellable,
            ...operable('claimingOrder'),
          },
          after: { silence: silence('claimingOrder') },
        },
        decreasingStock: {
          description: 'Waits until the stock of every option has answered.',
          entry: 'decreaseStock',
          on: {
            StockDecreased: {
              guard: 'stockAwaited',
              actions: 'noteStockDecreased',
              description: 'One option is set aside for us.',
            },
            DecreaseStockRejected: {
              guard: 'stockAwaited',
              actions: 'noteStockRefused',
              description: 'One option has not enough.',
            },
            CancelPayment: cancellable,
            ...operable('decreasingStock'),
          },
          always: [
            {
              guard: 'everyOptionAnsweredAndSomeRefused',
              target: '#payment.compensating',
              actions: 'resetResends',
              description: 'Not every option could be had, or the customer cancelled.',
            },
            {
              guard: 'everyOptionDecreasedForCoupon',
              target: 'usingCoupon',
              actions: 'resetResends',
              description: 'Every option answered, a coupon was given.',
            },
            {
              guard: 'everyOptionDecreased',
              target: 'deductingBalance',
              actions: 'resetResends',
              description: 'Every option answered, no coupon.',
            },
          ],
          after: {
            silence: [
              {
                guard: 'stockRefused',
                target: '#payment.compensating',
                actions: 'resetResends',
                description: 'One option refused and others are silent: what may have decreased is restored.',
              },
              ...silence('decreasingStock'),
            ],
          },
        },
        usingCoupon: {
          description: 'Waits for the coupon to be used by this order.',
          entry: ['noteCouponUsing', 'useCoupon'],
          on: {
            CouponUsed: [
              {
                guard: 'cancelled',
                target: '#payment.compensating',
                actions: 'noteCouponUsed',
                description: 'Used, but the customer cancelled meanwhile.',
              },
              {
                target: 'deductingBalance',
                actions: 'noteCouponUsed',
                description: 'The discount is known.',
              },
            ],
            UseCouponRejected: {
              target: '#payment.compensating',
              actions: 'noteCouponRefused',
              description: 'The coupon cannot be used for this order.',
            },
            CancelPayment: cancellable,
            ...operable('usingCoupon'),
          },
          after: { silence: silence('usingCoupon') },
        },
        deductingBalance: {
          description: 'Waits for the wallet to pay.',
          entry: ['noteBalanceDeducting', 'deductBalance'],
          on: {
            BalanceDeducted: [
              {
                guard: 'cancelled',
                target: '#payment.compensating',
                actions: 'noteBalanceDeducted',
                description: 'The money is taken, but the customer cancelled meanwhile.',
              },
              {
                target: 'recordingPayment',
                actions: 'noteBalanceDeducted',
                description: 'The money is taken.',
              },
            ],
            DeductBalanceRejected: {
              target: '#payment.compensating',
              actions: 'noteBalanceRefused',
              description: 'The wallet does not hold enough.',
            },
            CancelPayment: cancellable,
            ...operable('deductingBalance'),
          },
          after: { silence: silence('deductingBalance') },
        },
        recordingPayment: {
          description:
            'Waits for the order to become PAID. From here on it can only be returned, not cancelled.',
          entry: ['noteRecording', 'completePayment'],
          on: {
            ...operable('recordingPayment'),
            OrderPaid: {
              target: 'recordingStatistics',
              actions: 'noteRecorded',
              description: 'The order is PAID.',
            },
            CompletePaymentRejected: {
              target: '#payment.compensating',
              actions: 'noteRecordRefused',
              description: 'The order did not take the payment record.',
            },
          },
          after: { silence: silence('recordingPayment') },
        },
        recordingStatistics: {
          description: 'Waits for the sale to be counted; worth less than the sale itself.',
          entry: 'recordSale',
          on: {
            ...retryable('recordingStatistics'),
            SkipStep: {
              target: '#payment.completed',
              actions: ['oweSale', accepted('StepSkipped'), ...completing],
              description: 'An operator does not wait: the payment completes, the sale stays owed.',
            },
            SaleRecorded: {
              target: '#payment.completed',
              actions: [...completing],
              description: 'The sale is counted.',
            },
            RecordSaleRejected: {
              target: '#payment.compensating',
              actions: 'noteSaleRefused',
              description: 'Refused outright, which compensates.',
            },
          },
          after: {
            silence: [
              {
                guard: 'mayResend',
                target: 'recordingStatistics',
                reenter: true,
                actions: 'countResend',
                description: 'No answer in time: sent again with the same key.',
              },
              {
                target: '#payment.completed',
                actions: ['oweSale', ...completing],
                description:
                  'Silent past its resends: the payment completes, the sale stays owed through the outbox.',
              },
            ],
          },
        },
      },
    },
    compensating: {
      tags: ['compensation'],
      description: 'Undoes, in reverse order, what was done or may have been done.',
      initial: 'voidingPayment',
      on: {
        PayOrder: refusePayment('PAYING'),
        CancelPayment: {
          actions: 'acceptCancellation',
          description: 'The order is being released anyway.',
        },
      },
      states: {
        voidingPayment: {
          description: 'Takes the payment record back from the order.',
          entry: 'voidPayment',
          always: {
            guard: 'nothingToVoid',
            target: 'refundingBalance',
            description: 'No payment was recorded.',
          },
          on: {
            ...retryable('voidingPayment'),
            PaymentVoided: {
              target: 'refundingBalance',
              actions: 'resetResends',
              description: 'The order is PAYING again.',
            },
          },
          after: { undoSilence: undoSilence('voidingPayment') },
        },
        refundingBalance: {
          description: 'Gives the money back.',
          entry: 'refundBalance',
          always: { guard: 'nothingToRefund', target: 'restoringCoupon', description: 'No money was taken.' },
          on: {
            ...retryable('refundingBalance'),
            BalanceRefunded: {
              target: 'restoringCoupon',
              actions: 'resetResends',
              description: 'The wallet is as before.',
            },
          },
          after: { undoSilence: undoSilence('refundingBalance') },
        },
        restoringCoupon: {
          description: 'Gives the coupon back.',
          entry: 'restoreCoupon',
          always: {
            guard: 'noCouponToRestore',
            target: 'restoringStock',
            actions: 'countStockToRestore',
            description: 'No coupon was used.',
          },
          on: {
            ...retryable('restoringCoupon'),
            CouponRestored: {
              target: 'restoringStock',
              actions: ['resetResends', 'countStockToRestore'],
              description: 'The coupon can be used again.',
            },
          },
          after: { undoSilence: undoSilence('restoringCoupon') },
        },
        restoringStock: {
          description: 'Puts back every option that was or may have been decreased.',
          entry: 'restoreStock',
          always: {
            guard: 'noStockToRestore',
            target: 'releasingOrder',
            actions: 'resetResends',
            description: 'Every option is back.',
          },
          on: {
            ...retryable('restoringStock'),
            StockRestored: {
              guard: 'stockToRestore',
              actions: 'noteStockRestored',
              description: 'One option is back.',
            },
          },
          after: { undoSilence: undoSilence('restoringStock') },
        },
        releasingOrder: {
          description: 'Lets the order go: CREATED again, or CANCELLED or EXPIRED if that came meanwhile.',
          entry: 'releaseOrder',
          always: {
            guard: 'nothingToRelease',
            target: '#payment.failed',
            description: 'The order was never ours.',
          },
          on: {
            ...retryable('releasingOrder'),
            OrderReleased: {
              target: '#payment.failed',
              actions: 'resetResends',
              description: 'Everything is undone.',
            },
          },
          after: { undoSilence: undoSilence('releasingOrder') },
        },
      },
    },
    failed: {
      tags: ['failed'],
      description:
        'The attempt is undone; money, stock and coupon are what they were. The order may be paid again.',
      entry: 'answerFailed',
      on: {
        PayOrder: { target: 'paying', actions: 'beginAttempt', description: 'The next attempt.' },
      },
    },
    completed: {
      tags: ['completed'],
      description: 'The order is paid; a part of it may have been returned.',
      on: {
        PayOrder: refusePayment('PAID'),
        ReturnItems: [
          {
            guard: 'returnable',
            target: 'returning',
            actions: 'noteReturn',
            description:
              'The customer returns some of it, or all that is left. From here on it only goes forward.',
          },
          { actions: 'refuseExcess', description: 'More than is left of what was bought.' },
        ],
      },
    },
    returning: {
      tags: ['return'],
      description:
        'Gives back what a return is worth, one step after the other; none of them can be refused.',
      initial: 'refunding',
      on: {
        PayOrder: refusePayment('PAID'),
        ReturnItems: { actions: 'refuseSecondReturn', description: 'One return at a time.' },
      },
      states: {
        refunding: {
          description: 'Waits for the wallet to have the money.',
          entry: 'refundReturn',
          on: {
            ...retryable('refunding'),
            ReturnRefunded: {
              target: 'givingCouponBack',
              actions: 'resetResends',
              description: 'The money is back.',
            },
          },
          after: { undoSilence: returnSilence('refunding') },
        },
        givingCouponBack: {
          description: 'The coupon comes back with the last unit.',
          entry: 'giveCouponBack',
          always: {
            guard: 'couponStays',
            target: 'restocking',
            description: 'There is no coupon, or something is left of the order.',
          },
          on: {
            ...retryable('givingCouponBack'),
            CouponGivenBack: {
              target: 'restocking',
              actions: 'resetResends',
              description: 'The coupon can be used again, if its time is not over.',
            },
          },
          after: { undoSilence: returnSilence('givingCouponBack') },
        },
        restocking: {
          description: 'Waits until the stock of every returned option has answered.',
          entry: 'returnStock',
          always: {
            guard: 'everyOptionRestocked',
            target: 'reversingStatistics',
            actions: 'resetResends',
            description: 'Every option is back.',
          },
          on: {
            ...retryable('restocking'),
            StockReturned: {
              guard: 'stockAwaitedBack',
              actions: 'noteStockReturned',
              description: 'One option is back.',
            },
          },
          after: { undoSilence: returnSilence('restocking') },
        },
        reversingStatistics: {
          description: 'Waits until the units are no longer counted as sold.',
          entry: 'reverseSale',
          on: {
            ...retryable('reversingStatistics'),
            SaleReversed: {
              target: 'recordingReturn',
              actions: 'resetResends',
              description: 'They are not counted any more.',
            },
          },
          after: { undoSilence: returnSilence('reversingStatistics') },
        },
        recordingReturn: {
          description: 'Waits for the order to record what was returned.',
          entry: 'recordReturn',
          on: {
            ...retryable('recordingReturn'),
            ReturnRecorded: [
              {
                guard: 'everythingReturned',
                target: '#payment.returned',
                actions: [...returned],
                description: 'Nothing is left of the order.',
              },
              {
                target: '#payment.completed',
                actions: [...returned],
                description: 'The rest can be returned later.',
              },
            ],
          },
          after: { undoSilence: returnSilence('recordingReturn') },
        },
      },
    },
    returned: {
      tags: ['return'],
      description: 'The order was paid and returned as a whole.',
      on: { PayOrder: refusePayment('PAID') },
    },
  },
})

export type PaymentState = SnapshotFrom<typeof paymentMachine>

/** The payment machine with other deadlines than the default ones. */
export function paymentMachineWith({ stepDeadlineMs, stepResendsMax }: PaymentTiming): typeof paymentMachine {
  return paymentMachine.provide({
    delays: {
      silence: ({ context }) => stepDeadlineMs * 2 ** context.resends,
      undoSilence: ({ context }) => Math.min(stepDeadlineMs * 2 ** context.resends, undoDelayMsMax),
    },
    guards: {
      mayResend: ({ context }) => context.resends < stepResendsMax,
    },
  })
}
