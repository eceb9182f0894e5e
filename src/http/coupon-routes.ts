import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { CouponCampaign, CouponCommand, CouponReply } from '../actors/coupon/coupon-messages.ts'
import type { OwnedCoupon } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, positive } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const terms = {
  couponId: positive.openapi({ example: 4001 }),
  name: z.string(),
  discountType: z.enum(['FIXED', 'RATE']),
  discountAmount: z.int().openapi({ description: 'Money for FIXED, percent for RATE.', example: 3000 }),
}

export const campaign = z
  .object({
    ...terms,
    maxDiscount: money.nullable(),
    minOrderAmount: money.nullable(),
    totalQuantity: z.int(),
    remainingQuantity: z.int(),
    startedAt: moment,
    expiredAt: moment.openapi({ description: 'Included in the period.' }),
    endedAt: moment.nullable().openapi({ description: 'When it was ended early.' }),
  })
  .openapi('CouponCampaign')

export const ownedCoupon = z
  .object({
    ...terms,
    status: z.enum(['AVAILABLE', 'USED', 'EXPIRED']),
    issuedAt: moment,
    expiredAt: moment,
  })
  .openapi('OwnedCoupon')

const issuedCoupon = z
  .object({ couponId: positive, customerId: positive, status: z.literal('AVAILABLE'), issuedAt: moment })
  .openapi('IssuedCoupon')

export function couponRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions, newId } = dependencies

  function refuseUnknownCustomer(customerId: number): void {
    if (!questions.customerExists(customerId)) throw new Refused('CUSTOMER_NOT_FOUND', { customerId })
  }

  questionRoute(app, dependencies, {
    path: '/coupons',
    access: 'anyone',
    summary: 'Open coupon campaigns',
    query: pageQuery(),
    success: { 200: { description: 'A page of campaigns', schema: z.array(campaign) } },
    problems: [],
    answer: (page, _caller, c) => answerPage(c, questions.openCoupons(pageRequest(page)), showCampaign),
  })

  questionRoute(app, dependencies, {
    path: '/coupons/customer/{customerId}',
    access: 'customer',
    summary: "A customer's coupons",
    params: { customerId: idText },
    success: { 200: { description: 'Every coupon', schema: z.array(ownedCoupon) } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer({ customerId }) {
      refuseUnknownCustomer(customerId)
      return answer(200, questions.ownedCoupons(customerId).map(showOwnedCoupon))
    },
  })

  // After the customers' list: the router takes the first route that fits.
  questionRoute(app, dependencies, {
    path: '/coupons/{id}',
    access: 'anyone',
    summary: 'A coupon campaign, open or not',
    params: { id: idText },
    success: { 200: { description: 'The campaign', schema: campaign } },
    problems: ['COUPON_NOT_FOUND'],
    answer({ id }) {
      const found = questions.coupon(id)
      if (found === undefined) throw new Refused('COUPON_NOT_FOUND', { couponId: id })
      return answer(200, showCampaign(found))
    },
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/coupons/issue',
    access: 'customer',
    summary: 'Issue a coupon to a customer: first come, first served, one each',
    work: 'new',
    body: z.strictObject({ couponId: positive.openapi({ example: 4001 }), customerId: positive }),
    success: { 201: { description: 'The coupon', schema: issuedCoupon } },
    problems: [
      'COUPON_NOT_FOUND',
      'CUSTOMER_NOT_FOUND',
      'COUPON_INSUFFICIENT',
      'COUPON_ALREADY_ISSUED',
      'COUPON_INVALID_PERIOD',
    ],
    command({ couponId, customerId }) {
      if (!questions.couponExists(couponId)) throw new Refused('COUPON_NOT_FOUND', { couponId })
      refuseUnknownCustomer(customerId)
      const message: CouponCommand = { type: 'IssueCoupon', customerId }
      return { to: addressOf('coupon', couponId), message, correlationId: `http/${newId()}` }
    },
    present(reply: CouponReply) {
      if (reply.type !== 'CouponIssued') return undefined
      const { couponId, customerId, issuedAt } = reply
      return answer(201, { couponId, customerId, status: 'AVAILABLE', issuedAt: isoTime(issuedAt) })
    },
  })

  return app
}

export function showCampaign(shown: CouponCampaign): z.infer<typeof campaign> {
  return {
    couponId: shown.couponId,
    name: shown.name,
    discountType: shown.discountType,
    discountAmount: shown.discountAmount,
    maxDiscount: shown.maxDiscount,
    minOrderAmount: shown.minOrderAmount,
    totalQuantity: shown.totalQuantity,
    remainingQuantity: shown.remainingQuantity,
    startedAt: isoTime(shown.startedAt),
    expiredAt: isoTime(shown.expiredAt),
    endedAt: shown.endedAt === null ? null : isoTime(shown.endedAt),
  }
}

export function showOwnedCoupon(shown: OwnedCoupon): z.infer<typeof ownedCoupon> {
  return {
    couponId: shown.couponId,
    name: shown.name,
    discountType: shown.discountType,
    discountAmount: shown.discountAmount,
    status: shown.status,
    issuedAt: isoTime(shown.issuedAt),
    expiredAt: isoTime(shown.expiredAt),
  }
}
