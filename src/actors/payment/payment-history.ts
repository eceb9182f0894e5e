import { orderMachine } from '../../machines/order-machine.ts'
import { paymentMachine } from '../../machines/payment-machine.ts'
import { kindOf } from '../../runtime/envelope.ts'
import { Damaged, type JournalEntry, type LedgerEntry } from '../../runtime/store.ts'
import type { HistoryEntry, HistoryPosting } from '../questions.ts'
import { shownAddress, shownMessage, shownPatch } from '../shown-journal.ts'

/** The messages at which a balance posts what a payment moves. */
const posting = new Set(['DeductBalance', 'RefundBalance', 'RefundReturn'])

/** The versions of the machines that run a payment. */
export const chartVersions = {
  payment: paymentMachine.version ?? '',
  order: orderMachine.version ?? '',
}

/**
 * The history of a payment from what the journal tells of its saga and from what it posted, both oldest first. Throws
 * `Damaged` when the journal tells of more than was posted.
 */
export function historyOf(
  orderId: number,
  rows: readonly { readonly sequence: number; readonly entries: readonly JournalEntry[] }[],
  posted: readonly LedgerEntry[],
) {
  const told = rows.flatMap(({ sequence, entries }) => entries.map(entry => ({ sequence, entry })))
  const postedAt = told.flatMap(({ entry }, index) => (hasPosted(entry) ? [index + 1] : []))
  const untold = posted.length - postedAt.length
  if (untold < 0) throw new Damaged(`What payment ${orderId} posted is not all in the ledger`)
  // Retention drops the oldest first: the last that is told is the last that was posted.
  const ledger = posted.map(({ changeType, key, at, lines }, index): HistoryPosting => {
    const shown = lines.map(({ account, amount, totalAfter = null }) => ({ account, amount, totalAfter }))
    return { position: postedAt[index - untold] ?? null, changeType, key, at, lines: shown }
  })
  return {
    // An order that was placed under an idempotency key begins with the request.
    complete: told.some(({ entry }) => entry.actor === `order/${orderId}` && entry.transition === 1),
    entries: told.map(({ sequence, entry }, index) => shownEntry(index + 1, sequence, entry)),
    ledger,
  }
}

/** Whether a message made a balance post lines: an undo of what never happened posts none, nor does a payment of nothing. */
function hasPosted({ actor, transition, message }: JournalEntry): boolean {
  if (kindOf(actor) !== 'balance' || transition === undefined || !posting.has(message.type)) return false
  return [message['originalPrice'], message['grossAmount'], message['discountAmount']].some(Boolean)
}

function shownEntry(position: number, sequence: number, entry: JournalEntry): HistoryEntry {
  const { actor, transition = null, at, messageId, causationId, from, message, state, patch } = entry
  return {
    position,
    sequence,
    actor: shownAddress(actor),
    transition,
    at,
    messageId,
    causationId,
    from: shownAddress(from),
    message: shownMessage(message),
    state: state === undefined ? null : statePath(state),
    patch: patch === undefined ? null : shownPatch(kindOf(actor), patch),
  }
}

/** `paying.deductingBalance` of `{paying: 'deductingBalance'}`; parallel states are joined by a comma. */
function statePath(value: unknown): string {
  if (typeof value === 'string') return value
  const paths = Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) =>
    statePath(inner)
      .split(',')
      .map(path => (path === '' ? name : `${name}.${path}`)),
  )
  return paths.join(',')
}
