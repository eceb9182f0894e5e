import type { PaymentTiming } from '../machines/payment-machine.ts'
import { type ActorDefinition, erased } from '../runtime/actor.ts'
import { balance } from './balance/balance.ts'
import { campaignQuota } from './coupon/campaign-quota.ts'
import { coupon } from './coupon/coupon.ts'
import { ownedCoupon } from './coupon/owned-coupon.ts'
import { customer } from './customer/customer.ts'
import { deadLetter } from './operator/dead-letter.ts'
import { staffCredit } from './operator/staff-credit.ts'
import { order } from './order/order.ts'
import { payment } from './payment/payment.ts'
import { product } from './product/product.ts'
import { statistics } from './statistics/statistics.ts'
import { stock } from './stock/stock.ts'

/** Every kind of actor a shop is made of. Sales are counted by the days of `timeZone`. */
export function shopActors(timing: PaymentTiming, timeZone: string): readonly ActorDefinition[] {
  return [
    erased(customer),
    erased(balance),
    erased(product),
    erased(stock),
    erased(coupon),
    erased(ownedCoupon),
    erased(campaignQuota),
    erased(order),
    erased(payment(timing)),
    erased(statistics(timeZone)),
    erased(deadLetter),
    erased(staffCredit),
  ]
}
