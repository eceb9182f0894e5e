import { Damaged, type LedgerEntry } from '../runtime/store.ts'
import { chainBegin } from './invariants/hash-chain.ts'
import { type HashedLedgerLine, ledgerChain, selectLedgerLines } from './invariants/ledger-chain.ts'
import type { Reader } from './reader.ts'

/** An entry has fewer lines than this. */
const entryLinesMax = 8

/**
 * Reads whole entries of the ledger and vouches for them: every line is as it was written, follows the one before it, and
 * together they sum to zero.
 */
export function createLedgerEntries({ prepare }: Reader) {
  const neighbours = prepare<[number, number], HashedLedgerLine>(
    `${selectLedgerLines} WHERE sequence BETWEEN ? AND ? ORDER BY sequence`,
  )
  const ofOrder = prepare<[string, string], HashedLedgerLine>(
    `${selectLedgerLines} INDEXED BY ledger_lines_of_payments
     WHERE account = 'revenue' AND key >= ? AND key < ? ORDER BY sequence`,
  )

  /** The lines of the entry that `line` belongs to, or `undefined` when one of them was altered on disk. */
  function linesOf({ sequence, entry }: HashedLedgerLine): readonly HashedLedgerLine[] | undefined {
    const around = neighbours.all(sequence - entryLinesMax, sequence + entryLinesMax)
    const first = around.findIndex(line => line.entry === entry)
    // The first line of all follows nothing.
    let end = around[first - 1] ?? chainBegin
    let sum = 0
    const lines: HashedLedgerLine[] = []
    for (const line of around.slice(first)) {
      if (line.entry !== entry) break
      if (!ledgerChain.follows(end, line)) return undefined
      sum += line.amount
      end = line
      lines.push(line)
    }
    return sum === 0 ? lines : undefined
  }

  return {
    isIntact: (line: HashedLedgerLine) => linesOf(line) !== undefined,

    /** What the payment of an order posted, in order. Throws `Damaged` when it was altered on disk. */
    ofOrder(orderId: number): LedgerEntry[] {
      // The character after the slash ends the keys that begin with the order's number.
      return ofOrder.all(`${orderId}/`, `${orderId}0`).map(found => {
        const lines = linesOf(found)
        if (lines === undefined)
          throw new Damaged(`Ledger line ${found.sequence} or what belongs to it was altered on disk`)
        const { changeType, key, at } = found
        return {
          changeType,
          key,
          at,
          lines: lines.map(({ account, amount, totalAfter }) => ({
            account,
            amount,
            ...(totalAfter !== null && { totalAfter }),
          })),
        }
      })
    },
  }
}
