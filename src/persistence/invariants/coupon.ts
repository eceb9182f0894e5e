import type { Invariant } from './invariant.ts'
import { ownedCoupons, paidStages, payments, waiting } from './stored-actors.ts'

const ownedCount = `SELECT count(*) FROM snapshots WHERE kind = 'ownedCoupon'`

/** Everything was returned, and the coupon with it. */
const givenBack = `(
  p.stage = 'returned' OR p.returns_last AND p.step IN ('restocking', 'reversingStatistics', 'recordingReturn'))`

export const coupon: readonly Invariant[] = [
  {
    name: 'C1',
    sentence: 'A campaign has issued what it counts, and no more than it has.',
    looksAt: `SELECT count(*) FROM snapshots WHERE kind = 'coupon'`,
    violations: `
      WITH campaigns AS (
        SELECT id, state ->> '$.totalQuantity' AS total, state ->> '$.issuedQuantity' AS counted
        FROM snapshots
        WHERE kind = 'coupon'
      ),
      issued AS (
        SELECT CAST(coupon_id AS TEXT) AS id, count(*) AS issued FROM coupon_issues GROUP BY coupon_id
      )
      SELECT format('coupon %s of %s counts %s issued, and has issued %d',
        id, coalesce(total, 'nothing'), coalesce(counted, 'nothing'), issued)
      FROM campaigns FULL JOIN issued USING (id)
      WHERE counted IS NOT coalesce(issued, 0) OR counted > total`,
  },
  {
    name: 'C2',
    sentence: 'Whoever was issued a coupon of a campaign has exactly one of it, and nobody else has one.',
    looksAt: ownedCount,
    violations: `
      WITH ${ownedCoupons}, ${waiting},
      owners AS (
        SELECT coupon_id, customer_id, count(*) AS owned FROM owned_coupons GROUP BY coupon_id, customer_id
      )
      SELECT format('customer %s has %d of coupon %s and was issued %d',
        customer_id, owned, coupon_id, issued_at IS NOT NULL)
      FROM owners FULL JOIN coupon_issues USING (coupon_id, customer_id)
      -- Issued and not granted yet: the grant is on its way.
      WHERE NOT coalesce(owned = 1 AND issued_at IS NOT NULL, FALSE)
        AND NOT (owned IS NULL AND format('ownedCoupon/%d:%d', coupon_id, customer_id) IN waiting)`,
  },
  {
    name: 'C3',
    sentence: 'A used coupon is used by exactly one order, which is paid, being paid or being undone.',
    looksAt: ownedCount,
    violations: `
      WITH ${payments}, ${ownedCoupons}
      SELECT format('coupon %s is used by order %s, which does not pay with it', c.id, coalesce(c.order_id, 'nothing'))
      FROM owned_coupons AS c LEFT JOIN payments AS p ON p.id = c.order_id
      WHERE c.status = 'USED' AND NOT coalesce(
        p.owned_coupon = c.id AND (
          p.stage IN ${paidStages} AND NOT ${givenBack}
          OR p.stage IN ('paying', 'compensating') AND p.coupon_progress IN ('sent', 'done')
            AND p.step NOT IN ('restoringStock', 'releasingOrder')
        ), FALSE)
      UNION ALL
      SELECT format('order %s pays with coupon %s, which is %s', p.id, p.owned_coupon,
        CASE c.status WHEN 'USED' THEN 'used by order ' || c.order_id ELSE coalesce(c.status, 'nowhere') END)
      FROM payments AS p LEFT JOIN owned_coupons AS c ON c.id = p.owned_coupon
      WHERE p.owned_coupon IS NOT NULL AND (c.status = 'USED' AND c.order_id = p.id) IS NOT TRUE AND (
        p.stage IN ${paidStages} AND NOT ${givenBack} AND p.step IS NOT 'givingCouponBack'
        OR p.stage IN ('paying', 'compensating') AND p.coupon_progress = 'done'
          AND p.step NOT IN ('restoringCoupon', 'restoringStock', 'releasingOrder')
      )`,
  },
  {
    name: 'C4',
    sentence: 'A failed attempt has left its coupon to be used again, or expired.',
    looksAt: `WITH ${payments} SELECT count(*) FROM payments WHERE stage = 'failed' AND owned_coupon IS NOT NULL`,
    violations: `
      WITH ${payments}, ${ownedCoupons}
      SELECT format('coupon %s is %s by order %s, whose payment failed', c.id, c.status, c.order_id)
      FROM payments AS p JOIN owned_coupons AS c ON c.id = p.owned_coupon
      WHERE p.stage = 'failed' AND c.order_id = p.id`,
  },
]
