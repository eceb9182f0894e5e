import { Damaged } from '../runtime/store.ts'
import { type HashedLedgerLine, selectLedgerLines } from './invariants/ledger-chain.ts'
import { createLedgerEntries } from './ledger-entries.ts'
import type { Reader } from './reader.ts'

/** One line of a wallet. `amount` is signed, in the minor unit; times in milliseconds. */
type WalletLine = Pick<HashedLedgerLine, 'sequence' | 'changeType' | 'amount' | 'key' | 'at'> & {
  readonly totalAfter: number
}

/** A page of it; its first line lies beyond `after`, or is the first of all. */
interface WalletPage {
  readonly after: number | undefined
  readonly limit: number
  readonly order: 'oldestFirst' | 'newestFirst'
}

/**
 * Reads the history of a wallet and vouches for it: every line and the rest of its entry is as it was written, no line is
 * missing before or in between, and the newest total is what the wallet holds, which `amountOf` tells. Throws `Damaged`
 * when one was altered on disk.
 */
export function createWalletHistory(
  reader: Reader,
  amountOf: (customerId: number) => number | undefined,
): (customerId: number, page: WalletPage) => WalletLine[] {
  const pages = {
    oldestFirst: reader.prepare<[string, number, number], HashedLedgerLine>(
      `${selectLedgerLines} WHERE account = ? AND total_after IS NOT NULL AND sequence > ?
       ORDER BY sequence LIMIT ?`,
    ),
    newestFirst: reader.prepare<[string, number, number], HashedLedgerLine>(
      `${selectLedgerLines} WHERE account = ? AND total_after IS NOT NULL AND sequence < ?
       ORDER BY sequence DESC LIMIT ?`,
    ),
  }
  const totalBefore = reader.prepare<[string, number], { total: number }>(
    `SELECT total_after AS total FROM ledger_lines
     WHERE account = ? AND total_after IS NOT NULL AND sequence < ? ORDER BY sequence DESC LIMIT 1`,
  )
  const entries = createLedgerEntries(reader)

  return (customerId, { after, limit, order }) => {
    const account = `wallet/${customerId}`
    const altered = (what: string) =>
      new Damaged(`The history of ${account} was altered on disk: ${what}`, `balance/${customerId}`)
    const isNewestFirst = order === 'newestFirst'
    const start = after ?? (isNewestFirst ? Number.MAX_SAFE_INTEGER : 0)
    const found = pages[order].all(account, start, limit).map(line => {
      if (!entries.isIntact(line)) throw altered(`ledger line ${line.sequence} or what belongs to it`)
      const { sequence, changeType, amount, totalAfter, key, at } = line
      return { sequence, changeType, amount, totalAfter: totalAfter ?? 0, key, at }
    })
    const inOrder = isNewestFirst ? found.toReversed() : found
    let total = totalBefore.get(account, inOrder[0]?.sequence ?? start + 1)?.total ?? 0
    for (const { sequence, amount, totalAfter } of inOrder) {
      total += amount
      if (totalAfter !== total) throw altered(`a line before ledger line ${sequence} is missing`)
    }
    const isNewest = isNewestFirst ? after === undefined : found.length < limit
    if (isNewest && total !== (amountOf(customerId) ?? 0))
      throw altered(`it ends with ${total}, which is not what the wallet holds`)
    return found
  }
}
