import type { CouponTerms } from '../../../src/actors/coupon/coupon-messages.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

export const dayMs = 86_400_000
/** When a test's clock starts. */
export const now = new SimulatedClock().now()

/** 300 off, from now for a week. */
export const fixed: CouponTerms = {
  name: 'Welcome',
  discountType: 'FIXED',
  discountAmount: 300,
  maxDiscount: null,
  minOrderAmount: null,
  startedAt: now,
  expiredAt: now + 7 * dayMs,
}

export const rate = (percent: number, maxDiscount: number | null = null): CouponTerms => ({
  ...fixed,
  discountType: 'RATE',
  discountAmount: percent,
  maxDiscount,
})
