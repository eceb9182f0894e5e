import { CustomerNotes } from '../crash/customer-notes.ts'

/** The notes of a customer at one time, which later requests do not change. */
export function notesNow(notes: CustomerNotes): CustomerNotes {
  const copy = new CustomerNotes(notes.customerId)
  copy.ordersUnanswered = notes.ordersUnanswered
  for (const [orderId, order] of notes.orders)
    copy.orders.set(orderId, { ...order, statuses: new Set(order.statuses) })
  for (const [amount, noted] of notes.charges) copy.charges.set(amount, noted)
  for (const [couponId, noted] of notes.coupons) copy.coupons.set(couponId, noted)
  for (const couponId of notes.couponsUsed) copy.couponsUsed.add(couponId)
  copy.operations = notes.operations
  copy.acknowledgements = notes.acknowledgements
  return copy
}

/**
 * What a customer may expect of a copy that was taken between two times: whatever was acknowledged before, as it was or
 * as it had become; whatever was asked for meanwhile may be there, once; and nothing that was asked for later.
 * `inFlight`: a request was under way at the second time.
 */
export function expectedBetween(
  before: CustomerNotes,
  after: CustomerNotes,
  inFlight: boolean,
): CustomerNotes {
  const expected = notesNow(before)
  for (const [orderId, order] of expected.orders) {
    const later = after.orders.get(orderId)
    for (const status of later?.statuses ?? []) order.statuses.add(status)
    if ((later?.payments ?? 0) > order.payments) order.statuses.add('PAID')
  }
  expected.ordersUnanswered += after.orders.size - before.orders.size + (inFlight ? 1 : 0)
  for (const amount of after.charges.keys()) {
    if (!expected.charges.has(amount)) expected.charges.set(amount, 'sent')
  }
  for (const couponId of after.coupons.keys()) {
    if (!expected.coupons.has(couponId)) expected.coupons.set(couponId, 'sent')
  }
  return expected
}
