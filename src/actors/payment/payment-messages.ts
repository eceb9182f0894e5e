import type { Refusal, Rejected } from '../../refusal.ts'

export type PaymentStatus =
  | 'PAYING'
  | 'COMPENSATING'
  | 'FAILED'
  | 'COMPLETED'
  | 'RETURNING'
  | 'PARTIALLY_RETURNED'
  | 'RETURNED'

/** To `payment/<orderId>`. One order has one payment, with the order's number, over all attempts. */
export type PaymentCommand =
  | { type: 'PayOrder'; orderId: number; couponId: number | null }
  /** From the order, when its customer cancels while it is being paid. */
  | { type: 'CancelPayment' }
  /** Some of what was bought, or all that is left when `items` is null. */
  | {
      type: 'ReturnItems'
      orderId: number
      returnId: number
      items: readonly { productOptionId: number; quantity: number }[] | null
    }
  /** From an operator: ask the silent step again now, with a fresh count of resends. */
  | { type: 'RetryStep' }
  /** From an operator: do not wait for the statistics; the sale stays owed through the outbox. */
  | { type: 'SkipStep' }
  /** From an operator: give the attempt up and undo it. */
  | { type: 'CompensatePayment' }

export type PaymentReply =
  | ({ type: 'PaymentCompleted' } & PaymentRecord)
  | Rejected<'PayOrder'>
  | { type: 'PaymentCancelling' }
  | Rejected<'CancelPayment'>
  | ({ type: 'ItemsReturned' } & ReturnRecord)
  | Rejected<'ReturnItems'>
  | OperatorReply

export type OperatorReply =
  | { type: 'StepRetried' }
  | { type: 'StepSkipped' }
  | { type: 'PaymentCompensating' }
  | Rejected<'RetryStep'>
  | Rejected<'SkipStep'>
  | Rejected<'CompensatePayment'>

/** A completed payment; `discountedPrice` is what the wallet paid; `paidAt` in milliseconds. */
export type PaymentRecord = {
  paymentId: number
  orderId: number
  customerId: number
  originalPrice: number
  discountAmount: number
  discountedPrice: number
  paidAt: number
}

/** A return that is done; `isLast` when nothing is left of the order, `returnedAt` in milliseconds. */
type ReturnRecord = {
  paymentId: number
  orderId: number
  customerId: number
  returnId: number
  items: readonly { productId: number; productOptionId: number; quantity: number }[]
  refundAmount: number
  isLast: boolean
  returnedAt: number
}

/** A payment as others see it, in whatever state it is. */
export interface PaymentSummary {
  paymentId: number
  orderId: number
  customerId: number | null
  status: PaymentStatus
  /** The machine's state, such as `paying.deductingBalance`. */
  step: string
  attempt: number
  couponId: number | null
  originalPrice: number | null
  discountAmount: number | null
  discountedPrice: number | null
  /** In milliseconds; null also of a payment that was recorded and then rolled back. */
  paidAt: number | null
  /** Given back for what was returned so far. */
  refundedAmount: number
  failure: Refusal | null
}
