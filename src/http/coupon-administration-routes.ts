import { OpenAPIHono, z } from '@hono/zod-openapi'
import type {
  CampaignQuotaCommand,
  CampaignQuotaReply,
  CouponCommand,
  CouponReply,
} from '../actors/coupon/coupon-messages.ts'
import { orderTotalMax, stockQuantityMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import type { Caller } from './access.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import { campaign, showCampaign } from './coupon-routes.ts'
import type { Dependencies } from './dependencies.ts'
import { givenReason, idText, nameText } from './fields.ts'
import { Refused } from './refused.ts'

const reason = givenReason.optional()
const amount = z.int().max(orderTotalMax)
const givenMoment = z.iso
  .datetime({ offset: true })
  .transform(text => Date.parse(text))
  .openapi({ type: 'string', format: 'date-time', example: '2026-03-01T09:30:00.000Z' })

const campaignExample = {
  name: '3,000 off',
  discountType: 'FIXED',
  discountAmount: 3_000,
  totalQuantity: 1_000,
  startedAt: '2026-03-01T09:30:00.000Z',
  expiredAt: '2026-04-01T09:30:00.000Z',
}

const newCampaign = z
  .strictObject({
    name: nameText(200).openapi({ example: '3,000 off' }),
    discountType: z.enum(['FIXED', 'RATE']),
    discountAmount: amount
      .min(1)
      .openapi({ description: 'Money for FIXED, percent for RATE.', example: 3000 }),
    maxDiscount: amount.min(1).nullable().default(null),
    minOrderAmount: amount.min(0).nullable().default(null),
    totalQuantity: z.int().min(1).max(stockQuantityMax),
    startedAt: givenMoment,
    expiredAt: givenMoment.openapi({ description: 'Included in the period.' }),
    reason,
  })
  .superRefine(({ discountType, discountAmount, maxDiscount, startedAt, expiredAt }, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (discountType === 'RATE' && discountAmount > 100) {
      complain('discountAmount', 'a RATE is a percentage from 1 to 100')
    }
    if (discountType === 'FIXED' && maxDiscount !== null) {
      complain('maxDiscount', 'only a RATE has a limit of its discount')
    }
    if (startedAt >= expiredAt) complain('expiredAt', 'it must be later than startedAt')
  })
  .openapi({ example: campaignExample })

/** What administrators do with coupon campaigns. Both leave a row in the audit log. */
export function couponAdministrationRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { ask, clock, newId, settings } = dependencies

  /** The cap is asked first, so that a campaign beyond it leaves nothing behind. Throws `Refused` with RATE_LIMITED. */
  async function admitCampaign({ name }: Caller): Promise<void> {
    const message: CampaignQuotaCommand = { type: 'AdmitCampaign', perHourMax: settings.couponsPerHour }
    const reply = (await ask(addressOf('campaignQuota', name), message, {
      correlationId: `http/${newId()}`,
    })) as CampaignQuotaReply
    if (reply.type === 'AdmitCampaignRejected') throw new Refused(reply.refusal.code, reply.refusal.facts)
  }

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/coupons',
    access: 'administrator',
    summary: 'Open a coupon campaign',
    work: 'new',
    body: newCampaign,
    success: { 201: { description: 'The campaign', schema: campaign } },
    problems: ['RATE_LIMITED'],
    async command({ reason, totalQuantity, ...terms }, caller) {
      if (terms.expiredAt < clock.now()) {
        throw new Refused('INVALID_ARGUMENT', { path: 'expiredAt', reason: 'it is over already' })
      }
      await admitCampaign(caller)
      const couponId = newId()
      const message: CouponCommand = { type: 'CreateCoupon', couponId, totalQuantity, terms }
      return {
        to: addressOf('coupon', couponId),
        message,
        correlationId: `http/${newId()}`,
        operator: { name: caller.name, reason: reason ?? '' },
      }
    },
    present: (reply: CouponReply) =>
      reply.type === 'CouponCreated' ? answer(201, showCampaign(reply)) : undefined,
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/coupons/{id}/end',
    access: 'administrator',
    summary: 'End a campaign early: no more are issued; those that were keep their own period',
    params: { id: idText },
    body: z.strictObject({ reason }),
    success: { 200: { description: 'The campaign', schema: campaign } },
    problems: ['COUPON_NOT_FOUND'],
    command({ id, reason }, { name }) {
      const message: CouponCommand = { type: 'EndCoupon' }
      return {
        to: addressOf('coupon', id),
        message,
        correlationId: `http/${newId()}`,
        operator: { name, reason: reason ?? '' },
      }
    },
    present: (reply: CouponReply) =>
      reply.type === 'CouponEnded' ? answer(200, showCampaign(reply)) : undefined,
  })

  return app
}
