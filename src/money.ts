/** Money is an integer in the minor unit of the one configured currency (won, pence). These are its bounds. */
export const unitPriceMax = 1_000_000_000
export const orderTotalMax = 1_000_000_000_000
export const chargeAmountMax = 1_000_000_000
/** What a wallet may reach by charging; refunds and rollbacks may pass it, since an undo cannot be refused. */
export const walletAmountMax = 1_000_000_000_000

export const orderLinesMax = 1_500
export const quantityMax = 100_000
/** Units of one option on hand, by restocking; what comes back from orders may pass it. */
export const stockQuantityMax = 1_000_000_000
export const productOptionsMax = 100

/**
 * `floor(amount × numerator ÷ denominator)` without losing digits: the product can pass 2^53.
 * All three are non-negative integers, `denominator` is positive.
 */
export function proportionOf(amount: number, numerator: number, denominator: number): number {
  return Number((BigInt(amount) * BigInt(numerator)) / BigInt(denominator))
}
