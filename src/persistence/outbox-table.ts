import type Sqlite from 'better-sqlite3'
import type { Outbox, OwedEvent } from '../runtime/outbox-relay.ts'
import { codeOf } from './batch-writer.ts'
import type { Writer } from './writer.ts'

type OutboxRow = Omit<OwedEvent, 'message'> & { readonly message: string }

/** The outbox as rows: what is owed has a next attempt, what is not has an outcome or nobody who takes it. */
export function createOutboxTable(database: Sqlite.Database, writer: Writer): Outbox {
  const owed = database.prepare<[number, number], OutboxRow>(
    `SELECT sequence, event_id AS eventId, topic, key, message, correlation_id AS correlationId, attempts
     FROM outbox AS event WHERE next_attempt_at <= ?
       AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.next_attempt_at IS NOT NULL
         AND earlier.topic = event.topic AND earlier.key = event.key AND earlier.sequence < event.sequence)
     ORDER BY sequence LIMIT ?`,
  )
  const next = database.prepare<[], { at: number | null }>(
    'SELECT min(next_attempt_at) AS at FROM outbox WHERE next_attempt_at IS NOT NULL',
  )
  const settled = (sequences: readonly number[], outcome: string) =>
    writer.write(sequences.flatMap(sequence => [codeOf('outboxSettled'), outcome, sequence]))
  return {
    owed: (now, limit) => owed.all(now, limit).map(row => ({ ...row, message: JSON.parse(row.message) })),
    nextAttemptAt: () => next.get()?.at ?? undefined,
    async delivered(sequences) {
      await settled(sequences, 'delivered')
    },
    async retryAt(sequence, at, error) {
      await writer.write([codeOf('outboxRetry'), at, error, sequence])
    },
    async park(sequence, error) {
      await settled([sequence], `parked: ${error}`)
    },
  }
}
