import type { Rejected } from '../../refusal.ts'

export type OrderStatus =
  | 'CREATED'
  | 'PAYING'
  | 'PAID'
  | 'PARTIALLY_RETURNED'
  | 'RETURNED'
  | 'CANCELLED'
  | 'EXPIRED'

/** One line as it was quoted when the order was placed; prices are frozen from then on. */
export interface OrderItem {
  productId: number
  productOptionId: number
  productName: string
  optionName: string
  quantity: number
  subtotalPrice: number
}

/** To `order/<orderId>`. */
export type OrderCommand =
  | {
      type: 'CreateOrder'
      orderId: number
      customerId: number
      items: readonly OrderItem[]
      expireAfterMs: number
    }
  | { type: 'BeginPayment'; attempt: number }
  /** The payment record; the order becomes PAID. */
  | {
      type: 'CompletePayment'
      originalPrice: number
      discountAmount: number
      discountedPrice: number
      couponId: number | null
    }
  /** Undoes BeginPayment: back to CREATED, or CANCELLED or EXPIRED when that was asked or due meanwhile. */
  | { type: 'ReleaseOrder' }
  /** Undoes CompletePayment: back to PAYING. */
  | { type: 'VoidPayment' }
  | { type: 'CancelOrder' }
  /** What was returned, once everything about it is done; `isLast` when nothing is left. */
  | {
      type: 'RecordReturn'
      returnId: number
      items: readonly { productOptionId: number; quantity: number }[]
      refundAmount: number
      isLast: boolean
    }

export type OrderReply =
  | ({ type: 'OrderCreated' } & OrderSummary)
  | {
      type: 'OrderPaymentBegun'
      customerId: number
      /** Each option once. */
      items: readonly { productId: number; productOptionId: number; quantity: number; unitPrice: number }[]
      totalPrice: number
    }
  | { type: 'OrderPaid'; paidAt: number }
  | { type: 'OrderReleased'; status: OrderStatus }
  | { type: 'PaymentVoided' }
  | { type: 'ReturnRecorded'; returnedAt: number }
  | ({ type: 'OrderCancelled' } & OrderSummary)
  | Rejected<'BeginPayment'>
  | Rejected<'CompletePayment'>
  | Rejected<'CancelOrder'>

/** An order as others see it; times in milliseconds. */
export type OrderSummary = {
  orderId: number
  customerId: number
  totalPrice: number
  status: OrderStatus
  createdAt: number
  items: readonly OrderItem[]
  /** Present once a payment was begun. */
  paymentId?: number
}
