import { refuse } from '../../refusal.ts'
import { addressOf, idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import {
  type CouponCampaign,
  type CouponCommand,
  type CouponReply,
  type CouponTerms,
  ownedCouponId,
} from './coupon-messages.ts'

/*
 * A campaign: exactly `totalQuantity` coupons, first come, first served, at most one per customer. Who was issued one
 * are rows, not state, so the campaign stays small however many it issues. Ended early it issues no more, for good; what it
 * has issued goes on under its own terms.
 */

export interface CouponState {
  /** Null until the campaign is created. */
  readonly couponId: number | null
  readonly totalQuantity: number
  readonly issuedQuantity: number
  readonly terms: CouponTerms | null
  /** When it was ended early. */
  readonly endedAt: number | null
}

/** A campaign as others see it, from its state. */
export function campaignOf(state: CouponState): CouponCampaign {
  const { couponId, terms, totalQuantity, issuedQuantity, endedAt } = state
  if (couponId === null || terms === null) throw new Error('A stored campaign has no terms')
  return {
    couponId,
    ...terms,
    totalQuantity,
    remainingQuantity: totalQuantity - issuedQuantity,
    endedAt,
  }
}

/** When it issues coupons, as a row: lists show the open ones. */
const rowOf = ({ couponId, startedAt, expiredAt, endedAt }: CouponCampaign) => ({
  table: 'coupon_campaigns',
  // Both ends are included, and at the moment of its end it is closed.
  row: { coupon_id: couponId, opens_at: startedAt, closes_at: endedAt === null ? expiredAt : endedAt - 1 },
})

const reply = (message: CouponReply) => ({ message })

const issueOf = (couponId: number | string, customerId: number) => `${couponId}/${customerId}`

export const coupon = storeActor<CouponState, CouponCommand>({
  kind: 'coupon',
  version: 1,
  initial: { couponId: null, totalQuantity: 0, issuedQuantity: 0, terms: null, endedAt: null },
  needs(message, self) {
    const command = message as CouponCommand
    if (command.type !== 'IssueCoupon') return undefined
    return { table: 'coupon_issues', unique: issueOf(idOf(self), command.customerId) }
  },
  on: {
    CreateCoupon(state, { couponId, totalQuantity, terms }, { emit }) {
      const known = state.couponId !== null
      const next = known ? state : { couponId, totalQuantity, issuedQuantity: 0, terms, endedAt: null }
      const campaign = campaignOf(next)
      emit.reply(reply({ type: 'CouponCreated', ...campaign }))
      if (known) return undefined
      emit.append(rowOf(campaign))
      return next
    },

    EndCoupon(state, { meta }, { emit }) {
      if (state.couponId === null) {
        const refusal = refuse('COUPON_NOT_FOUND', { couponId: Number(idOf(meta.self)) })
        emit.reply(reply({ type: 'EndCouponRejected', refusal }))
        return undefined
      }
      const campaign = campaignOf(state)
      // What is over cannot be ended early.
      const over = campaign.endedAt !== null || meta.at > campaign.expiredAt
      const ended = over ? campaign : { ...campaign, endedAt: meta.at }
      emit.reply(reply({ type: 'CouponEnded', ...ended }))
      if (over) return undefined
      emit.append(rowOf(ended))
      return { ...state, endedAt: meta.at }
    },

    IssueCoupon(state, { customerId, meta }, { emit }) {
      const { couponId, terms, totalQuantity, issuedQuantity, endedAt } = state
      if (couponId === null || terms === null) {
        const refusal = refuse('COUPON_NOT_FOUND', { couponId: Number(idOf(meta.self)) })
        emit.reply(reply({ type: 'IssueCouponRejected', refusal }))
        return undefined
      }
      const refusal =
        meta.at < terms.startedAt || meta.at > terms.expiredAt || endedAt !== null
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
