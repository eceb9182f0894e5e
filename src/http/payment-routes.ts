import { OpenAPIHono, z } from '@hono/zod-openapi'
import type {
  PaymentCommand,
  PaymentRecord,
  PaymentReply,
  PaymentSummary,
} from '../actors/payment/payment-messages.ts'
import type { TimelineEntry } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, moneyOrNull, positive, refusalShown, showRefusal } from './fields.ts'
import { ownOrder } from './own-order.ts'
import { ownPayment } from './own-payment.ts'
import { questionRoute } from './question-route.ts'

const paymentRecord = z
  .object({
    paymentId: positive,
    orderId: positive,
    customerId: positive,
    originalPrice: money,
    discountAmount: money,
    discountedPrice: money,
    paidAt: moment,
  })
  .openapi('PaymentRecord')

export const payment = z
  .object({
    paymentId: positive,
    orderId: positive,
    customerId: positive.nullable(),
    status: z.enum([
      'PAYING',
      'COMPENSATING',
      'FAILED',
      'COMPLETED',
      'RETURNING',
      'PARTIALLY_RETURNED',
      'RETURNED',
    ]),
    step: z.string().openapi({ example: 'paying.deductingBalance' }),
    attempt: z.int(),
    couponId: positive.nullable().openapi({ type: ['integer', 'null'] }),
    originalPrice: moneyOrNull,
    discountAmount: moneyOrNull,
    discountedPrice: moneyOrNull,
    paidAt: moment.nullable(),
    refundedAmount: money.openapi({ description: 'Given back for what was returned.' }),
    failure: refusalShown.nullable().openapi({ description: 'Why the last attempt failed.' }),
  })
  .openapi('Payment')

const transition = z
  .object({
    actor: z.string().openapi({ example: 'payment/1001' }),
    transition: z.int().nullable(),
    at: moment,
    message: z.unknown(),
    from: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .openapi('Transition')

/** Kept as the first answer of a payment that takes longer than its caller waits. */
type PaymentAccepted = { type: 'PaymentAccepted'; paymentId: number }

export function paymentRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions } = dependencies

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/payments',
    access: 'customer',
    summary: 'Pay an order',
    body: z.strictObject({
      orderId: positive,
      couponId: positive
        .nullable()
        .default(null)
        .openapi({ type: ['integer', 'null'], example: 4001 }),
    }),
    success: {
      201: { description: 'The payment', schema: paymentRecord },
      202: { description: 'It goes on; see Location', schema: paymentRecord.pick({ paymentId: true }) },
    },
    problems: [
      'ORDER_NOT_FOUND',
      'CUSTOMER_COUPON_NOT_FOUND',
      'BALANCE_NOT_FOUND',
      'STOCK_NOT_FOUND',
      'ORDER_NOT_PAYABLE',
      'STOCK_INSUFFICIENT',
      'COUPON_ALREADY_USED',
      'COUPON_EXPIRED',
      'COUPON_INVALID_PERIOD',
      'COUPON_MIN_ORDER_NOT_MET',
      'BALANCE_INSUFFICIENT',
      'PAYMENT_CANCELLED',
      'PAYMENT_STEP_TIMED_OUT',
    ],
    command({ orderId, couponId }, caller) {
      ownOrder(questions, orderId, caller)
      const message: PaymentCommand = { type: 'PayOrder', orderId, couponId }
      const accepted: PaymentAccepted = { type: 'PaymentAccepted', paymentId: orderId }
      return {
        to: addressOf('payment', orderId),
        message,
        correlationId: addressOf('order', orderId),
        accepted,
      }
    },
    present(reply: PaymentReply | PaymentAccepted) {
      if (reply.type === 'PaymentCompleted') return answer(201, showRecord(reply))
      if (reply.type !== 'PaymentAccepted') return undefined
      return answer(202, { paymentId: reply.paymentId }, { Location: `/payments/${reply.paymentId}` })
    },
  })

  questionRoute(app, dependencies, {
    path: '/payments/{id}',
    access: 'customer',
    summary: 'A payment, in whatever state it is',
    params: { id: idText },
    success: { 200: { description: 'The payment', schema: payment } },
    problems: ['PAYMENT_NOT_FOUND'],
    answer: ({ id }, caller) => answer(200, showPayment(ownPayment(questions, id, caller))),
  })

  questionRoute(app, dependencies, {
    path: '/payments/{id}/timeline',
    access: 'customer',
    summary: 'Every transition of every actor that took part in a payment',
    params: { id: idText },
    success: { 200: { description: 'Every transition', schema: z.array(transition) } },
    problems: ['PAYMENT_NOT_FOUND'],
    answer({ id }, caller) {
      ownPayment(questions, id, caller)
      return answer(200, questions.timeline(id).map(showTransition))
    },
  })

  return app
}

function showRecord(shown: PaymentRecord): z.infer<typeof paymentRecord> {
  return {
    paymentId: shown.paymentId,
    orderId: shown.orderId,
    customerId: shown.customerId,
    originalPrice: shown.originalPrice,
    discountAmount: shown.discountAmount,
    discountedPrice: shown.discountedPrice,
    paidAt: isoTime(shown.paidAt),
  }
}

export function showPayment(shown: PaymentSummary): z.infer<typeof payment> {
  return {
    paymentId: shown.paymentId,
    orderId: shown.orderId,
    customerId: shown.customerId,
    status: shown.status,
    step: shown.step,
    attempt: shown.attempt,
    couponId: shown.couponId,
    originalPrice: shown.originalPrice,
    discountAmount: shown.discountAmount,
    discountedPrice: shown.discountedPrice,
    paidAt: shown.paidAt === null ? null : isoTime(shown.paidAt),
    refundedAmount: shown.refundedAmount,
    failure: shown.failure && showRefusal(shown.failure),
  }
}

function showTransition(shown: TimelineEntry): z.infer<typeof transition> {
  return {
    actor: shown.actor,
    transition: shown.transition,
    at: isoTime(shown.at),
    message: shown.message,
    from: shown.from,
    before: shown.before,
    after: shown.after,
  }
}
