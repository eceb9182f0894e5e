import type { History, Posting } from './history.ts'

/** A line of the ledger box. */
interface LedgerBoxLine {
  readonly account: string
  /** Signed, in the minor unit. */
  readonly amount: number
  /** What this payment has moved on the account so far. */
  readonly total: number
}

export interface LedgerBoxEntry extends Pick<Posting, 'position' | 'key' | 'changeType' | 'at'> {
  readonly lines: readonly LedgerBoxLine[]
}

export interface LedgerBox {
  readonly entries: readonly LedgerBoxEntry[]
  readonly totals: ReadonlyMap<string, number>
  /** Over all lines; 0 as long as every entry is balanced. */
  readonly sum: number
}

/** What a payment had posted by `position`, with running totals. What is no longer told of came before everything. */
export function ledgerAt({ ledger }: Pick<History, 'ledger'>, position: number): LedgerBox {
  const totals = new Map<string, number>()
  let sum = 0
  const posted = ledger.filter(posting => (posting.position ?? 0) <= position)
  const entries = posted.map(({ position, key, changeType, at, lines }): LedgerBoxEntry => {
    const shown = lines.map(({ account, amount }): LedgerBoxLine => {
      const total = (totals.get(account) ?? 0) + amount
      totals.set(account, total)
      sum += amount
      return { account, amount, total }
    })
    return { position, key, changeType, at, lines: shown }
  })
  return { entries, totals, sum }
}
