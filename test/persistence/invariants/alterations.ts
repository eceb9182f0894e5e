import type { Database } from 'better-sqlite3'
import {
  alterAudit,
  forgeEntry,
  forgeEvent,
  forgeJournal,
  forgeLedger,
  forgeMovement,
  setState,
} from './forged-rows.ts'

const unpaid = { originalPrice: 0, discountAmount: 0, discountedPrice: 0, couponId: null, paidAt: 0 }

/** What is altered, all that is broken by it, and how. Wherever that can be, a case breaks one invariant alone. */
type Alteration = [what: string, breaks: string[], alter: (database: Database) => void]

export const alterations: Alteration[] = [
  [
    'two entries are out by one, in opposite directions',
    ['M1'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET amount = amount + iif(sequence = 2, 1, -1) WHERE sequence IN (2, 4)`,
      ),
  ],
  [
    'money came from nowhere',
    ['M1', 'M2'],
    database => forgeLedger(database, `UPDATE ledger_lines SET amount = amount + 1 WHERE sequence = 2`),
  ],
  [
    'a wallet holds more than its lines',
    ['M3'],
    database => setState(database, 'balance/11', { amount: 5_301 }),
  ],
  [
    'a history ends with another total',
    ['M3'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET total_after = 1 WHERE sequence = (SELECT max(sequence) FROM ledger_lines WHERE account = 'wallet/12')`,
      ),
  ],
  [
    'a wallet with a history is gone',
    ['M3', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'balance' AND id = '12'`),
  ],
  [
    'a wallet was negative for a while',
    ['M4'],
    database => forgeLedger(database, `UPDATE ledger_lines SET total_after = -1 WHERE sequence = 1`),
  ],
  ['a wallet is negative', ['M3', 'M4'], database => setState(database, 'balance/12', { amount: -1 })],
  [
    'the time of a ledger line was altered',
    ['M5', 'E7'],
    database => database.exec(`UPDATE ledger_lines SET at = at + 1 WHERE sequence = 3`),
  ],
  [
    'the sequence of the ledger has a gap',
    ['M5', 'E7'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET sequence = sequence + 1 WHERE sequence = (SELECT max(sequence) FROM ledger_lines)`,
      ),
  ],
  [
    'a completed payment remembers another discount',
    ['M6'],
    database => setState(database, 'payment/1001', { 'context.discountAmount': 299 }),
  ],
  [
    'somebody else paid',
    ['M3', 'M6'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET account = 'wallet/14' WHERE key = '1001/1/deductBalance' AND total_after IS NOT NULL`,
      ),
  ],
  [
    'more was refunded than was paid',
    ['M6'],
    database => {
      forgeEntry(database, 'REFUND', '1001/return/1', [
        ['wallet/11', 3_201, 8_501],
        ['revenue', -3_201],
      ])
      setState(database, 'balance/11', { amount: 8_501 })
    },
  ],
  [
    'a refund gave back more than its return says',
    ['M6'],
    database => {
      forgeLedger(
        database,
        `UPDATE ledger_lines SET amount = iif(account = 'revenue', -1001, 1001), total_after = total_after + 1
         WHERE key = '1007/1/refundReturn/9007' AND account <> 'discount'`,
      )
      setState(database, 'balance/13', { amount: 8_501 })
    },
  ],
  [
    'a payment remembers another refund',
    ['M6'],
    database => setState(database, 'payment/1007', { 'context.returns.refundedAmount': 999 }),
  ],
  [
    'a return gave back more than its share, and everybody agrees on it',
    ['M6'],
    database => {
      forgeEntry(database, 'REFUND', '1007/1/refundReturn/9007', [
        ['wallet/13', 1, 8_501],
        ['discount', -1],
      ])
      setState(database, 'balance/13', { amount: 8_501 })
      setState(database, 'payment/1007', { 'context.returns.refundedAmount': 1_001 })
      database.exec(
        `UPDATE order_events SET body = json_set(body, '$.refundAmount', 1001) WHERE order_id = 1007 AND type = 'ItemsReturned'`,
      )
    },
  ],
  [
    'something was refunded that nobody returned',
    ['M6'],
    database => {
      forgeEntry(database, 'REFUND', '1006/1/refundReturn/9006', [
        ['wallet/12', 500, 500],
        ['revenue', -500],
      ])
      setState(database, 'balance/12', { amount: 500 })
    },
  ],
  [
    'a return was never refunded',
    ['M6'],
    database => {
      forgeLedger(database, `DELETE FROM ledger_lines WHERE key = '1007/1/refundReturn/9007'`)
      forgeLedger(
        database,
        `UPDATE ledger_lines SET sequence = (SELECT count(*) FROM ledger_lines AS l WHERE l.sequence <= ledger_lines.sequence)`,
      )
      setState(database, 'balance/13', { amount: 7_500 })
    },
  ],
  [
    'the order was told of another refund than its payment gave',
    ['M6'],
    database =>
      database.exec(
        `UPDATE order_events SET body = json_set(body, '$.refundAmount', 999) WHERE order_id = 1007 AND type = 'ItemsReturned'`,
      ),
  ],
  [
    'a failed attempt moved money',
    ['M7'],
    database =>
      forgeEntry(database, 'ROLLBACK', '1002/1/refundBalance', [
        ['discount', 1],
        ['revenue', -1],
      ]),
  ],
  [
    'a payment that does not exist moved money',
    ['M7'],
    database =>
      forgeEntry(database, 'USE', '1999/1/deductBalance', [
        ['discount', -1],
        ['revenue', 1],
      ]),
  ],
  [
    'a stock holds more than its movements',
    ['S1'],
    database => setState(database, 'stock/61', { quantity: 10 }),
  ],
  ['a stock moved in an unknown way', ['S1'], database => forgeMovement(database, 61, 'LOST', 1)],
  [
    'a stock is negative',
    ['S2'],
    database => {
      forgeMovement(database, 61, 'WRITE_OFF', 10)
      setState(database, 'stock/61', { quantity: -1 })
    },
  ],
  [
    'a failed attempt kept a unit that another attempt gave back',
    ['S3'],
    database => {
      forgeMovement(database, 61, 'DECREASE', 1, '1002/1/decreaseStock/61')
      forgeMovement(database, 61, 'RESTORE', 1, '1002/7/restoreStock/61')
    },
  ],
  [
    'a failed attempt kept a unit',
    ['S3', 'S4'],
    database => {
      forgeMovement(database, 61, 'DECREASE', 1, '1002/1/decreaseStock/61')
      setState(database, 'stock/61', { quantity: 8 })
    },
  ],
  [
    'a paid order took a unit too few',
    ['S4'],
    database => {
      forgeMovement(database, 61, 'RESTORE', 1, '1001/1/restoreStock/61')
      setState(database, 'stock/61', { quantity: 10 })
    },
  ],
  [
    'what was returned is not back on the shelf',
    ['S4'],
    database => {
      database.exec(`DELETE FROM stock_movements WHERE movement = 'RETURN' AND key GLOB '1007/*'`)
      setState(database, 'stock/61', { quantity: 8 })
    },
  ],
  [
    'what was returned was put back twice',
    ['S4'],
    database => {
      forgeMovement(database, 61, 'RETURN', 1, '1007/1/returnStock/61/9007')
      setState(database, 'stock/61', { quantity: 10 })
    },
  ],
  [
    'a payment in flight holds a unit that it never asked for',
    ['S4'],
    database => {
      forgeMovement(database, 62, 'DECREASE', 1, '1003/1/decreaseStock/62')
      setState(database, 'stock/62', { quantity: 8 })
    },
  ],
  [
    'a campaign counts one issue too many',
    ['C1'],
    database => setState(database, 'coupon/71', { totalQuantity: 3, issuedQuantity: 3 }),
  ],
  [
    'a campaign issued more than it has',
    ['C1'],
    database => setState(database, 'coupon/71', { totalQuantity: 1 }),
  ],
  ...(
    [
      ['a product is listed at another price', 'UPDATE products SET base_price = 1'],
      ['a product is not listed', 'DELETE FROM products WHERE product_id = 51'],
      [
        'an option is listed at another price',
        'UPDATE product_options SET extra_price = 1 WHERE option_id = 61',
      ],
      ['an option is listed that does not exist', "INSERT INTO product_options VALUES (69, 51, 'blue', 0)"],
      [
        'an option is listed under another product',
        'UPDATE product_options SET product_id = 52 WHERE option_id = 61',
      ],
    ] as const
  ).map(([what, sql]): Alteration => [what, ['L1'], database => database.exec(sql)]),
  [
    'a product costs what it is not listed at',
    ['L1'],
    database => setState(database, 'product/51', { basePrice: 1 }),
  ],
  [
    'a campaign that was ended is listed as open',
    ['L2'],
    database => setState(database, 'coupon/71', { endedAt: 1 }),
  ],
  ['a campaign is not listed', ['L2'], database => database.exec('DELETE FROM coupon_campaigns')],
  [
    'a customer has two coupons of a campaign',
    ['C2'],
    database => setState(database, 'ownedCoupon/71:12', { customerId: 11 }),
  ],
  [
    'a customer has a coupon that was not issued',
    ['C1', 'C2'],
    database => database.exec(`DELETE FROM coupon_issues WHERE customer_id = 12`),
  ],
  [
    'a coupon that was issued is gone',
    ['C2', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'ownedCoupon' AND id = '71:12'`),
  ],
  [
    'a coupon is used by an order that does not pay with it',
    ['C3'],
    database => setState(database, 'ownedCoupon/71:12', { status: 'USED', orderId: 1006 }),
  ],
  [
    'the coupon of a paid order can be used again',
    ['C3'],
    database => setState(database, 'ownedCoupon/71:11', { status: 'AVAILABLE', orderId: null }),
  ],
  [
    'the coupon of a returned order was not given back',
    ['C3'],
    database => setState(database, 'ownedCoupon/71:12', { status: 'USED', orderId: 1008 }),
  ],
  [
    'a failed attempt kept its coupon',
    ['C3', 'C4'],
    database => setState(database, 'ownedCoupon/71:12', { status: 'USED', orderId: 1002 }),
  ],
  [
    'the order of a completed payment is not paid',
    ['S4', 'O1'],
    database => {
      database.exec(`DELETE FROM order_events WHERE order_id = 1001 AND sequence > 1`)
      setState(database, 'order/1001', {
        value: 'CREATED',
        'context.attempt': 0,
        'context.payment': null,
        'context.sequence': 1,
      })
    },
  ],
  [
    'an order is paid that nobody pays',
    ['S4', 'O1'],
    database => {
      forgeEvent(database, 1005, 'PaymentBegun', 'PAYING', { attempt: 1 })
      forgeEvent(database, 1005, 'OrderPaid', 'PAID', unpaid)
      setState(database, 'order/1005', {
        value: 'PAID',
        'context.attempt': 1,
        'context.payment': unpaid,
        'context.sequence': 3,
      })
    },
  ],
  [
    'an order is returned and its payment knows nothing of it',
    ['O1'],
    database => {
      forgeEvent(database, 1006, 'OrderReturned', 'RETURNED', { returnId: 9_006, items: [], refundAmount: 0 })
      setState(database, 'order/1006', { value: 'RETURNED', 'context.sequence': 4 })
    },
  ],
  [
    'a payment is returned and its order is not',
    ['M6', 'O1'],
    database => setState(database, 'payment/1006', { value: 'returned' }),
  ],
  [
    'an order is returned as a whole, and neither it nor its payment says so',
    ['O1'],
    database => {
      database.exec(
        `UPDATE order_events SET type = 'ItemsReturned', status = 'PARTIALLY_RETURNED' WHERE order_id = 1008 AND type = 'OrderReturned'`,
      )
      setState(database, 'order/1008', { value: 'PARTIALLY_RETURNED' })
      setState(database, 'payment/1008', { value: 'completed', 'context.couponId': null })
    },
  ],
  [
    'something happened to a returned order',
    ['O2', 'O6'],
    database => {
      forgeEvent(database, 1008, 'OrderCancelled', 'CANCELLED')
      setState(database, 'order/1008', { 'context.sequence': 5 })
    },
  ],
  [
    'something happened to a cancelled order',
    ['O2', 'O6'],
    database => {
      forgeEvent(database, 1004, 'OrderCancelled', 'CANCELLED')
      setState(database, 'order/1004', { 'context.sequence': 3 })
    },
  ],
  [
    'an order is being paid by nobody',
    ['O3'],
    database => {
      forgeEvent(database, 1005, 'PaymentBegun', 'PAYING', { attempt: 1 })
      setState(database, 'order/1005', { value: 'PAYING', 'context.attempt': 1, 'context.sequence': 2 })
    },
  ],
  [
    'nothing will move a payment',
    ['O4'],
    database => database.exec(`DELETE FROM timers WHERE actor = 'payment/1003'`),
  ],
  [
    'one key was posted twice',
    ['O5'],
    database =>
      forgeEntry(database, 'USE', '1001/1/deductBalance', [
        ['discount', -1],
        ['discount', 1],
      ]),
  ],
  [
    'the money of an order was taken in two attempts',
    ['O5'],
    database =>
      forgeEntry(database, 'USE', '1001/2/deductBalance', [
        ['discount', -1],
        ['discount', 1],
      ]),
  ],
  [
    'an order was paid twice',
    ['O5', 'O6'],
    database => {
      forgeEvent(database, 1006, 'OrderPaid', 'PAID', unpaid)
      setState(database, 'order/1006', { 'context.payment': unpaid, 'context.sequence': 4 })
    },
  ],
  [
    'the stream says another total than the order',
    ['O6'],
    database =>
      database.exec(`UPDATE order_events SET body = json_set(body, '$.totalPrice', 1) WHERE order_id = 1005`),
  ],
  [
    'the stream of an order is gone',
    ['O6'],
    database => database.exec(`DELETE FROM order_events WHERE order_id = 1005`),
  ],
  [
    'the stream of an order has a gap',
    ['O6'],
    database => database.exec(`UPDATE order_events SET sequence = 7 WHERE order_id = 1001 AND sequence = 3`),
  ],
  [
    'the event of a return is gone',
    ['M6', 'O6', 'E6'],
    database => database.exec(`DELETE FROM order_events WHERE order_id = 1007 AND type = 'ItemsReturned'`),
  ],
  [
    'the event of a return says that it was the last',
    ['O6'],
    database =>
      database.exec(
        `UPDATE order_events SET type = 'OrderReturned', status = 'RETURNED' WHERE order_id = 1007 AND type = 'ItemsReturned'`,
      ),
  ],
  [
    'an order is gone',
    ['O6', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'order' AND id = '1005'`),
  ],
  [
    'a transition is missing in the journal',
    ['E5'],
    database =>
      forgeJournal(
        database,
        `UPDATE journal SET entries = json_set(entries, '$.entries', json('[]')) WHERE sequence = 3`,
      ),
  ],
  [
    'a transition names no message',
    ['E5'],
    database =>
      forgeJournal(
        database,
        `UPDATE journal SET entries = json_set(entries, '$.entries[0][3]', '') WHERE sequence = 3`,
      ),
  ],
  [
    'an actor is ahead of its journal',
    ['E5'],
    database =>
      forgeJournal(database, `DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)`),
  ],
  [
    'a completed payment was not announced',
    ['E6'],
    database => database.exec(`DELETE FROM outbox WHERE sequence = 1`),
  ],
  [
    'a payment was announced twice',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT event_id || 'x', topic, key, message, correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'a return was not announced',
    ['E6'],
    database =>
      database.exec(
        `DELETE FROM outbox WHERE message ->> '$.type' = 'PaymentReturned' AND message ->> '$.orderId' = 1007`,
      ),
  ],
  [
    'a return was announced twice',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT event_id || 'x', topic, key, message, correlation_id, created_at FROM outbox WHERE message ->> '$.type' = 'PaymentReturned'`,
      ),
  ],
  [
    'an event id is used twice',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT event_id, 'other', key, '{}', correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'a failed payment was announced',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT 'x' || sequence, topic, key, json_set(message, '$.orderId', 1001 + sequence), correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'a snapshot was altered',
    ['E7'],
    database =>
      database.exec(`UPDATE snapshots SET state = replace(state, 'customer 11', 'anyone') WHERE id = '11'`),
  ],
  [
    'a journal row was altered',
    ['E7'],
    database => database.exec(`UPDATE journal SET committed_at = committed_at + 1 WHERE sequence = 1`),
  ],
  [
    'a reason in the audit log was altered',
    ['E7'],
    database => alterAudit(database, `UPDATE audit_log SET reason = 'no reason' WHERE sequence = 2`),
  ],
  [
    'a row of the audit log is gone',
    ['E7'],
    database => alterAudit(database, `DELETE FROM audit_log WHERE sequence = 2`),
  ],
  [
    'a unit too many was counted as sold',
    ['E8'],
    database =>
      database.exec(`UPDATE sales SET quantity = quantity + 1 WHERE order_id = 1001 AND product_id = 51`),
  ],
  [
    'a sale is neither counted nor owed',
    ['E8'],
    database => database.exec(`DELETE FROM sales WHERE order_id = 1001 AND product_id = 51`),
  ],
  [
    'a return was not taken off the statistics',
    ['E8'],
    database => database.exec(`DELETE FROM sales WHERE order_id = 1007 AND quantity < 0`),
  ],
  [
    'a return was taken off the statistics twice',
    ['E8'],
    database =>
      database.exec(
        `INSERT INTO sales (product_id, day, quantity, order_id) SELECT product_id, day, quantity, order_id FROM sales WHERE order_id = 1007 AND quantity < 0`,
      ),
  ],
  [
    'a sale is counted that nobody paid',
    ['E8'],
    database => database.exec(`UPDATE sales SET order_id = 1005 WHERE order_id = 1001`),
  ],
]
