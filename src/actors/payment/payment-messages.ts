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
  paidAt: number | null
  failure: Refusal | null
}
