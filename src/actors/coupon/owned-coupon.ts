import { proportionOf } from '../../money.ts'
import { refuse } from '../../refusal.ts'
import { idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import type { CouponTerms, OwnedCouponCommand, OwnedCouponReply } from './coupon-messages.ts'

/*
 * One customer's coupon of one campaign: AVAILABLE, then USED by exactly one order, and AVAILABLE again only when that
 * payment is undone or everything was returned (EXPIRED instead, if its period is over by then). AVAILABLE becomes EXPIRED
 * by a timer of its own, and is refused past its period also before that has run.
 */

export interface OwnedCouponState {
  /** Null until it is granted. */
  readonly couponId: number | null
  readonly customerId: number | null
  readonly terms: CouponTerms | null
  readonly status: 'AVAILABLE' | 'USED' | 'EXPIRED'
  /** The order that used it. */
  readonly orderId: number | null
  readonly issuedAt: number
}

const reply = (message: OwnedCouponReply) => ({ message })

/** What `terms` take off a total: never negative, never above it. */
export function discountOf(terms: CouponTerms, total: number): number {
  if (terms.discountType === 'FIXED') return Math.min(terms.discountAmount, total)
  const discount = proportionOf(total, terms.discountAmount, 100)
  return Math.min(discount, terms.maxDiscount ?? discount)
}

/** The coupon after its order let go of it; it may be too late to use it again. */
function released(state: OwnedCouponState, orderId: number, at: number): OwnedCouponState | undefined {
  if (state.orderId !== orderId) return undefined
  const over = state.terms !== null && at > state.terms.expiredAt
  return { ...state, status: over ? 'EXPIRED' : 'AVAILABLE', orderId: null }
}

export const ownedCoupon = storeActor<OwnedCouponState, OwnedCouponCommand>({
  kind: 'ownedCoupon',
  version: 1,
  initial: { couponId: null, customerId: null, terms: null, status: 'AVAILABLE', orderId: null, issuedAt: 0 },
  on: {
    GrantCoupon(state, { couponId, customerId, terms, meta }, { emit }) {
      if (state.couponId !== null) return undefined
      // The end of the period is included. A used coupon lets the timer pass: it expires when it is given back.
      const delayMs = Math.max(0, terms.expiredAt + 1 - meta.at)
      emit.schedule({ name: 'ExpireCoupon' satisfies OwnedCouponCommand['type'], delayMs })
      return { couponId, customerId, terms, status: 'AVAILABLE', orderId: null, issuedAt: meta.at }
    },

    ExpireCoupon(state, { meta }) {
      if (state.status !== 'AVAILABLE' || state.terms === null) return undefined
      return meta.at > state.terms.expiredAt ? { ...state, status: 'EXPIRED' } : undefined
    },

    UseCoupon(state, { orderId, totalPrice, meta }, { emit }) {
      const { couponId, terms } = state
      if (couponId === null || terms === null) {
        const [campaign, owner] = idOf(meta.self).split(':').map(Number)
        const refusal = refuse('CUSTOMER_COUPON_NOT_FOUND', {
          couponId: campaign ?? 0,
          customerId: owner ?? 0,
        })
        emit.reply(reply({ type: 'UseCouponRejected', refusal }))
        return undefined
      }
      const minOrderAmount = terms.minOrderAmount ?? 0
      const refusal =
        state.status === 'USED'
          ? refuse('COUPON_ALREADY_USED', { couponId })
          : state.status === 'EXPIRED' || meta.at > terms.expiredAt
            ? refuse('COUPON_EXPIRED', { couponId })
            : meta.at < terms.startedAt
              ? refuse('COUPON_INVALID_PERIOD', { couponId })
              : totalPrice < minOrderAmount
                ? refuse('COUPON_MIN_ORDER_NOT_MET', { couponId, minOrderAmount, requested: totalPrice })
                : undefined
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'UseCouponRejected', refusal }))
        return undefined
      }
      emit.reply(reply({ type: 'CouponUsed', discountAmount: discountOf(terms, totalPrice) }))
      return { ...state, status: 'USED', orderId }
    },

    RestoreCoupon(state, { orderId, meta }, { emit }) {
      emit.reply(reply({ type: 'CouponRestored' }))
      return meta.undone?.type === 'CouponUsed' ? released(state, orderId, meta.at) : undefined
    },

    GiveCouponBack(state, { orderId, meta }, { emit }) {
      emit.reply(reply({ type: 'CouponGivenBack' }))
      return released(state, orderId, meta.at)
    },
  },
})
