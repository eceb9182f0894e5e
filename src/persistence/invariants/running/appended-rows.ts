import type { Database, Statement } from 'better-sqlite3'

/*
 * Follows a table that rows are appended to, and of which rows may be dropped again: the oldest when their time is over,
 * the newest when a saga turns out to be about nothing. SQLite then gives a number a second time, so the place reached
 * is known by its number and by what stood there.
 */

/** A row that was seen: its number, and what tells it from another one that may get the same number. */
interface Seen<Kept> {
  readonly sequence: number
  readonly identity: string
  readonly kept: Kept
}

/** So many of the newest rows are remembered; more are never dropped between two looks. */
const seenMax = 512

export class AppendedRows<Row extends { readonly sequence: number }, Kept> {
  readonly #rows: Statement<[number], Row & { readonly identity: string }>
  readonly #identityAt: Statement<[number], string>
  readonly #seen: Seen<Kept>[] = []
  #from = 0

  /**
   * `columns` is what is selected of `table`, among it the sequence; `identity` is an SQL expression of text. Rows that are
   * there `from` the end on are not of interest; all that is known of them is `before`.
   */
  constructor(
    database: Database,
    options: {
      table: string
      columns: string
      identity: string
      from: 'start' | 'end'
      before: Kept
    },
  ) {
    const { table, columns, identity, from, before } = options
    this.#rows = database.prepare(
      `SELECT ${columns}, ${identity} AS identity FROM ${table} WHERE sequence > ? ORDER BY sequence`,
    )
    this.#identityAt = database
      .prepare<[number], string>(`SELECT ${identity} FROM ${table} WHERE sequence = ?`)
      .pluck()
    if (from === 'start') return
    const newest = database.prepare<[number], { sequence: number; identity: string }>(
      `SELECT sequence, ${identity} AS identity FROM ${table} ORDER BY sequence DESC LIMIT ?`,
    )
    for (const row of newest.all(seenMax).reverse()) {
      this.#seen.push({ ...row, kept: before })
      this.#from = row.sequence
    }
  }

  /** Rows that were seen and are there no more, newest first; they are then forgotten. */
  vanished(): Kept[] {
    const gone: Kept[] = []
    for (let last = this.#seen.at(-1); last !== undefined; last = this.#seen.at(-1)) {
      if (this.#identityAt.get(last.sequence) === last.identity) break
      this.#seen.pop()
      this.#from = last.sequence - 1
      gone.push(last.kept)
    }
    return gone
  }

  /** The rows that came since, in order; `keep` says what is to be known of each should it vanish. */
  *next(keep: (row: Row) => Kept): Iterable<Row> {
    for (const row of this.#rows.iterate(this.#from)) {
      yield row
      this.#from = row.sequence
      this.#seen.push({ sequence: row.sequence, identity: row.identity, kept: keep(row) })
      if (this.#seen.length > 2 * seenMax) this.#seen.splice(0, seenMax)
    }
  }
}
