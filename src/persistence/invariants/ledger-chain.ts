import type { Database } from 'better-sqlite3'
import { ledgerHash, type StoredLedgerLine } from '../checksum.ts'
import { hashChain, type Link } from './hash-chain.ts'

export type HashedLedgerLine = StoredLedgerLine & Link

export const selectLedgerLines = `
  SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at, hash
  FROM ledger_lines`

export const ledgerChain = hashChain<HashedLedgerLine>('ledger line', ledgerHash)

/** Every line of the ledger that is not what was written, or does not follow the one before it. */
export function ledgerChainBreaks(database: Database): Iterable<string> {
  return ledgerChain.breaks(
    database.prepare<[], HashedLedgerLine>(`${selectLedgerLines} ORDER BY sequence`).iterate(),
  )
}
