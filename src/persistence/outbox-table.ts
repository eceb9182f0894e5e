import type Sqlite from 'better-sqlite3'
import type { Outbox, OwedEvent } from '../runtime/outbox-relay.ts'

type OutboxRow = Omit<OwedEvent, 'message'> & { readonly message: string }

/** The outbox as rows: what is owed has a next attempt, what is not has an outcome or nobody who takes it. */
export function createOutboxTable(database: Sqlite.Database): Outbox {
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
  const settle = database.prepare(
    'UPDATE outbox SET next_attempt_at = NULL, attempts = attempts + 1, outcome = ? WHERE sequence = ?',
  )
  const retry = database.prepare(
    'UPDATE outbox SET next_attempt_at = ?, attempts = attempts + 1, outcome = ? WHERE sequence = ?',
  )
  const settleAll = database.transaction((sequences: readonly number[], outcome: string) => {
    for (const sequence of sequences) settle.run(outcome, sequence)
  })
  return {
    owed: (now, limit) => owed.all(now, limit).map(row => ({ ...row, message: JSON.parse(row.message) })),
    nextAttemptAt: () => next.get()?.at ?? undefined,
    delivered: sequences => settleAll(sequences, 'delivered'),
    retryAt: (sequence, at, error) => void retry.run(at, error, sequence),
    park: (sequence, error) => settleAll([sequence], `parked: ${error}`),
  }
}
