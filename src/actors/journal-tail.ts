import { type JournalRow, type ShownRow, shownRow } from './shown-row.ts'

/** What the feed needs of the stored journal; see `journal-rows.ts`. Throws `ReadFailed`. */
export interface JournalRows {
  end(): number
  first(): number | undefined
  after(sequence: number, limit: number): readonly JournalRow[]
  ofSagaAfter(saga: string, sequence: number, limit: number): readonly JournalRow[]
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
    /** The rows that follow `position`, at most `limit`. */
    after(position: number, limit: number): ShownRow[] {
      const found: ShownRow[] = []
      let reached = position
      for (let row = next.get(reached); row !== undefined && found.length < limit; row = next.get(reached)) {
        found.push(row)
        reached = row.sequence
      }
      if (found.length === limit) return found
      for (const stored of rows.after(reached, limit - found.length)) {
        const row = shownRow(stored)
        keep(reached, row)
        found.push(row)
        reached = row.sequence
      }
      return found
    },
    ofSagaAfter: (saga: string, position: number, limit: number): ShownRow[] =>
      rows.ofSagaAfter(saga, position, limit).map(shownRow),
    end: () => rows.end(),
    first: () => rows.first(),
    /** When nobody watches any more. */
    forget: () => next.clear(),
    get kept(): number {
      return next.size
    },
  }
}
