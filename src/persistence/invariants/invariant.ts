import type { Database } from 'better-sqlite3'

/** Something that is true of every committed state of the database. */
export interface Invariant {
  /** Its name in the list of invariants, such as `M1`. */
  readonly name: string
  readonly sentence: string
  /** SQL of one number: how many rows or things the answer was formed from. */
  readonly looksAt: string
  /**
   * Everything that contradicts it, one sentence each, naming the row. Either SQL of one text column, where `:now` is
   * the time in milliseconds, or a walk over what SQL cannot compare.
   */
  readonly violations: string | ((database: Database, now: number) => Iterable<string>)
}
