import type { Database } from 'better-sqlite3'
import { describe } from './client-notes.ts'
import type { Answer, Intent } from './client-request.ts'
import { Violation } from './violation.ts'

/**
 * Holds an answer against what is committed at this very moment: whatever an answer says has happened is there before
 * the answer is. Throws `Violation`.
 */
export function assertCommitted(database: Database, intent: Intent, { status, body }: Answer): void {
  if (status >= 300) return
  if (!isThere(database, intent, status, body)) {
    throw new Violation(
      'E2',
      `${describe(intent)} was answered ${status} ${JSON.stringify(body)} before its commit`,
    )
  }
}

/** Of a payment: completed, whatever was returned since. */
export const isPaidSql = `(state ->> '$.value' IN ('completed', 'returned') OR state -> '$.value.returning' IS NOT NULL)`

/** Accepted is also what is in a mailbox, or what a request will send again. */
const owedSql = `SELECT 1 FROM mailbox WHERE envelope ->> '$.to' = ?
  UNION ALL SELECT 1 FROM snapshots WHERE kind = 'request' AND state ->> '$.passed.to' = ?`

function isThere(database: Database, intent: Intent, status: number, body: Answer['body']): boolean {
  const found = (sql: string, ...cells: unknown[]) => database.prepare(sql).get(...cells) !== undefined
  const stored = (kind: string, id: unknown, value?: string) =>
    value === undefined
      ? found('SELECT 1 FROM snapshots WHERE kind = ? AND id = ?', kind, String(id))
      : found(
          `SELECT 1 FROM snapshots WHERE kind = ? AND id = ? AND state ->> '$.value' = ?`,
          kind,
          String(id),
          value,
        )
  switch (intent.type) {
    case 'order':
      return stored('order', body['orderId'])
    case 'pay':
      if (status === 202)
        return (
          stored('payment', intent.orderId) || found(owedSql, ...Array(2).fill(`payment/${intent.orderId}`))
        )
      return found(
        `SELECT 1 FROM snapshots WHERE kind = 'payment' AND id = ? AND ${isPaidSql}`,
        String(intent.orderId),
      )
    case 'return':
      // It may be refused by now: an order that was never paid leaves no payment behind.
      if (status === 202)
        return found(
          `SELECT 1 FROM snapshots WHERE kind = 'request' AND instr(state, ?) > 0`,
          String(body['returnId']),
        )
      return found(
        `SELECT 1 FROM order_events WHERE order_id = ? AND body ->> '$.returnId' = ? AND body ->> '$.refundAmount' = ?`,
        intent.orderId,
        body['returnId'],
        body['refundAmount'],
      )
    case 'cancel':
      return status === 202 || stored('order', intent.orderId, 'CANCELLED')
    case 'issue': {
      const sql = 'SELECT 1 FROM coupon_issues WHERE coupon_id = ? AND customer_id = ?'
      return found(sql, intent.couponId, intent.customerId)
    }
    case 'charge': {
      const sql = `SELECT 1 FROM ledger_lines WHERE account = ? AND total_after IS NOT NULL AND amount = ? AND change_type = 'CHARGE'`
      return found(sql, `wallet/${intent.customerId}`, intent.amount)
    }
    case 'restock': {
      const sql = `SELECT 1 FROM stock_movements WHERE option_id = ? AND quantity = ? AND movement = 'RESTOCK'`
      return found(sql, intent.productOptionId, intent.quantity)
    }
  }
}
