import type { Clock } from '../clock.ts'
import { addressOf, idOf, kindOf, type Message } from '../runtime/envelope.ts'
import { Damaged, type JournalEntry } from '../runtime/store.ts'
import type { HandlingPreview, PreviewHandling } from './operator/handling-preview.ts'
import type { DeadLetterRow, OperatedPayment } from './operator-questions.ts'
import type { PaymentFilter } from './payment/payment-filter.ts'
import { createPaymentList, type PaymentRows } from './payment/payment-list.ts'
import {
  type OperationPreview,
  type PaymentOperation,
  type PreviewOperation,
  paymentOperations,
} from './payment/payment-operations.ts'
import type { Questions } from './questions.ts'
import { type SearchRows, searchShop } from './shop-search.ts'

/** What an operator can do about a payment now. */
export interface OfferedOperations {
  readonly payment: OperatedPayment
  /** When it came into its state, in milliseconds; null when the journal does not reach back so far. */
  readonly since: number | null
  readonly operations: readonly { operation: PaymentOperation; preview: OperationPreview }[]
  /** Messages that were set aside and that the payment itself waits for: until they are resolved it takes nothing. */
  readonly blockedBy: readonly number[]
  /** Messages of its saga that wait for an operator. */
  readonly deadLetters: readonly (DeadLetterRow & { readonly attempts: number })[]
}

/** What an operation would do to all that a filter finds. */
export interface BulkPreview {
  /** How many the filter finds. */
  readonly total: number
  /** Of the newest so many, those that can take it, and how many cannot. */
  readonly able: readonly number[]
  readonly unable: number
  /** How many would be in each state at once. */
  readonly steps: Readonly<Record<string, number>>
  /** How many messages of each type would be sent at once, and would undo something from here on. */
  readonly sends: Readonly<Record<string, number>>
  readonly undoes: Readonly<Record<string, number>>
}

interface Needed {
  readonly rows: PaymentRows
  readonly searchRows: SearchRows
  readonly questions: Pick<Questions, 'account' | 'coupon' | 'listedProduct' | 'order' | 'products'>
  state(kind: string, id: string | number): unknown
  journal(saga: string): readonly JournalEntry[]
  payment(paymentId: number): OperatedPayment | undefined
  deadLettersOf(saga: string): readonly DeadLetterRow[]
  readonly preview: PreviewOperation
  readonly previewHandling: PreviewHandling
  readonly clock: Pick<Clock, 'now'>
}

/** What the operator's console asks, answered from committed data. */
export function answerConsoleQuestions(needed: Needed) {
  const { state, preview, clock, payment, deadLettersOf } = needed
  const list = createPaymentList(needed)

  function waitingLetters(paymentId: number): OfferedOperations['deadLetters'] {
    const letters = deadLettersOf(addressOf('order', paymentId))
    const attemptsOf = ({ envelope }: DeadLetterRow) =>
      letters.filter(other => other.envelope.id === envelope.id && other.actor === envelope.to).length
    return letters
      .filter(({ resolution }) => resolution === null)
      .map(letter => ({ ...letter, attempts: attemptsOf(letter) }))
  }

  function offered(paymentId: number, stored: unknown): OfferedOperations['operations'] {
    const at = clock.now()
    return paymentOperations.flatMap(operation => {
      const effect = preview(paymentId, stored, operation, at)
      return effect === undefined ? [] : [{ operation, preview: effect }]
    })
  }

  const blockersOf = (paymentId: number, letters: OfferedOperations['deadLetters']) =>
    letters.filter(({ actor }) => actor === addressOf('payment', paymentId)).map(({ id }) => id)

  /** What an operation would do to one payment; `undefined` when it takes none now, also because it cannot be read. */
  function effectOn(paymentId: number, operation: PaymentOperation): OperationPreview | undefined {
    if (blockersOf(paymentId, waitingLetters(paymentId)).length > 0) return undefined
    try {
      return preview(paymentId, state('payment', paymentId), operation, clock.now())
    } catch (error) {
      if (error instanceof Damaged) return undefined
      throw error
    }
  }

  return {
    payments: list.list,
    paymentCounts: list.counts,

    /** `undefined` when there is no such payment. */
    operations(paymentId: number): OfferedOperations | undefined {
      const found = payment(paymentId)
      if (found === undefined) return undefined
      const deadLetters = waitingLetters(paymentId)
      const blockedBy = blockersOf(paymentId, deadLetters)
      return {
        payment: found,
        since: list.enteredAt(paymentId) ?? null,
        operations: blockedBy.length > 0 ? [] : offered(paymentId, state('payment', paymentId)),
        blockedBy,
        deadLetters,
      }
    },

    /** What a message that was set aside would do if it were handled now, or `message` in its place. */
    handling({ envelope }: DeadLetterRow, message: Message = envelope.message): HandlingPreview | undefined {
      const { to } = envelope
      return needed.previewHandling(envelope, message, state(kindOf(to), idOf(to)), clock.now())
    },

    /** Looks at the newest `limit` that a filter finds. */
    bulkPreview(operation: PaymentOperation, filter: PaymentFilter, limit: number): BulkPreview {
      const { ids, total } = list.ids(filter, limit)
      const able: number[] = []
      const [steps, sends, undoes] = [new Tally(), new Tally(), new Tally()]
      for (const id of ids) {
        const effect = effectOn(id, operation)
        if (effect === undefined) continue
        able.push(id)
        steps.count(effect.step)
        for (const { type } of effect.sends) sends.count(type)
        for (const { type } of effect.undoes) undoes.count(type)
      }
      return {
        total,
        able,
        unable: ids.length - able.length,
        steps: steps.counts,
        sends: sends.counts,
        undoes: undoes.counts,
      }
    },

    ...searchShop(needed),
  }
}

export type ConsoleQuestions = ReturnType<typeof answerConsoleQuestions>

class Tally {
  readonly #counts = new Map<string, number>()

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
