import { proportionOf } from '../money.ts'
import { type Refusal, refuse } from '../refusal.ts'

/*
 * What is given back for a part of a paid order. Refunds are taken from the sum of what was returned so far, not item by
 * item, so that rounding never adds up: all parts together give back exactly what was paid, in whatever order they come.
 */

/** What of one option was bought, at the price it had then. */
export interface PaidItem {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
  readonly unitPrice: number
}

/** What a payment says about what can still be returned. */
interface Returnable {
  readonly orderId: number
  readonly items: readonly PaidItem[]
  /** Units by item; empty before the first return. */
  readonly returned: readonly number[]
  readonly originalPrice: number | null
  readonly discountAmount: number | null
  readonly refundedAmount: number
}

interface ReturnedItem {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
}

/** A return that was accepted. Money in the minor unit. */
export interface PlannedReturn {
  readonly items: readonly ReturnedItem[]
  /** What the items cost, before any discount. */
  readonly grossAmount: number
  readonly refundAmount: number
  /** Whether nothing of the order is left with the customer. */
  readonly isLast: boolean
  /** Units by item, this return included. */
  readonly returned: readonly number[]
}

/** Plans the return of `wanted`, or of all that is left when it is null. Refused when it is more than there is. */
export function planReturn(
  payment: Returnable,
  wanted: readonly { productOptionId: number; quantity: number }[] | null,
): PlannedReturn | { readonly refusal: Refusal } {
  const { orderId, items, originalPrice, discountAmount, refundedAmount } = payment
  const left = items.map(({ quantity }, place) => quantity - (payment.returned[place] ?? 0))
  const asked = new Map<number, number>()
  for (const { productOptionId, quantity } of wanted ?? []) {
    asked.set(productOptionId, (asked.get(productOptionId) ?? 0) + quantity)
  }
  for (const [productOptionId, requested] of asked) {
    const available = left[items.findIndex(item => item.productOptionId === productOptionId)] ?? 0
    if (requested > available)
      return {
        refusal: refuse('RETURN_EXCEEDS_PURCHASE', { orderId, productOptionId, available, requested }),
      }
  }
  const units = items.map(({ productOptionId }, place) =>
    wanted === null ? (left[place] ?? 0) : (asked.get(productOptionId) ?? 0),
  )
  const returned = units.map((quantity, place) => quantity + (payment.returned[place] ?? 0))
  const priceOf = (quantities: readonly number[]) =>
    items.reduce((sum, { unitPrice }, place) => sum + unitPrice * (quantities[place] ?? 0), 0)
  const original = originalPrice ?? 0
  const refundable =
    original === 0 ? 0 : proportionOf(original - (discountAmount ?? 0), priceOf(returned), original)
  return {
    items: items.flatMap(({ productId, productOptionId }, place) => {
      const quantity = units[place] ?? 0
      return quantity === 0 ? [] : [{ productId, productOptionId, quantity }]
    }),
    grossAmount: priceOf(units),
    refundAmount: refundable - refundedAmount,
    isLast: returned.every((quantity, place) => quantity === items[place]?.quantity),
    returned,
  }
}
