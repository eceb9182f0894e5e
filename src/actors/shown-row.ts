import { isoTime } from '../clock.ts'
import { idOf, kindOf } from '../runtime/envelope.ts'
import { Damaged, type JournalEntry } from '../runtime/store.ts'
import { stateName } from '../runtime/upgrade-plan.ts'
import { shownAddress, shownMessage } from './shown-journal.ts'

/** A row of the journal as it is stored; `entries` throws `Damaged` when it was altered on disk. */
export interface JournalRow {
  readonly sequence: number
  readonly saga: string
  /** In milliseconds. */
  readonly committedAt: number
  entries(): readonly JournalEntry[]
}

/** One entry as people may see it. */
export interface ShownEntry {
  /** Of the actor. */
  readonly kind: string
  /** `paying.deductingBalance`; null of actors that are no machine and of messages that changed nothing. */
  readonly state: string | null
  /** All of it, as JSON. */
  readonly text: string
}

/** A row as people may see it: made once, however many look at it. */
export interface ShownRow {
  readonly row: JournalRow
  readonly sequence: number
  readonly saga: string
  /** ISO-8601. */
  readonly at: string
  /** Empty of a row that was altered on disk. */
  readonly entries: readonly ShownEntry[]
  readonly isDamaged: boolean
  /** The customers who are named in it. */
  readonly customers: ReadonlySet<number>
}

export function shownRow(row: JournalRow): ShownRow {
  const { sequence, saga, committedAt } = row
  const customers = new Set<number>()
  // The entries of a commit are mostly of the same moment, and a moment is slow to write out.
  let last = { at: committedAt, text: isoTime(committedAt) }
  const { text: at } = last
  const entries = storedEntries(row)?.map(entry => {
    noteCustomers(entry, customers)
    if (entry.at !== last.at) last = { at: entry.at, text: isoTime(entry.at) }
    return shownEntry(entry, last.text)
  })
  return {
    ...{ row, sequence, saga: shownAddress(saga), at, customers },
    entries: entries ?? [],
    isDamaged: entries === undefined,
  }
}

function storedEntries(row: JournalRow): readonly JournalEntry[] | undefined {
  try {
    return row.entries()
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}

function shownEntry({ actor, transition, from, message, state }: JournalEntry, at: string): ShownEntry {
  const name = state === undefined ? null : stateName(state)
  return {
    kind: kindOf(actor),
    state: name,
    text: JSON.stringify({
      actor: shownAddress(actor),
      transition: transition ?? null,
      at,
      from: shownAddress(from),
      message: shownMessage(message),
      state: name,
    }),
  }
}

const ofCustomer: ReadonlySet<string> = new Set(['customer', 'balance'])

function noteCustomers({ actor, message }: JournalEntry, customers: Set<number>): void {
  const { customerId } = message
  if (typeof customerId === 'number') customers.add(customerId)
  const kind = kindOf(actor)
  if (ofCustomer.has(kind)) customers.add(Number(idOf(actor)))
  if (kind === 'ownedCoupon') customers.add(Number(idOf(actor).split(':')[1]))
}
