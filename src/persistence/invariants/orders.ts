import type { Invariant } from './invariant.ts'
import { orderStreamBreaks } from './order-stream.ts'
import { attemptOfKey, orders, paidItems, paidStages, payments, waiting } from './stored-actors.ts'

const orderCount = `SELECT count(*) FROM snapshots WHERE kind = 'order'`
const paymentCount = `SELECT count(*) FROM snapshots WHERE kind = 'payment'`

export const order: readonly Invariant[] = [
  {
    name: 'O1',
    sentence:
      'A completed payment has a paid order, and a paid order has a payment that is completed or about to be; both agree on what is wholly returned.',
    looksAt: paymentCount,
    violations: `
      WITH ${payments}, ${orders}, ${paidItems}
      SELECT format('payment %s is %s and its order is %s', p.id, stage, coalesce(status, 'nowhere'))
      FROM payments AS p LEFT JOIN orders AS o ON o.id = p.id
      WHERE stage IN ${paidStages} AND coalesce(status, '') NOT IN ('PAID', 'PARTIALLY_RETURNED', 'RETURNED')
      UNION ALL
      SELECT format('order %s is %s and its payment is %s', o.id, status, coalesce(step, stage, 'nowhere'))
      FROM orders AS o LEFT JOIN payments AS p ON p.id = o.id
      WHERE status IN ('PAID', 'PARTIALLY_RETURNED', 'RETURNED')
        -- In recordingPayment the order may have answered already.
        AND coalesce(stage, '') NOT IN ${paidStages}
        AND coalesce(step, '') NOT IN ('recordingPayment', 'recordingStatistics', 'voidingPayment')
      UNION ALL
      SELECT format('order %s is %s and its payment is %s', o.id, status, coalesce(step, stage))
      FROM orders AS o JOIN payments AS p ON p.id = o.id
      -- In recordingReturn the order may have answered already.
      WHERE (status = 'RETURNED') <> (stage = 'returned')
        AND NOT (status = 'RETURNED' AND step IS 'recordingReturn' AND returns_last)
      UNION ALL
      SELECT format('payment %s is %s and %d of its %d units were returned', id, stage, sum(returned), sum(quantity))
      FROM paid_items
      WHERE stage <> 'returning'
      GROUP BY id
      HAVING (sum(returned) = sum(quantity)) <> (stage = 'returned')`,
  },
  {
    name: 'O2',
    sentence: 'Nothing happens to an order that is cancelled, expired or wholly returned.',
    looksAt: `SELECT count(*) FROM order_events WHERE status IN ('CANCELLED', 'EXPIRED', 'RETURNED')`,
    violations: `
      SELECT format('event %d of order %d came after it was %s', later.sequence, e.order_id, e.status)
      FROM order_events AS e JOIN order_events AS later ON later.order_id = e.order_id AND later.sequence > e.sequence
      WHERE e.status IN ('CANCELLED', 'EXPIRED', 'RETURNED')`,
  },
  {
    name: 'O3',
    sentence:
      'An order that is being paid has a payment that is paying or compensating, in the same attempt.',
    looksAt: `WITH ${orders} SELECT count(*) FROM orders WHERE status = 'PAYING'`,
    violations: `
      WITH ${payments}, ${orders}
      SELECT format('order %s is PAYING in attempt %d, its payment is %s in attempt %s',
        o.id, o.attempt, coalesce(p.stage, 'nowhere'), coalesce(p.attempt, 0))
      FROM orders AS o LEFT JOIN payments AS p ON p.id = o.id
      WHERE o.status = 'PAYING'
        AND NOT coalesce(p.stage IN ('paying', 'compensating') AND p.attempt = o.attempt, FALSE)`,
  },
  {
    name: 'O4',
    sentence: 'Every payment is completed, failed or returned, or something waits that will move it.',
    looksAt: paymentCount,
    violations: `
      WITH ${payments}, ${waiting}
      SELECT format('payment %s is %s and nothing will move it', id, coalesce(step, stage))
      FROM payments
      WHERE stage NOT IN ('completed', 'failed', 'returned')
        AND 'payment/' || id NOT IN waiting
        AND NOT EXISTS (SELECT 1 FROM timers WHERE actor = 'payment/' || id)`,
  },
  {
    name: 'O5',
    sentence: 'One order is paid at most once at a time, and its money is taken at most once.',
    looksAt: `SELECT count(*) FROM order_events WHERE type = 'OrderPaid'`,
    violations: `
      WITH entries AS (
        SELECT DISTINCT entry, change_type, key, ${attemptOfKey}
        FROM ledger_lines
        WHERE change_type IN ('USE', 'ROLLBACK')
      )
      SELECT format('%s was posted %d times', key, count(*)) FROM entries GROUP BY key HAVING count(*) > 1
      UNION ALL
      SELECT format('the money of order %s was taken and kept %d times',
        order_id, sum(iif(change_type = 'USE', 1, -1)))
      FROM entries
      GROUP BY order_id
      HAVING sum(iif(change_type = 'USE', 1, -1)) > 1
      UNION ALL
      SELECT format('order %d was paid %d times', order_id, sum(iif(type = 'OrderPaid', 1, -1)))
      FROM order_events
      WHERE type IN ('OrderPaid', 'PaymentVoided')
      GROUP BY order_id
      HAVING sum(iif(type = 'OrderPaid', 1, -1)) > 1`,
  },
  {
    name: 'O6',
    sentence: "The fold of an order's events is its state.",
    looksAt: orderCount,
    violations: orderStreamBreaks,
  },
]
