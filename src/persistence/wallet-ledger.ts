import { Damaged } from '../runtime/store.ts'
import { type HashedLedgerLine, selectLedgerLines } from './invariants/ledger-chain.ts'
import { createLedgerEntries } from './ledger-entries.ts'
import type { Reader } from './reader.ts'

/** One line of a wallet. `amount` is signed, in the minor unit; times in milliseconds. */
export type WalletLine = Pick<HashedLedgerLine, 'sequence' | 'changeType' | 'amount' | 'key' | 'at'> & {
  readonly totalAfter: number
}

/**
 * Reads the lines of a wallet, newest first, and vouches for them: every line and the rest of its entry is as it was
 * written, none is missing in between, and the newest total is what the wallet holds, which `amountOf` tells. Throws
 * `Damaged` when one was altered on disk.
 */
export function createWalletLedger(
  reader: Reader,
  amountOf: (customerId: number) => number | undefined,
): (customerId: number, before: number | undefined, limit: number) => WalletLine[] {
  const lines = reader.prepare<[string, number, number], HashedLedgerLine>(
    `${selectLedgerLines} WHERE account = ? AND total_after IS NOT NULL AND sequence < ?
     ORDER BY sequence DESC LIMIT ?`,
  )
  const lineAt = reader.prepare<[number, string], HashedLedgerLine>(
    `${selectLedgerLines} WHERE sequence = ? AND account = ? AND total_after IS NOT NULL`,
  )
  const entries = createLedgerEntries(reader)

  return (customerId, before, limit) => {
    const account = `wallet/${customerId}`
    const altered = (what: string) =>
      new Damaged(`The history of ${account} was altered on disk: ${what}`, `balance/${customerId}`)
    const newer = before === undefined ? undefined : lineAt.get(before, account)
    /** What the wallet held after the next line to come; unknown when nobody was given that cursor. */
    let total =
      before === undefined ? (amountOf(customerId) ?? 0) : newer && (newer.totalAfter ?? 0) - newer.amount
    const found = lines.all(account, before ?? Number.MAX_SAFE_INTEGER, limit)
    for (const line of found) {
      if (!entries.isIntact(line)) throw altered(`ledger line ${line.sequence} or what belongs to it`)
      if (total !== undefined && line.totalAfter !== total)
        throw altered(`a line after ledger line ${line.sequence} is missing`)
      total = (line.totalAfter ?? 0) - line.amount
    }
    if (found.length < limit && total !== undefined && total !== 0) throw altered('its first line is missing')
    return found.map(({ sequence, changeType, amount, totalAfter, key, at }) => ({
      sequence,
      changeType,
      amount,
      totalAfter: totalAfter ?? 0,
      key,
      at,
    }))
  }
}
