import type { Invariant } from './invariant.ts'
import {
  attemptOfKey,
  failedAttempts,
  orders,
  paidItems,
  paidStages,
  payments,
  standing,
} from './stored-actors.ts'

const stocks = `SELECT count(*) FROM snapshots WHERE kind = 'stock'`

/** Units that attempts have decreased, and neither restored nor got back by a return. */
const held = `
  held AS (
    SELECT order_id, attempt, option_id, sum(units) AS units
    FROM (
      SELECT option_id, iif(movement = 'DECREASE', quantity, -quantity) AS units, ${attemptOfKey}
      FROM stock_movements
      WHERE movement IN ('DECREASE', 'RESTORE', 'RETURN')
    )
    GROUP BY order_id, attempt, option_id
    HAVING sum(units) <> 0
  )`

export const stock: readonly Invariant[] = [
  {
    name: 'S1',
    sentence:
      'On hand is what was restocked, restored and returned, less what was written off and decreased.',
    looksAt: stocks,
    violations: `
      WITH moved AS (
        SELECT
          CAST(option_id AS TEXT) AS id,
          sum(CASE
            WHEN movement IN ('RESTOCK', 'RESTORE', 'RETURN') THEN quantity
            WHEN movement IN ('WRITE_OFF', 'DECREASE') THEN -quantity
          END) AS units,
          count(*) FILTER (WHERE movement NOT IN ('RESTOCK', 'RESTORE', 'RETURN', 'WRITE_OFF', 'DECREASE')) AS unknown
        FROM stock_movements
        GROUP BY option_id
      ),
      stocks AS (SELECT id, state ->> '$.quantity' AS quantity FROM snapshots WHERE kind = 'stock')
      SELECT format('stock %s holds %s, its movements sum to %d', id, coalesce(quantity, 'nothing'), units)
      FROM stocks FULL JOIN moved USING (id)
      WHERE quantity IS NOT coalesce(units, 0) OR unknown > 0`,
  },
  {
    name: 'S2',
    sentence: 'No stock is negative.',
    looksAt: stocks,
    violations: `
      SELECT format('stock %s holds %d', id, state ->> '$.quantity')
      FROM snapshots
      WHERE kind = 'stock' AND state ->> '$.quantity' < 0`,
  },
  {
    name: 'S3',
    sentence: 'A failed attempt has restored every unit it decreased.',
    looksAt: failedAttempts,
    violations: `
      WITH ${payments}, ${standing}, ${held}
      SELECT format('attempt %s/%d keeps %d of option %d and did not complete', order_id, attempt, units, option_id)
      FROM held
      WHERE (order_id, attempt) NOT IN standing`,
  },
  {
    name: 'S4',
    sentence:
      'Units decreased and not restored are those of paid orders, less what was returned, and those held by payments in flight.',
    looksAt: `SELECT count(*) FROM stock_movements WHERE movement IN ('DECREASE', 'RESTORE', 'RETURN')`,
    violations: `
      WITH ${payments}, ${orders}, ${paidItems}, ${held},
      -- What a payment in flight knows of each option decides what it may hold of it: an unanswered command may have
      -- taken all or nothing, and so may one whose undo is unanswered.
      in_flight AS (
        SELECT p.id, item.value ->> '$.productOptionId' AS option_id, item.value ->> '$.quantity' AS quantity,
          p.state ->> format('$.context.stock[%d]', item.key) AS progress, step
        FROM payments AS p, json_each(p.state, '$.context.items') AS item
        WHERE stage IN ('paying', 'compensating')
      ),
      due AS (
        SELECT id AS order_id, option_id, NULL AS units,
          iif(progress = 'done' AND step <> 'restoringStock', quantity, 0) AS at_least,
          iif(progress IN ('sent', 'done'), quantity, 0) AS at_most
        FROM in_flight
        UNION ALL
        SELECT o.id, item.value ->> '$.productOptionId', NULL,
          sum(item.value ->> '$.quantity'), sum(item.value ->> '$.quantity')
        FROM orders AS o, json_each(o.state, '$.context.items') AS item
        WHERE status IN ('PAID', 'PARTIALLY_RETURNED', 'RETURNED')
          AND NOT EXISTS (
            SELECT 1 FROM payments AS p
            WHERE p.id = o.id AND (p.stage IN ('paying', 'compensating') OR p.stage IN ${paidStages}))
        GROUP BY o.id, 2
        UNION ALL
        SELECT id, option_id, NULL,
          quantity - returned + iif(unstocked AND step <> 'restocking', under_way, 0),
          quantity - returned + iif(unstocked, under_way, 0)
        FROM paid_items JOIN orders USING (id)
        WHERE status IN ('PAID', 'PARTIALLY_RETURNED', 'RETURNED')
        UNION ALL
        SELECT order_id, option_id, units, NULL, NULL FROM held
      )
      SELECT format('order %s keeps %d of option %d instead of %d',
        order_id, coalesce(sum(units), 0), option_id, coalesce(sum(at_most), 0))
      FROM due
      GROUP BY order_id, option_id
      HAVING coalesce(sum(units), 0) NOT IN (coalesce(sum(at_least), 0), coalesce(sum(at_most), 0))`,
  },
]
