import type { StoredStates } from './stored-states.ts'

type Progress = 'unsent' | 'sent' | 'done' | 'refused'

export interface StoredItem {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
  /** Of a payment's items, not of an order's lines. */
  readonly unitPrice?: number
}

interface PaymentState {
  readonly value:
    | string
    | { readonly paying?: string; readonly compensating?: string; readonly returning?: string }
  readonly context: {
    readonly attempt: number
    readonly couponId: number | null
    readonly customerId: number | null
    readonly items: readonly StoredItem[]
    readonly stock: readonly Progress[]
    readonly coupon: Progress
    readonly originalPrice: number | null
    readonly discountAmount: number | null
    readonly paidAt: number | null
    readonly returns: {
      readonly units: readonly number[]
      readonly refundedAmount: number
      readonly underWay: StoredReturn | null
    } | null
  }
}

/** The return under way. */
interface StoredReturn {
  readonly returnId: number
  readonly items: readonly { readonly productOptionId: number; readonly quantity: number }[]
  readonly grossAmount: number
  readonly refundAmount: number
  readonly isLast: boolean
  readonly unstocked: readonly number[]
}

/** A payment as invariants speak of it; the same columns as the `payments` of the whole check. */
export interface StoredPayment {
  readonly stage: string
  readonly step: string | undefined
  readonly attempt: number
  readonly customerId: number | null
  readonly items: readonly StoredItem[]
  readonly stock: readonly Progress[]
  /** The id of the coupon it was asked to use. */
  readonly ownedCoupon: string | undefined
  readonly couponProgress: Progress
  readonly originalPrice: number
  readonly discountAmount: number
  readonly paidAt: number | null
  /** Paying or compensating. */
  readonly inFlight: boolean
  /** Completed, whatever was returned since. */
  readonly isPaid: boolean
  /** Units by item, those of the return under way included. */
  readonly returned: readonly number[]
  readonly refundedAmount: number
  readonly returning: StoredReturn | null
}

export function storedPayment(states: StoredStates, orderId: string): StoredPayment | undefined {
  const state = states.state<PaymentState>(`payment/${orderId}`)
  if (state === undefined) return undefined
  const { value, context } = state
  const { attempt, couponId, customerId, items, stock, coupon, paidAt } = context
  const within = typeof value === 'string' ? undefined : value
  const [stage = ''] = typeof value === 'string' ? [value] : Object.keys(value)
  return {
    stage,
    step: within?.paying ?? within?.compensating ?? within?.returning,
    attempt,
    customerId,
    items,
    stock,
    ownedCoupon: couponId === null ? undefined : `${couponId}:${customerId}`,
    couponProgress: coupon,
    originalPrice: context.originalPrice ?? 0,
    discountAmount: context.discountAmount ?? 0,
    paidAt,
    inFlight: stage === 'paying' || stage === 'compensating',
    isPaid: stage === 'completed' || stage === 'returning' || stage === 'returned',
    returned: context.returns?.units ?? [],
    refundedAmount: context.returns?.refundedAmount ?? 0,
    returning: context.returns?.underWay ?? null,
  }
}
