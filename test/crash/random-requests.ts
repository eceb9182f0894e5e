import type { Request } from './client.ts'
import { couponIds, options } from './crash-profile.ts'
import type { CustomerNotes } from './customer-notes.ts'
import type { Operation } from './operation.ts'
import type { Random } from './random.ts'

const bigOrderPercent = 5
const keyPercent = 50

/** A customer who goes on for ever: now and then a charge or a coupon, and order after order, paid or cancelled. */
export function randomRequests(random: Random): (notes: CustomerNotes) => Request {
  let number = 0
  return notes => {
    const operation = nextOperation(notes, random)
    number += 1
    const key = `customer-${notes.customerId}-request-${number}`
    return { operation, ...(random.chance(keyPercent) && { key }) }
  }
}

function nextOperation(notes: CustomerNotes, random: Random): Operation {
  const choice = random.below(100)
  if (choice < 8) return { type: 'charge', amount: 20_000 + notes.operations }
  const couponId = couponIds.find(id => !notes.coupons.has(id))
  if (choice < 16 && couponId !== undefined) return { type: 'issueCoupon', couponId }
  const orderId = payableOrder(notes)
  if (orderId === undefined) return { type: 'order', items: itemsOf(random) }
  if (choice < 24) return { type: 'cancel', orderId }
  const coupon = random.chance(60) ? unusedCoupon(notes) : undefined
  return { type: 'pay', orderId, atOnce: random.chance(15), ...(coupon && { couponId: coupon }) }
}

function payableOrder({ orders }: CustomerNotes): number | undefined {
  const [orderId, order] = [...orders].at(-1) ?? []
  return order?.statuses.has('CREATED') && order.payments < 3 ? orderId : undefined
}

function unusedCoupon({ coupons, couponsUsed }: CustomerNotes): number | undefined {
  return couponIds.find(id => coupons.get(id) === 'acknowledged' && !couponsUsed.has(id))
}

function itemsOf(random: Random) {
  if (random.chance(bigOrderPercent)) return options.map(option => ({ ...option, quantity: 1 }))
  const first = random.below(options.length)
  const lines = 1 + random.below(3)
  return options.slice(first, first + lines).map(option => ({ ...option, quantity: 1 + random.below(3) }))
}
