import type { Outbox, OwedEvent } from '../runtime/outbox-relay.ts'
import { codeOf } from './batch-writer.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

type OutboxRow = Omit<OwedEvent, 'message'> & { readonly message: string }

/**
 * The outbox as rows: what is owed has a next attempt, what was given up stands parked, and what has neither was delivered
 * or has nobody who takes it.
 */
export function createOutboxTable(reader: Reader, writer: Writer): Outbox {
  /** Of one topic and key only the oldest that is owed or parked: the others wait for it. */
  const isNext = `NOT EXISTS (SELECT 1 FROM outbox AS earlier INDEXED BY outbox_waiting
    WHERE (earlier.next_attempt_at IS NOT NULL OR earlier.parked_at IS NOT NULL)
      AND earlier.topic = event.topic AND earlier.key = event.key AND earlier.sequence < event.sequence)`
  // In the order of the index, so that only as much is looked at as is taken.
  const owed = reader.prepare<[string, number, number], OutboxRow>(
    `SELECT sequence, event_id AS eventId, topic, key, message, correlation_id AS correlationId,
       created_at AS createdAt, attempts
     FROM outbox AS event INDEXED BY outbox_due
     WHERE topic = ? AND next_attempt_at <= ? AND ${isNext} ORDER BY next_attempt_at, sequence LIMIT ?`,
  )
  const next = reader.prepare<[string], { at: number }>(
    `SELECT next_attempt_at AS at FROM outbox AS event INDEXED BY outbox_due
     WHERE topic = ? AND next_attempt_at IS NOT NULL AND ${isNext} ORDER BY next_attempt_at LIMIT 1`,
  )
  return {
    owed: (topic, now, limit) =>
      owed.all(topic, now, limit).map(row => ({ ...row, message: JSON.parse(row.message) })),
    nextAttemptAt: topic => next.get(topic)?.at,
    async note({ delivered, retried, parked }) {
      const outcome = await writer.write([
        ...delivered.flatMap(sequence => [codeOf('outboxSettled'), 'delivered', sequence]),
        ...retried.flatMap(({ sequence, at, error }) => [codeOf('outboxRetry'), at, error, sequence]),
        ...parked.flatMap(({ sequence, at, error }) => [
          codeOf('outboxParked'),
          at,
          `parked: ${error}`,
          sequence,
        ]),
      ])
      if (outcome.type !== 'written') throw new Error(outcome.reason)
    },
  }
}
