import { type Address, idOf, kindOf } from '../runtime/envelope.ts'
import { Damaged, type JournalEntry } from '../runtime/store.ts'
import { isJournalRowIntact, type StoredJournalRow } from './checksum.ts'
import { unpackJournal } from './packing.ts'
import type { Reader } from './reader.ts'

/** What one commit did for a saga; `sequence` is its place in the journal of the shop. */
export interface JournalRow {
  readonly sequence: number
  readonly entries: readonly JournalEntry[]
}

/**
 * Reads what the journal tells of a saga, in order, and vouches for it: every row is as it was written, and of the order
 * and the payment that the saga is about no transition is missing up to where they are now. Retention drops the oldest
 * rows, so it may begin later. Throws `Damaged` when it was altered on disk.
 */
export function createSagaJournal({ prepare }: Reader): (saga: string) => JournalRow[] {
  const rows = prepare<[string], StoredJournalRow>(
    `SELECT sequence, saga, committed_at AS committedAt, entries, checksum FROM journal
     WHERE saga = ? ORDER BY sequence`,
  )
  const transitionOf = prepare<[string, string], { transition: number }>(
    'SELECT transition FROM snapshots WHERE kind = ? AND id = ?',
  )

  const firstRow = prepare<[], { sequence: number | null }>('SELECT min(sequence) AS sequence FROM journal')

  /** Whether an actor's transitions are told without gap up to where it is, from its first one if `fromFirst`. */
  function isTold(actor: Address, numbers: readonly number[], fromFirst: boolean): boolean {
    const stored = transitionOf.get(kindOf(actor), idOf(actor))?.transition ?? 0
    const last = numbers.at(-1)
    if (last === undefined) return stored === 0 || !fromFirst
    const before = last - numbers.length
    return last === stored && (before === 0 || !fromFirst) && numbers.every((n, at) => n === before + 1 + at)
  }

  function isWhole(saga: string, entries: readonly JournalEntry[]): boolean {
    if (entries.length === 0 || kindOf(saga) !== 'order') return true
    const order = transitionsOf(saga, entries)
    const payment = transitionsOf(`payment/${idOf(saga)}`, entries)
    // The order was there first: while its first transition is told, nothing was dropped.
    const fromFirst = order[0] === 1 || firstRow.get()?.sequence === 1
    return isTold(saga, order, fromFirst) && isTold(`payment/${idOf(saga)}`, payment, fromFirst)
  }

  return saga => {
    const told = rows.all(saga).map((row): JournalRow => {
      if (!isJournalRowIntact(row)) throw new Damaged(`The journal of ${saga} was altered on disk`, saga)
      return { sequence: row.sequence, entries: unpackJournal(row.entries) }
    })
    const entries = told.flatMap(row => row.entries)
    if (isWhole(saga, entries)) return told
    throw new Damaged(`The journal of ${saga} was altered on disk: a row of it is missing or moved`, saga)
  }
}

function transitionsOf(actor: Address, entries: readonly JournalEntry[]): number[] {
  return entries.flatMap(entry =>
    entry.actor === actor && entry.transition !== undefined ? [entry.transition] : [],
  )
}
