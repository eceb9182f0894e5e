import type { Database, Statement } from 'better-sqlite3'
import { z } from 'zod'
import type { DiskEvent } from './disk-events.ts'

/** Something that was acknowledged, as a row that has to be there for ever. */
export interface Acknowledgement {
  readonly what: string
  readonly sql: string
  readonly values: readonly (string | number)[]
}

const charged = z.strictObject({ customerId: z.int(), amount: z.int() })
const issued = z.object({ couponId: z.int(), customerId: z.int(), issuedAt: z.string() })
const paid = z.object({
  paymentId: z.int(),
  customerId: z.int(),
  discountedPrice: z.int(),
  paidAt: z.string(),
})
const accepted = z.strictObject({ paymentId: z.int() })
const ordered = z.object({ orderId: z.int(), status: z.string(), totalPrice: z.int() })

/** What an answer promised; `undefined` for a refusal, which promises nothing. Throws for what no customer asks for. */
export function acknowledgementOf({
  status,
  body,
}: Extract<DiskEvent, { type: 'answer' }>): Acknowledgement | undefined {
  if (status >= 300) return undefined
  const said: unknown = JSON.parse(body)
  const charge = charged.safeParse(said).data
  if (charge !== undefined) {
    return {
      what: `the charge of customer ${charge.customerId} up to ${charge.amount}`,
      sql: `SELECT 1 FROM ledger_lines WHERE account = ? AND total_after = ? AND change_type = 'CHARGE'`,
      values: [`wallet/${charge.customerId}`, charge.amount],
    }
  }
  const coupon = issued.safeParse(said).data
  if (coupon !== undefined) {
    return {
      what: `coupon ${coupon.couponId} of customer ${coupon.customerId}`,
      sql: 'SELECT 1 FROM coupon_issues WHERE coupon_id = ? AND customer_id = ?',
      values: [coupon.couponId, coupon.customerId],
    }
  }
  const payment = paid.safeParse(said).data
  if (payment !== undefined) {
    return {
      what: `payment ${payment.paymentId}`,
      sql: `SELECT 1 FROM snapshots AS payment, snapshots AS customer_order
        WHERE payment.kind = 'payment' AND payment.id = ? AND payment.state ->> '$.value' = 'completed'
          AND customer_order.kind = 'order' AND customer_order.id = payment.id
          AND customer_order.state ->> '$.value' = 'PAID'
          AND customer_order.state ->> '$.context.payment.discountedPrice' = ?`,
      values: [String(payment.paymentId), payment.discountedPrice],
    }
  }
  const beginning = accepted.safeParse(said).data
  if (beginning !== undefined) {
    return {
      what: `the request for payment ${beginning.paymentId}`,
      // It may still be on its way to its actor.
      sql: `SELECT 1 FROM snapshots WHERE kind = 'payment' AND id = ?
        UNION ALL SELECT 1 FROM mailbox WHERE envelope ->> '$.to' = 'payment/' || ?
        UNION ALL SELECT 1 FROM snapshots
          WHERE kind = 'request' AND state ->> '$.passed.to' = 'payment/' || ?`,
      values: Array(3).fill(String(beginning.paymentId)),
    }
  }
  const order = ordered.parse(said)
  return {
    what: `order ${order.orderId}, ${order.status}`,
    // It may have gone on from being created.
    sql: `SELECT 1 FROM order_events WHERE order_id = ? AND status = ?`,
    values: [order.orderId, order.status],
  }
}

/** Those of the acknowledgements that the database does not know of. */
export function missingFrom(database: Database, acknowledgements: readonly Acknowledgement[]): string[] {
  const statements = new Map<string, Statement>()
  return acknowledgements
    .filter(({ sql, values }) => {
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      return statement.get(...values) === undefined
    })
    .map(({ what }) => `${what} is missing`)
}
