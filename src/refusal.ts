/**
 * Why a command was refused: a code and its facts, as data. A refusal is never an exception.
 * The facts are typed per code; the table from code to HTTP status is exhaustive over this type.
 */
export interface RefusalFacts {
  /** `path` leads to the field, `items.0.quantity`; absent when the request as a whole is meant. */
  INVALID_ARGUMENT: { path?: string; reason: string }
  BALANCE_INVALID_AMOUNT: { amount: number }
  BALANCE_NOT_FOUND: { customerId: number }
  BALANCE_INSUFFICIENT: { available: number; requested: number }
  BALANCE_LIMIT_EXCEEDED: { amount: number; limit: number }
  CUSTOMER_NOT_FOUND: { customerId: number }
  USERNAME_TAKEN: { username: string }
  PRODUCT_NOT_FOUND: { productId: number }
  PRODUCT_OPTION_NOT_FOUND: { productOptionId: number }
  PRODUCT_OPTION_MISMATCH: { productId: number; productOptionId: number }
  OPTION_NAME_TAKEN: { productId: number; optionName: string }
  STOCK_NOT_FOUND: { productOptionId: number }
  STOCK_INSUFFICIENT: { productOptionId: number; available: number; requested: number }
  ORDER_ITEM_EMPTY: Record<never, never>
  ORDER_NOT_FOUND: { orderId: number }
  ORDER_NOT_PAYABLE: { orderId: number; status: string }
  ORDER_NOT_CANCELLABLE: { orderId: number; status: string }
  ORDER_NOT_RETURNABLE: { orderId: number }
  RETURN_EXCEEDS_PURCHASE: { orderId: number; productOptionId: number; available: number; requested: number }
  PAYMENT_NOT_FOUND: { paymentId: number }
  PAYMENT_CANCELLED: { orderId: number }
  PAYMENT_STEP_TIMED_OUT: { step: string }
  OPERATION_NOT_APPLICABLE: { paymentId: number; operation: 'retry' | 'skip' | 'compensate' }
  CREDIT_NOT_FOUND: { creditId: number }
  CREDIT_NOT_OPEN: { creditId: number; status: string }
  /** Whoever proposed it may not approve it, nor may anybody who cannot be told from them. */
  CREDIT_SELF_APPROVAL: { creditId: number }
  DEAD_LETTER_NOT_FOUND: { deadLetterId: number }
  DEAD_LETTER_RESOLVED: { deadLetterId: number }
  COUPON_NOT_FOUND: { couponId: number }
  CUSTOMER_COUPON_NOT_FOUND: { couponId: number; customerId: number }
  COUPON_INSUFFICIENT: { couponId: number }
  COUPON_ALREADY_ISSUED: { couponId: number; customerId: number }
  COUPON_ALREADY_USED: { couponId: number }
  COUPON_EXPIRED: { couponId: number }
  COUPON_INVALID_PERIOD: { couponId: number }
  COUPON_MIN_ORDER_NOT_MET: { couponId: number; minOrderAmount: number; requested: number }
  RATE_LIMITED: { retryAfterS: number }
  IDEMPOTENCY_KEY_REUSED: Record<never, never>
  REQUEST_IN_FLIGHT: Record<never, never>
}

export type RefusalCode = keyof RefusalFacts

export type Refusal = { [Code in RefusalCode]: { code: Code; facts: RefusalFacts[Code] } }[RefusalCode]

/** A refusal as the reply to `Command`: its type is the command's name and `Rejected`. */
export type Rejected<Command extends string> = { type: `${Command}Rejected`; refusal: Refusal }

export function refuse<Code extends RefusalCode>(code: Code, facts: RefusalFacts[Code]): Refusal {
  // A generic code with its own facts is one member of the union; the compiler cannot see that by itself.
  return { code, facts } as Refusal
}
