import type { Outbox, OwedEvent } from '../runtime/outbox-relay.ts'
import { type Calls, codeOf } from './batch-writer.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

type OutboxRow = Omit<OwedEvent, 'message'> & { readonly message: string }

/** The outbox as rows: what is owed has a next attempt, what is not has an outcome or nobody who takes it. */
export function createOutboxTable(reader: Reader, writer: Writer): Outbox {
  /** Of one topic and key only the oldest that is owed: the others wait for it. */
  const isNext = `NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.next_attempt_at IS NOT NULL
    AND earlier.topic = event.topic AND earlier.key = event.key AND earlier.sequence < event.sequence)`
  const owed = reader.prepare<[number, number], OutboxRow>(
    `SELECT sequence, event_id AS eventId, topic, key, message, correlation_id AS correlationId, attempts
     FROM outbox AS event WHERE next_attempt_at <= ? AND ${isNext} ORDER BY sequence LIMIT ?`,
  )
  const next = reader.prepare<[], { at: number }>(
    `SELECT next_attempt_at AS at FROM outbox AS event WHERE next_attempt_at IS NOT NULL AND ${isNext}
     ORDER BY next_attempt_at LIMIT 1`,
  )
  async function write(calls: Calls): Promise<void> {
    const outcome = await writer.write(calls)
    if (outcome.type !== 'written') throw new Error(outcome.reason)
  }
  const settled = (sequences: readonly number[], outcome: string) =>
    write(sequences.flatMap(sequence => [codeOf('outboxSettled'), outcome, sequence]))
  return {
    owed: (now, limit) => owed.all(now, limit).map(row => ({ ...row, message: JSON.parse(row.message) })),
    nextAttemptAt: () => next.get()?.at,
    delivered: sequences => settled(sequences, 'delivered'),
    retryAt: (sequence, at, error) => write([codeOf('outboxRetry'), at, error, sequence]),
    park: (sequence, error) => settled([sequence], `parked: ${error}`),
  }
}
