import type { Database } from 'better-sqlite3'
import { chainStart, ledgerHash, type StoredLedgerLine } from '../checksum.ts'

/**
 * Every line of the ledger that is not what was written, or does not follow the one before it. A line is judged by the
 * stored hash of its predecessor, so that one altered line is named alone and not with everything after it.
 */
export function* ledgerChainBreaks(database: Database): Iterable<string> {
  const lines = database.prepare<[], StoredLedgerLine & { hash: Buffer }>(`
    SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at, hash
    FROM ledger_lines
    ORDER BY sequence`)
  let sequence = 0
  let previous = chainStart
  for (const line of lines.iterate()) {
    if (line.sequence !== sequence + 1) yield `ledger line ${line.sequence} follows line ${sequence}`
    if (!line.hash.equals(ledgerHash(previous, line))) yield `ledger line ${line.sequence} was altered`
    sequence = line.sequence
    previous = line.hash
  }
}
