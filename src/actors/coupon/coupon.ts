import { refuse } from '../../refusal.ts'
import { addressOf, idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import { type CouponCommand, type CouponReply, type CouponTerms, ownedCouponId } from './coupon-messages.ts'

/*
 * A campaign: exactly `totalQuantity` coupons, first come, first served, at most one per customer. Who was issued one
 * are rows, not state, so the campaign stays small however many it issues.
 */

export interface CouponState {
  /** Null until the campaign is created. */
  readonly couponId: number | null
  readonly totalQuantity: number
  readonly issuedQuantity: number
  readonly terms: CouponTerms | null
}

const reply = (message: CouponReply) => ({ message })

const issueOf = (couponId: number | string, customerId: number) => `${couponId}/${customerId}`

export const coupon = storeActor<CouponState, CouponCommand>({
  kind: 'coupon',
  version: 1,
  initial: { couponId: null, totalQuantity: 0, issuedQuantity: 0, terms: null },
  needs(message, self) {
    const command = message as CouponCommand
    if (command.type !== 'IssueCoupon') return undefined
    return { table: 'coupon_issues', unique: issueOf(idOf(self), command.customerId) }
  },
  on: {
    CreateCoupon(state, { couponId, totalQuantity, terms }, { emit }) {
      emit.reply(reply({ type: 'CouponCreated', couponId }))
      return state.couponId === null ? { couponId, totalQuantity, issuedQuantity: 0, terms } : undefined
    },

    IssueCoupon(state, { customerId, meta }, { emit }) {
      const { couponId, terms, totalQuantity, issuedQuantity } = state
      if (couponId === null || terms === null) {
        const refusal = refuse('COUPON_NOT_FOUND', { couponId: Number(idOf(meta.self)) })
        emit.reply(reply({ type: 'IssueCouponRejected', refusal }))
        return undefined
      }
      const refusal =
        meta.at < terms.startedAt || meta.at > terms.expiredAt
          ? refuse('COUPON_INVALID_PERIOD', { couponId })
          : meta.rowExists
            ? refuse('COUPON_ALREADY_ISSUED', { couponId, customerId })
            : issuedQuantity >= totalQuantity
              ? refuse('COUPON_INSUFFICIENT', { couponId })
              : undefined
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'IssueCouponRejected', refusal }))
        return undefined
      }
      emit.append({
        table: 'coupon_issues',
        row: { coupon_id: couponId, customer_id: customerId, issued_at: meta.at },
        unique: issueOf(couponId, customerId),
      })
      // Granting twice changes nothing, so it needs no key.
      emit.send({
        to: addressOf('ownedCoupon', ownedCouponId(couponId, customerId)),
        message: { type: 'GrantCoupon', couponId, customerId, terms },
      })
      emit.reply(reply({ type: 'CouponIssued', couponId, customerId, issuedAt: meta.at }))
      return { ...state, issuedQuantity: issuedQuantity + 1 }
    },
  },
})
