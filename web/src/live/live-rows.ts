/*
 * What of the feed is on the page: the newest rows, newest first, with the places where something is left out. While it is
 * paused nothing on the page moves; what comes meanwhile is held back, no more than fits on the page.
 */

export interface FeedEntry {
  readonly actor: string
  /** Number of the transition; null when the message changed nothing. */
  readonly transition: number | null
  readonly at: string
  readonly from: string
  readonly message: { readonly type: string; readonly [field: string]: unknown }
  /** `paying.deductingBalance`; null of actors that are no machine. */
  readonly state: string | null
}

/** What one commit did for one saga. */
export interface FeedRow {
  readonly type: 'row'
  readonly sequence: number
  readonly saga: string
  readonly at: string
  readonly entries: readonly FeedEntry[]
}

/** `NOT_HELD`: it came while the page was paused, and was more than is held back. */
type GapReason = 'BEHIND' | 'DROPPED' | 'UNKNOWN_POSITION' | 'DAMAGED' | 'NOT_HELD'

/** Nothing is shown of what follows `after` up to and with `until`. */
export interface FeedGap {
  readonly type: 'gap'
  readonly after: number
  readonly until: number
  readonly reason: GapReason
}

export type LiveRow = FeedRow | FeedGap

/** Whoever scrolls further back looks at payments in another way. */
export const rowsMax = 500

export interface LiveRows {
  /** Newest first. */
  readonly shown: readonly LiveRow[]
  /** Newest first; empty unless paused. */
  readonly held: readonly LiveRow[]
  readonly isPaused: boolean
  /** How many rows came since the pause began, held or not. */
  readonly newCount: number
}

export const noRows: LiveRows = { shown: [], held: [], isPaused: false, newCount: 0 }

/** `rows` is what came, oldest first. */
export function withRows(before: LiveRows, rows: readonly LiveRow[]): LiveRows {
  if (rows.length === 0) return before
  const newest = rows.toReversed()
  if (!before.isPaused) return { ...before, shown: cut([...newest, ...before.shown]) }
  const newCount = before.newCount + rows.filter(({ type }) => type === 'row').length
  return { ...before, held: held([...newest, ...before.held]), newCount }
}

/** Stops the page, or lets it catch up with what was held back. */
export function paused(before: LiveRows, isPaused: boolean): LiveRows {
  if (isPaused === before.isPaused) return before
  if (isPaused) return { ...before, isPaused }
  return { shown: cut([...before.held, ...before.shown]), held: [], isPaused, newCount: 0 }
}

function cut(rows: readonly LiveRow[]): readonly LiveRow[] {
  return rows.length > rowsMax ? rows.slice(0, rowsMax) : rows
}

/** As many as fit; the last place says what did not. */
function held(rows: readonly LiveRow[]): readonly LiveRow[] {
  if (rows.length <= rowsMax) return rows
  const oldest = rows.at(-1)
  const until = rows[rowsMax - 1]
  if (oldest === undefined || until === undefined) return rows
  const after = oldest.type === 'gap' ? oldest.after : oldest.sequence - 1
  const gap: FeedGap = { type: 'gap', after, until: placeOf(until), reason: 'NOT_HELD' }
  return [...rows.slice(0, rowsMax - 1), gap]
}

function placeOf(row: LiveRow): number {
  return row.type === 'gap' ? row.until : row.sequence
}
