import type { Invariant } from './invariant.ts'

/* Lists are made of rows, and orders and coupons of states: both have to say the same. */

export const listing: readonly Invariant[] = [
  {
    name: 'L1',
    sentence: 'Products and options are listed by the names and prices that orders are quoted at.',
    looksAt: `SELECT count(*) FROM snapshots WHERE kind = 'product'`,
    violations: `
      WITH stored AS (
        SELECT id, state ->> '$.name' AS name, state ->> '$.basePrice' AS price FROM snapshots WHERE kind = 'product'
      ),
      stored_options AS (
        SELECT s.id AS product, option.value ->> '$.productOptionId' AS id,
          option.value ->> '$.optionName' AS name, option.value ->> '$.extraPrice' AS price
        FROM snapshots AS s, json_each(s.state, '$.options') AS option
        WHERE s.kind = 'product'
      )
      SELECT format('product %s is not listed as it is', coalesce(s.id, p.product_id))
      FROM stored AS s FULL JOIN products AS p ON s.id = CAST(p.product_id AS TEXT)
      WHERE s.name IS NOT p.name OR s.price IS NOT p.base_price
      UNION ALL
      SELECT format('option %s of product %s is not listed as it is',
        coalesce(s.id, o.option_id), coalesce(s.product, o.product_id))
      FROM stored_options AS s FULL JOIN product_options AS o ON s.id = o.option_id
      WHERE s.product IS NOT CAST(o.product_id AS TEXT) OR s.name IS NOT o.option_name OR s.price IS NOT o.extra_price`,
  },
  {
    name: 'L2',
    sentence: 'A campaign is listed as open in its period, and not after an early end.',
    looksAt: `SELECT count(*) FROM snapshots WHERE kind = 'coupon'`,
    violations: `
      WITH stored AS (
        SELECT id, state ->> '$.terms.startedAt' AS opens_at,
          coalesce(state ->> '$.endedAt' - 1, state ->> '$.terms.expiredAt') AS closes_at
        FROM snapshots
        WHERE kind = 'coupon'
      )
      SELECT format('coupon %s is not listed as it is', coalesce(s.id, c.coupon_id))
      FROM stored AS s FULL JOIN coupon_campaigns AS c ON s.id = CAST(c.coupon_id AS TEXT)
      WHERE s.opens_at IS NOT c.opens_at OR s.closes_at IS NOT c.closes_at`,
  },
]
