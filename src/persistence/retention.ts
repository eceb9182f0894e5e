import type Sqlite from 'better-sqlite3'

const dayMs = 86_400_000

/**
 * How long rows are kept that nothing depends on any more: keys of settled attempts and idempotency keys 30 days, the
 * journal 90 days, events that are no longer owed 30 days. Ledger and order events are kept for ever.
 */
const inboxMs = 30 * dayMs
const journalMs = 90 * dayMs
const outboxMs = 30 * dayMs

/** So many rows of a table at a time: a long delete would hold up the payments. */
const rowsAtOnce = 500

/** Drops some of what is past its time; called again and again it drops all of it. `now` in milliseconds. */
export function dropExpired(database: Sqlite.Database, now: number): void {
  const drop = (sql: string, before: number) => database.prepare(sql).run(before, rowsAtOnce)
  drop(
    'DELETE FROM journal WHERE sequence IN (SELECT sequence FROM journal WHERE committed_at < ? ORDER BY sequence LIMIT ?)',
    now - journalMs,
  )
  drop(
    'DELETE FROM inbox WHERE rowid IN (SELECT rowid FROM inbox WHERE committed_at < ? ORDER BY rowid LIMIT ?)',
    now - inboxMs,
  )
  drop(
    `DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox
     WHERE created_at < ? AND next_attempt_at IS NULL ORDER BY sequence LIMIT ?)`,
    now - outboxMs,
  )
}
