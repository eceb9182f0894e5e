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

interface AuditRow {
  readonly sequence: number
  readonly at: number
  readonly operator: string
  readonly action: string
  readonly subject: string
  readonly reason: string
  readonly outcome: string
}

/** Which rows of the audit log are wanted; null makes no difference. */
interface AuditFilter {
  readonly operator: string | null
  /** An address, or the kind of one. */
  readonly subject: string | null
  readonly action: string | null
  readonly newestFirst: boolean
}

type Bound = Record<string, string | number | null>

const auditColumns = 'sequence, at, operator, action, subject, reason, outcome'
const auditWanted = `(:operator IS NULL OR operator = :operator)
  AND (:subject IS NULL OR subject = :subject OR substr(subject, 1, length(:subject) + 1) = :subject || '/')
  AND (:action IS NULL OR action = :action)`

const selectDeadLetters = `SELECT sequence AS id, actor, envelope, error, stack, at, resolution,
  resolved_at AS resolvedAt FROM dead_letters`

/** The rows that operators look at. */
export function createOperatorRows({ prepare }: Reader) {
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
  const oldestAudited = prepare<[Bound], AuditRow>(
    `SELECT ${auditColumns} FROM audit_log WHERE ${auditWanted} AND sequence > :after ORDER BY sequence LIMIT :limit`,
  )
  const newestAudited = prepare<[Bound], AuditRow>(
    `SELECT ${auditColumns} FROM audit_log WHERE ${auditWanted} AND sequence < :after
     ORDER BY sequence DESC LIMIT :limit`,
  )

  return {
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
    auditLog: ({ newestFirst, ...filter }: AuditFilter, { after, limit }: Slice) =>
      newestFirst
        ? newestAudited.all({ ...filter, after: after ?? Number.MAX_SAFE_INTEGER, limit })
        : oldestAudited.all({ ...filter, after: after ?? 0, limit }),
  }
}

const parsed = (row: DeadLetterRow) => ({ ...row, envelope: JSON.parse(row.envelope) as Envelope })
