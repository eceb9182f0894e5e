import { Damaged, type JournalEntry } from '../runtime/store.ts'
import { isJournalRowIntact, type StoredJournalRow } from './checksum.ts'
import { unpackJournal } from './packing.ts'
import type { Reader } from './reader.ts'

/** What one commit did for one saga. */
interface JournalRow {
  readonly sequence: number
  readonly saga: string
  /** In milliseconds. */
  readonly committedAt: number
  /** Unpacked anew with each call. Throws `Damaged` when the row was altered on disk. */
  entries(): JournalEntry[]
}

/** Reads the rows of the journal in the order they were committed, whosever they are. */
export function createJournalRows({ prepare }: Reader) {
  const columns = 'sequence, saga, committed_at AS committedAt, entries, checksum'
  const following = prepare<[number, number], StoredJournalRow>(
    `SELECT ${columns} FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  // The index holds the sequence as well, so that an order's rows are found however much was committed since.
  const followingOfSaga = prepare<[string, number, number], StoredJournalRow>(
    `SELECT ${columns} FROM journal INDEXED BY journal_by_saga
     WHERE saga = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const firstRow = prepare<[], { sequence: number | null }>('SELECT min(sequence) AS sequence FROM journal')
  const lastRow = prepare<[], { sequence: number | null }>('SELECT max(sequence) AS sequence FROM journal')

  return {
    /** The sequence of the newest row; 0 when there is none. */
    end: (): number => lastRow.get()?.sequence ?? 0,
    /** The sequence of the oldest row that is kept; `undefined` when there is none. */
    first: (): number | undefined => firstRow.get()?.sequence ?? undefined,
    /** The rows that follow `sequence`, at most `limit`. */
    after: (sequence: number, limit: number): JournalRow[] => following.all(sequence, limit).map(journalRow),
    /** Those of one saga. */
    ofSagaAfter: (saga: string, sequence: number, limit: number): JournalRow[] =>
      followingOfSaga.all(saga, sequence, limit).map(journalRow),
  }
}

function journalRow(stored: StoredJournalRow): JournalRow {
  const { sequence, saga, committedAt } = stored
  return {
    sequence,
    saga,
    committedAt,
    entries() {
      if (isJournalRowIntact(stored)) return unpackJournal(stored.entries)
      throw new Damaged(`Row ${sequence} of the journal was altered on disk`, saga)
    },
  }
}
