import { type JournalRow, type ShownRow, shownRow } from './shown-row.ts'

/** What the feed needs of the stored journal; see `journal-rows.ts`. Throws `ReadFailed`. */
export interface JournalRows {
  end(): number
  first(): number | undefined
  after(sequence: number, limit: number): readonly JournalRow[]
  ofSagaAfter(saga: string, sequence: number, limit: number): readonly JournalRow[]
}

/** So much is shown at a time. What a row costs is in its entries, of which a charge has one and a payment eleven. */
export const rowsPerRead = 25
const entriesPerRead = 100

export interface TailRead {
  readonly found: readonly ShownRow[]
  /** Whether nothing follows them. */
  readonly isAll: boolean
}

/**
 * The newest rows as they are shown. Those who watch are all at about the same place, so each row is read, checked and
 * unpacked once for all of them.
 */
export function createJournalTail(rows: JournalRows, keptMax: number) {
  /** By the position that a row follows, which is a hole or two before it where rows were forgotten. */
  const next = new Map<number, ShownRow>()

  function keep(position: number, row: ShownRow): void {
    next.set(position, row)
    if (next.size <= keptMax) return
    for (const oldest of next.keys()) {
      next.delete(oldest)
      return
    }
  }

  return {
    /** The rows that follow `position`, as many as one read may show. */
    after(position: number): TailRead {
      const found: ShownRow[] = []
      let reached = position
      let entries = 0
      const isFull = () => found.length === rowsPerRead || entries >= entriesPerRead
      const take = (row: ShownRow) => {
        found.push(row)
        reached = row.sequence
        entries += row.entries.length
      }
      for (let row = next.get(reached); row !== undefined && !isFull(); row = next.get(reached)) take(row)
      if (isFull()) return { found, isAll: false }
      for (const stored of rows.after(reached, rowsPerRead - found.length)) {
        if (isFull()) break
        const row = shownRow(stored)
        keep(reached, row)
        take(row)
      }
      return { found, isAll: !isFull() }
    },
    ofSagaAfter(saga: string, position: number): TailRead {
      const found = rows.ofSagaAfter(saga, position, rowsPerRead).map(shownRow)
      return { found, isAll: found.length < rowsPerRead }
    },
    end: () => rows.end(),
    first: () => rows.first(),
    /** When nobody watches any more. */
    forget: () => next.clear(),
    get kept(): number {
      return next.size
    },
  }
}
