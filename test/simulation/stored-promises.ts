import type { Database } from 'better-sqlite3'
import { Violation } from './violation.ts'

/* What the committed rows promise beyond the invariants that every data directory is checked for. */

const promises: readonly { readonly broken: string; readonly sentence: string; readonly sql: string }[] = [
  {
    broken: 'O4',
    sentence: 'An order that nobody pays expires at the time it was placed with.',
    sql: `SELECT format('order %s expires at %d and is woken at %s', o.id, o.state ->> '$.context.expiresAt', t.due_at)
      FROM snapshots AS o LEFT JOIN timers AS t ON t.actor = 'order/' || o.id
      WHERE o.kind = 'order' AND o.state ->> '$.value' = 'CREATED'
        AND t.due_at IS NOT o.state ->> '$.context.expiresAt'
        -- A message of the order itself waits: its timer that has fired.
        AND NOT EXISTS (SELECT 1 FROM mailbox WHERE envelope ->> '$.to' = 'order/' || o.id)`,
  },
  {
    broken: 'O1',
    sentence: 'A payment that failed or was cancelled meanwhile does not complete.',
    sql: `SELECT format('payment %s is completed and failed with %s', id, state ->> '$.context.failure.code')
      FROM snapshots
      WHERE kind = 'payment' AND state ->> '$.value' IN ('completed', 'returned')
        AND state ->> '$.context.failure.code' IS NOT NULL`,
  },
]

/** Throws `Violation` for the first row that breaks a promise. */
export function checkStoredPromises(database: Database): void {
  for (const { broken, sql } of promises) {
    const what = database.prepare<[], string>(sql).pluck().get()
    if (what !== undefined) throw new Violation(broken, what)
  }
}
