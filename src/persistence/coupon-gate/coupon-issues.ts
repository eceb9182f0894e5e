import type { Reader } from '../reader.ts'

/** Who was issued a coupon of a campaign, from committed rows. */
export function createCouponIssues(reader: Reader) {
  const after = reader.prepare<[number, number, number], { customerId: number }>(
    `SELECT customer_id AS customerId FROM coupon_issues WHERE coupon_id = ? AND customer_id > ?
     ORDER BY customer_id LIMIT ?`,
  )
  return {
    /** By id, those after one of them. */
    customers: (couponId: number, afterCustomer: number, limit: number) =>
      after.all(couponId, afterCustomer, limit).map(({ customerId }) => customerId),
  }
}

export type CouponIssues = ReturnType<typeof createCouponIssues>
