import type { Database, Statement } from 'better-sqlite3'
import { chainBegin, type Link } from '../hash-chain.ts'
import { type HashedLedgerLine, ledgerChain, selectLedgerLines } from '../ledger-chain.ts'
import type { Findings } from './findings.ts'
import type { StoredStates } from './stored-states.ts'
import type { Touched } from './touched.ts'

/*
 * The ledger lines since the last look: the chain (M5), entries and all accounts in balance (M1, M2), and what each wallet
 * comes to (M3, M4). A line that was altered takes what came with it out of the judgement, for good: what it said before
 * is not known.
 */

interface Wallet {
  /** Null before its first line. */
  sum: number | null
  lastTotal: number | null
}

export class LedgerWindow {
  readonly #lines: Statement<[number], HashedLedgerLine>
  readonly #walletBefore: Statement<[string, number], { sum: number | null; lastTotal: number | null }>
  readonly #wallets = new Map<string, Wallet>()
  /** Wallets of which a line could not be read. */
  readonly #unknown = new Set<string>()
  readonly #base: number
  #end: Link
  #total = 0n

  constructor(database: Database, from: 'start' | 'end') {
    this.#lines = database.prepare(`${selectLedgerLines} WHERE sequence > ? ORDER BY sequence`)
    this.#walletBefore = database.prepare(`
      SELECT sum(amount) AS sum, total_after AS lastTotal, max(sequence)
      FROM ledger_lines
      WHERE account = ? AND total_after IS NOT NULL AND sequence <= ?`)
    const last = database.prepare<[], Link>(
      'SELECT sequence, hash FROM ledger_lines ORDER BY sequence DESC LIMIT 1',
    )
    this.#end = (from === 'end' && last.get()) || chainBegin
    this.#base = this.#end.sequence
  }

  /** Judges what is new of the chain and the entries, and returns it. */
  read(touched: Touched, findings: Findings): readonly HashedLedgerLine[] {
    const lines = this.#lines.all(this.#end.sequence)
    const entries = new Map<number, bigint>()
    for (const line of lines) {
      if (line.sequence !== this.#end.sequence + 1) {
        findings.violated('M5', ledgerChain.gap(this.#end, line))
        findings.violated('E7', ledgerChain.gap(this.#end, line))
      }
      if (!ledgerChain.follows(this.#end, line)) {
        touched.ledgerDamaged = true
        findings.violated('M5', ledgerChain.altered(line))
        findings.violated('E7', ledgerChain.altered(line))
      }
      this.#end = line
      const { entry, account, amount, totalAfter } = line
      entries.set(entry, (entries.get(entry) ?? 0n) + BigInt(amount))
      if (!account.startsWith('wallet/')) continue
      const customerId = account.slice('wallet/'.length)
      touched.wallets.add(customerId)
      const wallet = this.#wallet(customerId)
      wallet.sum = (wallet.sum ?? 0) + amount
      wallet.lastTotal = totalAfter
      if (totalAfter !== null && totalAfter < 0 && !touched.ledgerDamaged)
        findings.violated('M4', `${account} held ${totalAfter} after ledger line ${line.sequence}`)
    }
    for (const name of ['M2', 'M4', 'M5', 'E7']) findings.looked(name, lines.length)
    if (!touched.ledgerDamaged) this.#judgeBalance(entries, findings)
    return lines
  }

  #judgeBalance(entries: ReadonlyMap<number, bigint>, findings: Findings): void {
    findings.looked('M1', entries.size)
    for (const [entry, sum] of entries) {
      this.#total += sum
      if (sum !== 0n) findings.violated('M1', `the lines of entry ${entry} sum to ${sum}`)
    }
    if (entries.size > 0 && this.#total !== 0n)
      findings.violated('M2', `all accounts together sum to ${this.#total}`)
  }

  #wallet(customerId: string): Wallet {
    let wallet = this.#wallets.get(customerId)
    if (wallet === undefined) {
      const before = this.#base > 0 ? this.#walletBefore.get(`wallet/${customerId}`, this.#base) : undefined
      wallet = { sum: before?.sum ?? null, lastTotal: before?.lastTotal ?? null }
      this.#wallets.set(customerId, wallet)
    }
    return wallet
  }

  /** Whether a wallet holds what its lines say. Throws `Unjudgeable` when its actor was altered on disk. */
  judgeWallet(customerId: string, touched: Touched, states: StoredStates, findings: Findings): void {
    if (touched.ledgerDamaged) this.#unknown.add(customerId)
    if (this.#unknown.has(customerId)) return
    findings.looked('M3')
    findings.looked('M4')
    const { sum, lastTotal } = this.#wallet(customerId)
    const amount = states.state<{ amount: number }>(`balance/${customerId}`)?.amount
    // An actor that never was and has no line is no wallet.
    if (amount === undefined && sum === null) return
    if (amount !== (sum ?? 0) || lastTotal !== sum) {
      const holds = `holds ${amount ?? 'nothing'}, its lines sum to ${sum ?? 0}`
      const ends = `its history ends with ${lastTotal ?? 'nothing'}`
      findings.violated('M3', `wallet/${customerId} ${holds}, ${ends}`)
    }
    if (amount !== undefined && amount < 0) findings.violated('M4', `wallet/${customerId} holds ${amount}`)
  }
}
