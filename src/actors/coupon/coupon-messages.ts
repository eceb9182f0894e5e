import type { Rejected } from '../../refusal.ts'

export type DiscountType = 'FIXED' | 'RATE'

/** What a coupon is worth and when. `discountAmount` is money for FIXED and a percentage for RATE; times in milliseconds. */
export type CouponTerms = {
  name: string
  discountType: DiscountType
  discountAmount: number
  maxDiscount: number | null
  minOrderAmount: number | null
  startedAt: number
  /** Inclusive. */
  expiredAt: number
}

/** A campaign as others see it. */
export type CouponCampaign = CouponTerms & {
  couponId: number
  totalQuantity: number
  remainingQuantity: number
  /** When it was ended early; null unless it was. */
  endedAt: number | null
}

/** To `coupon/<couponId>`, the campaign. */
export type CouponCommand =
  | { type: 'CreateCoupon'; couponId: number; totalQuantity: number; terms: CouponTerms }
  /** No more are issued from now on; what was issued keeps its own period. */
  | { type: 'EndCoupon' }
  | { type: 'IssueCoupon'; customerId: number }

export type CouponReply =
  | ({ type: 'CouponCreated' } & CouponCampaign)
  | ({ type: 'CouponEnded' } & CouponCampaign)
  | { type: 'CouponIssued'; couponId: number; customerId: number; issuedAt: number }
  | Rejected<'IssueCoupon'>
  | Rejected<'EndCoupon'>

/** To `campaignQuota/<caller>`: may whoever it is create a campaign now? */
export type CampaignQuotaCommand = { type: 'AdmitCampaign'; perHourMax: number }

export type CampaignQuotaReply = { type: 'CampaignAdmitted' } | Rejected<'AdmitCampaign'>

/** To `ownedCoupon/<couponId>:<customerId>`. */
export type OwnedCouponCommand =
  | { type: 'GrantCoupon'; couponId: number; customerId: number; terms: CouponTerms }
  | { type: 'UseCoupon'; orderId: number; totalPrice: number }
  /** Undoes the UseCoupon of this order; cannot be refused. */
  | { type: 'RestoreCoupon'; orderId: number }
  /** Everything this order bought with it was returned; cannot be refused. */
  | { type: 'GiveCouponBack'; orderId: number }
  /** Its own timer: its period is over. */
  | { type: 'ExpireCoupon' }

export type OwnedCouponReply =
  | { type: 'CouponUsed'; discountAmount: number }
  | { type: 'CouponRestored' }
  | { type: 'CouponGivenBack' }
  | Rejected<'UseCoupon'>

export function ownedCouponId(couponId: number, customerId: number): string {
  return `${couponId}:${customerId}`
}
