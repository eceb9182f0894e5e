import { Damaged } from '../runtime/store.ts'
import { type HashedLedgerLine, selectLedgerLines } from './invariants/ledger-chain.ts'
import { createLedgerEntries } from './ledger-entries.ts'
import type { Reader } from './reader.ts'

/** One change of a wallet. `sequence` is its place in the ledger, `changeAmount` positive, times in milliseconds. */
export interface WalletChange {
  readonly sequence: number
  readonly changeType: string
  readonly changeAmount: number
  readonly totalAmount: number
  readonly createdAt: number
}

/**
 * Reads the history of a wallet, oldest first, and vouches for it: every line and the rest of its entry is as it was
 * written, no line is missing in between, and the last total is what the wallet holds, which `amountOf` tells. Throws
 * `Damaged` when one was altered on disk.
 */
export function createWalletHistory(
  reader: Reader,
  amountOf: (customerId: number) => number | undefined,
): (customerId: number, after: number, limit: number) => WalletChange[] {
  const { prepare } = reader
  const lines = prepare<[string, number, number], HashedLedgerLine>(
    `${selectLedgerLines} WHERE account = ? AND total_after IS NOT NULL AND sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const totalUpTo = prepare<[string, number], { total: number }>(
    `SELECT total_after AS total FROM ledger_lines
     WHERE account = ? AND total_after IS NOT NULL AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
  )
  const entries = createLedgerEntries(reader)

  return (customerId, after, limit) => {
    const account = `wallet/${customerId}`
    const altered = (what: string) =>
      new Damaged(`The history of ${account} was altered on disk: ${what}`, `balance/${customerId}`)
    const found = lines.all(account, after, limit)
    let total = after === 0 ? 0 : (totalUpTo.get(account, after)?.total ?? 0)
    for (const line of found) {
      if (!entries.isIntact(line)) throw altered(`ledger line ${line.sequence} or what belongs to it`)
      total += line.amount
      if (line.totalAfter !== total) throw altered(`a line before ledger line ${line.sequence} is missing`)
    }
    if (found.length < limit && total !== (amountOf(customerId) ?? 0))
      throw altered(`it ends with ${total}, which is not what the wallet holds`)
    return found.map(({ sequence, changeType, amount, totalAfter, at }) => ({
      sequence,
      changeType,
      changeAmount: Math.abs(amount),
      totalAmount: totalAfter ?? 0,
      createdAt: at,
    }))
  }
}
