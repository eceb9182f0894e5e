import type { Envelope } from '../runtime/envelope.ts'
import type { Reader } from './reader.ts'

interface Slice {
  readonly after: number | undefined
  readonly limit: number
}

interface DeadLetterRow {
  readonly id: number
  readonly actor: string
  readonly envelope: string
  readonly error: string
  readonly stack: string
  readonly at: number
  readonly resolution: string | null
  readonly resolvedAt: number | null
}

const selectDeadLetters = `SELECT sequence AS id, actor, envelope, error, stack, at, resolution,
  resolved_at AS resolvedAt FROM dead_letters`

/** The rows that operators look at. Every payment that has not ended waits for a timer, unless it is suspended. */
export function createOperatorRows({ prepare }: Reader) {
  const openPayments = prepare<[number, number], { id: number }>(
    `SELECT id FROM (
       SELECT CAST(substr(actor, 9) AS INTEGER) AS id FROM timers WHERE actor > 'payment/' AND actor < 'payment0'
       UNION
       SELECT CAST(substr(envelope ->> '$.correlationId', 7) AS INTEGER) FROM dead_letters
       WHERE resolution IS NULL AND envelope ->> '$.correlationId' LIKE 'order/%'
     ) WHERE id > ? ORDER BY id LIMIT ?`,
  )
  const waitingPayments = prepare<[number], { count: number }>(
    `SELECT count(*) AS count FROM (
       SELECT s.id FROM timers AS t JOIN snapshots AS s ON s.kind = 'payment' AND s.id = substr(t.actor, 9)
       WHERE t.actor > 'payment/' AND t.actor < 'payment0'
         AND s.state ->> '$.value.compensating' IS NOT NULL AND s.state ->> '$.context.resends' >= ?
       UNION
       SELECT substr(envelope ->> '$.correlationId', 7) FROM dead_letters WHERE resolution IS NULL
     )`,
  )
  const begun = prepare<[], { id: number; at: number | null }>(
    `SELECT CAST(substr(actor, 9) AS INTEGER) AS id,
       (SELECT max(committed_at) FROM journal WHERE saga = 'order/' || substr(actor, 9)) AS at
     FROM (SELECT DISTINCT actor FROM timers WHERE actor > 'payment/' AND actor < 'payment0')`,
  )
  const lettersWaiting = prepare<[], { count: number }>(
    'SELECT count(*) AS count FROM dead_letters WHERE resolution IS NULL',
  )
  const nextTimer = prepare<[string], { dueAt: number | null }>(
    'SELECT min(due_at) AS dueAt FROM timers WHERE actor = ?',
  )
  const deadLetters = prepare<[number, number, number], DeadLetterRow>(
    `${selectDeadLetters} WHERE (resolution IS NULL OR ?) AND sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const deadLetter = prepare<[number], DeadLetterRow>(`${selectDeadLetters} WHERE sequence = ?`)
  const deadLettersOf = prepare<[string], DeadLetterRow>(
    `${selectDeadLetters} WHERE envelope ->> '$.correlationId' = ? ORDER BY sequence`,
  )
  const openCredits = prepare<[number, number], { id: number }>(
    `SELECT CAST(id AS INTEGER) AS id FROM snapshots
     WHERE kind = 'staffCredit' AND state ->> '$.status' = 'PROPOSED' AND CAST(id AS INTEGER) > ?
     ORDER BY 1 LIMIT ?`,
  )
  const auditLog = prepare<
    [number, number],
    {
      sequence: number
      at: number
      operator: string
      action: string
      subject: string
      reason: string
      outcome: string
    }
  >(
    `SELECT sequence, at, operator, action, subject, reason, outcome FROM audit_log
     WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )

  return {
    openPayments: ({ after = 0, limit }: Slice) => openPayments.all(after, limit).map(({ id }) => id),
    /** How many payments an operator has to look at: an undo was resent that often, or a message was set aside. */
    waitingPayments: (undoResends: number) => waitingPayments.get(undoResends)?.count ?? 0,
    /** The payments that have not ended, with when anything last happened to each, in milliseconds. */
    openPaymentsSince: () => begun.all().map(({ id, at }) => ({ id, since: at ?? 0 })),
    /** How many messages that were set aside wait for an operator. */
    deadLettersWaiting: () => lettersWaiting.get()?.count ?? 0,
    nextTimerAt: (paymentId: number) => nextTimer.get(`payment/${paymentId}`)?.dueAt ?? undefined,
    deadLetters: (all: boolean, { after = 0, limit }: Slice) =>
      deadLetters.all(all ? 1 : 0, after, limit).map(parsed),
    deadLetter(id: number) {
      const row = deadLetter.get(id)
      return row && parsed(row)
    },
    deadLettersOf: (saga: string) => deadLettersOf.all(saga).map(parsed),
    openCredits: ({ after = 0, limit }: Slice) => openCredits.all(after, limit).map(({ id }) => id),
    auditLog: ({ after = 0, limit }: Slice) => auditLog.all(after, limit),
  }
}

const parsed = (row: DeadLetterRow) => ({ ...row, envelope: JSON.parse(row.envelope) as Envelope })
