import { codeOf } from './batch-writer.ts'
import type { Writer } from './writer.ts'

const dayMs = 86_400_000

/**
 * How long rows are kept that nothing depends on any more: keys of settled attempts and idempotency keys 30 days, the
 * journal 90 days, events that are no longer owed 30 days, sessions that nobody used for a day. Ledger, audit log and order
 * events are kept for ever.
 */
const inboxMs = 30 * dayMs
const journalMs = 90 * dayMs
const outboxMs = 30 * dayMs
const sessionMs = dayMs

/** So many rows of a table at a time: a long delete would hold up the payments. */
const rowsAtOnce = 500

/** Drops some of what is past its time; called again and again it drops all of it. `now` in milliseconds. */
export async function dropExpired(writer: Writer, now: number): Promise<void> {
  await writer.write([
    ...[codeOf('dropJournal'), now - journalMs, rowsAtOnce],
    ...[codeOf('dropInbox'), now - inboxMs, rowsAtOnce],
    ...[codeOf('dropOutbox'), now - outboxMs, rowsAtOnce],
    ...[codeOf('dropSessions'), now - sessionMs, rowsAtOnce],
  ])
}
