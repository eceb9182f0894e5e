import { z } from 'zod'
import { openDatabaseReadOnly } from '../../src/persistence/database.ts'
import type { Send } from '../support/client.ts'

/*
 * What every customer has and did, counted twice: in the tables, and as the server says over HTTP. An effect is named
 * by its kind and amount: `charge 501`, `order 1000`, `payment 1000`, `cancelled 1000`, `coupon 301`.
 */

/** By customer, from the last commit of a data directory. */
export function effectsInDatabase(directory: string): Map<number, string[]> {
  const database = openDatabaseReadOnly(directory)
  try {
    const rows = database
      .prepare<[], { customerId: number; effect: string }>(
        `WITH placed AS (
           SELECT customer_id, order_id, body ->> '$.totalPrice' AS price
           FROM customer_orders JOIN order_events USING (order_id) WHERE type = 'OrderCreated'
         )
         SELECT CAST(substr(account, length('wallet/') + 1) AS INTEGER) AS customerId,
           iif(change_type = 'CHARGE', 'charge ' || amount, 'payment ' || -amount) AS effect
         FROM ledger_lines WHERE account LIKE 'wallet/%' AND change_type IN ('CHARGE', 'USE')
         UNION ALL SELECT customer_id, 'order ' || price FROM placed
         UNION ALL SELECT customer_id, 'cancelled ' || price
         FROM placed JOIN order_events USING (order_id) WHERE type = 'OrderCancelled'
         UNION ALL SELECT customer_id, 'coupon ' || coupon_id FROM coupon_issues`,
      )
      .all()
    const byCustomer = Map.groupBy(rows, ({ customerId }) => customerId)
    return new Map([...byCustomer].map(([customerId, found]) => [customerId, found.map(each => each.effect)]))
  } finally {
    database.close()
  }
}

const histories = z.array(z.object({ changeType: z.string(), changeAmount: z.int() }))
const orders = z.array(z.object({ totalPrice: z.int(), status: z.string() }))
const coupons = z.array(z.object({ couponId: z.int() }))

/** Of one customer, who is assumed to have less of everything than a page holds. */
export async function effectsOverHttp(send: Send, customerId: number): Promise<string[]> {
  const look = async (path: string) => (await send(path, { method: 'GET', headers: {} })).json()
  const [changes, placed, owned] = await Promise.all([
    look(`/balances/${customerId}/balance-histories?limit=200`).then(body => histories.parse(body)),
    look(`/orders?customerId=${customerId}&limit=200`).then(body => orders.parse(body)),
    look(`/coupons/customer/${customerId}`).then(body => coupons.parse(body)),
  ])
  return [
    ...changes.flatMap(({ changeType, changeAmount }) => {
      if (changeType === 'CHARGE') return [`charge ${changeAmount}`]
      return changeType === 'USE' ? [`payment ${changeAmount}`] : []
    }),
    ...placed.flatMap(({ totalPrice, status }) =>
      status === 'CANCELLED' ? [`order ${totalPrice}`, `cancelled ${totalPrice}`] : [`order ${totalPrice}`],
    ),
    ...owned.map(({ couponId }) => `coupon ${couponId}`),
  ]
}
