import { chainStart } from '../checksum.ts'

/** A row with the hash that was stored beside it. */
export interface Link {
  readonly sequence: number
  readonly hash: Buffer
}

/** What the first row of a chain follows. */
export const chainBegin: Link = { sequence: 0, hash: chainStart }

/**
 * A table whose rows each hash the row before. A row is judged by the stored hash of its predecessor, so that one altered
 * row is named alone and not with everything after it; `name` is what a row is called.
 */
export function hashChain<Row extends Link>(name: string, hashOf: (previous: Buffer, row: Row) => Buffer) {
  const follows = (end: Link, row: Row) => row.hash.equals(hashOf(end.hash, row))
  const gap = (end: Link, { sequence }: Link) => `${name} ${sequence} follows ${name} ${end.sequence}`
  const altered = ({ sequence }: Link) => `${name} ${sequence} was altered`
  return {
    follows,
    gap,
    altered,
    /** Every row, given in order after `begin`, that is not what was written, or does not follow the one before it. */
    *breaks(rows: Iterable<Row>, begin = chainBegin): Iterable<string> {
      let end = begin
      for (const row of rows) {
        if (row.sequence !== end.sequence + 1) yield gap(end, row)
        if (!follows(end, row)) yield altered(row)
        end = row
      }
    },
  }
}
