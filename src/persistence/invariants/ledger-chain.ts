import type { Database } from 'better-sqlite3'
import { chainStart, ledgerHash, type StoredLedgerLine } from '../checksum.ts'

/** A line with the hash that was stored beside it. */
export type HashedLedgerLine = StoredLedgerLine & { readonly hash: Buffer }

export const selectLedgerLines = `
  SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at, hash
  FROM ledger_lines`

/** Where a chain stands: the last line of it, or the beginning. */
export type ChainEnd = Pick<HashedLedgerLine, 'sequence' | 'hash'>

export const ledgerStart: ChainEnd = { sequence: 0, hash: chainStart }

/**
 * Every line of the ledger that is not what was written, or does not follow the one before it. A line is judged by the
 * stored hash of its predecessor, so that one altered line is named alone and not with everything after it.
 */
export function* ledgerChainBreaks(database: Database): Iterable<string> {
  const lines = database.prepare<[], HashedLedgerLine>(`${selectLedgerLines} ORDER BY sequence`)
  let end = ledgerStart
  for (const line of lines.iterate()) {
    if (line.sequence !== end.sequence + 1) yield ledgerGap(end, line)
    if (!follows(end, line)) yield ledgerLineAltered(line)
    end = line
  }
}

export function follows(end: ChainEnd, line: HashedLedgerLine): boolean {
  return line.hash.equals(ledgerHash(end.hash, line))
}

export const ledgerGap = (end: ChainEnd, { sequence }: ChainEnd) =>
  `ledger line ${sequence} follows line ${end.sequence}`

export const ledgerLineAltered = ({ sequence }: ChainEnd) => `ledger line ${sequence} was altered`
