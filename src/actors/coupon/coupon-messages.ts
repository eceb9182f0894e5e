import type { Rejected } from '../../refusal.ts'

export type DiscountType = 'FIXED' | 'RATE'

/** What a coupon is worth and when. `discountAmount` is money for FIXED and a percentage for RATE; times in milliseconds. */
export interface CouponTerms {
  name: string
  discountType: DiscountType
  discountAmount: number
  maxDiscount: number | null
  minOrderAmount: number | null
  startedAt: number
  /** Inclusive. */
  expiredAt: number
}

/** To `coupon/<couponId>`, the campaign. */
export type CouponCommand =
  | { type: 'CreateCoupon'; couponId: number; totalQuantity: number; terms: CouponTerms }
  | { type: 'IssueCoupon'; customerId: number }

export type CouponReply =
  | { type: 'CouponCreated'; couponId: number }
  | { type: 'CouponIssued'; couponId: number; customerId: number; issuedAt: number }
  | Rejected<'IssueCoupon'>

/** To `ownedCoupon/<couponId>:<customerId>`. */
export type OwnedCouponCommand =
  | { type: 'GrantCoupon'; couponId: number; customerId: number; terms: CouponTerms }
  | { type: 'UseCoupon'; orderId: number; totalPrice: number }
  /** Undoes the UseCoupon of this order; cannot be refused. */
  | { type: 'RestoreCoupon'; orderId: number }
  /** Everything this order bought with it was returned; cannot be refused. */
  | { type: 'GiveCouponBack'; orderId: number }

export type OwnedCouponReply =
  | { type: 'CouponUsed'; discountAmount: number }
  | { type: 'CouponRestored' }
  | { type: 'CouponGivenBack' }
  | Rejected<'UseCoupon'>

export function ownedCouponId(couponId: number, customerId: number): string {
  return `${couponId}:${customerId}`
}
