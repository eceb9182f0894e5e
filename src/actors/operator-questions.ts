import type { PaymentTiming } from '../machines/payment-machine.ts'
import type { Envelope } from '../runtime/envelope.ts'
import type { AuditEntry } from '../runtime/store.ts'
import { creditSummary, type StaffCreditState } from './operator/staff-credit.ts'
import type { StaffCreditSummary } from './operator/staff-credit-messages.ts'
import { pageOf, sliceOf } from './paging.ts'
import { paymentOf } from './payment/payment.ts'
import type { PaymentSummary } from './payment/payment-messages.ts'
import type { Page, PageRequest } from './questions.ts'
import type { ReadSide, Slice } from './read-side.ts'

/** A message that was set aside; `resolution` is null while it waits. Times in milliseconds. */
export interface DeadLetterRow {
  readonly id: number
  readonly actor: string
  readonly envelope: Envelope
  readonly error: string
  readonly stack: string
  readonly at: number
  readonly resolution: string | null
  readonly resolvedAt: number | null
}

/** What operators need of a database. */
export interface OperatorRows {
  /** How many payments an operator has to look at: an undo was resent that often, or a message was set aside. */
  waitingPayments(undoResends: number): number
  /** When a payment's next timer is due, in milliseconds. */
  nextTimerAt(paymentId: number): number | undefined
  /** Oldest first; only those that wait, unless `all`. */
  deadLetters(all: boolean, slice: Slice): DeadLetterRow[]
  deadLetter(id: number): DeadLetterRow | undefined
  /** Those of one saga, oldest first, whether they wait or not. */
  deadLettersOf(saga: string): DeadLetterRow[]
  /** The numbers of credits that wait for a second person, oldest first. */
  openCredits(slice: Slice): number[]
  auditLog(filter: AuditFilter, slice: Slice): (AuditEntry & { readonly sequence: number })[]
}

/** Which rows of the audit log are wanted; null makes no difference. */
export interface AuditFilter {
  readonly operator: string | null
  /** An address, or the kind of one. */
  readonly subject: string | null
  readonly action: string | null
  readonly newestFirst: boolean
}

/** Why a payment stands in the operator's queue. */
type Attention = 'SUSPENDED' | 'UNDO_UNANSWERED' | 'DAMAGED'

/** A payment as an operator sees it. */
export interface OperatedPayment extends PaymentSummary {
  /** How often its step has been asked again. */
  readonly resends: number
  /** When it is asked again, in milliseconds; null when nothing is due. */
  readonly nextResendAt: number | null
  /** Until when its step may be silent before it is given up, in milliseconds; null where it never is. */
  readonly givenUpAt: number | null
  readonly attention: readonly Attention[]
  /** Messages of its saga that wait for an operator. */
  readonly deadLetterIds: readonly number[]
}

/** From so many resends of one undo on, somebody has to look why nobody answers: about a minute with the default timing. */
export const undoResendsToAlarm = 5

/** The last of the resends that are left, each twice as long after the one before. */
function givenUpAt(nextResendAt: number | null, resends: number, timing: PaymentTiming): number | null {
  if (nextResendAt === null) return null
  const { stepDeadlineMs, stepResendsMax } = timing
  return nextResendAt + Math.max(0, stepDeadlineMs * (2 ** (stepResendsMax + 1) - 2 ** (resends + 1)))
}

/** Questions that operators ask, answered from committed data. */
export function answerOperatorQuestions(
  readSide: Pick<ReadSide, 'state'>,
  rows: OperatorRows,
  timing: PaymentTiming,
) {
  function payment(paymentId: number): OperatedPayment | undefined {
    const stored = readSide.state('payment', paymentId)
    if (stored === undefined) return undefined
    const summary = paymentOf(stored)
    const { resends } = (stored as { context: { resends: number } }).context
    const deadLetterIds = rows
      .deadLettersOf(`order/${paymentId}`)
      .filter(({ resolution }) => resolution === null)
      .map(({ id }) => id)
    const attention: Attention[] = []
    if (deadLetterIds.length > 0) attention.push('SUSPENDED')
    if (summary.status === 'COMPENSATING' && resends >= undoResendsToAlarm) attention.push('UNDO_UNANSWERED')
    const nextResendAt = rows.nextTimerAt(paymentId) ?? null
    return {
      ...summary,
      resends,
      nextResendAt,
      givenUpAt: summary.status === 'PAYING' ? givenUpAt(nextResendAt, resends, timing) : null,
      attention,
      deadLetterIds,
    }
  }

  function credit(creditId: number): StaffCreditSummary | undefined {
    const stored = readSide.state('staffCredit', creditId)
    return stored === undefined ? undefined : creditSummary(stored as StaffCreditState)
  }

  return {
    payment,
    /** How many payments an operator has to look at. */
    waitingPayments: () => rows.waitingPayments(undoResendsToAlarm),
    deadLetters: (all: boolean, page: PageRequest): Page<DeadLetterRow> =>
      pageOf(rows.deadLetters(all, sliceOf(page)), page, ({ id }) => id),
    deadLetter: rows.deadLetter,
    credit,
    /** Those that wait for a second person. */
    openCredits(page: PageRequest): Page<StaffCreditSummary> {
      const { items, next } = pageOf(rows.openCredits(sliceOf(page)), page, id => id)
      const credits = items.flatMap(id => credit(id) ?? [])
      return next === undefined ? { items: credits } : { items: credits, next }
    },
    auditLog: (filter: AuditFilter, page: PageRequest) =>
      pageOf(rows.auditLog(filter, sliceOf(page)), page, ({ sequence }) => sequence),
  }
}

export type OperatorQuestions = ReturnType<typeof answerOperatorQuestions>
