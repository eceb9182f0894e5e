import type { Database } from 'better-sqlite3'
import { invariants } from '../../src/persistence/invariants/invariants.ts'
import { ledgerChainBreaks } from '../../src/persistence/invariants/ledger-chain.ts'
import { createReadSide } from '../../src/persistence/read-side.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { idOf, kindOf } from '../../src/runtime/envelope.ts'
import { Damaged } from '../../src/runtime/store.ts'
import type { RowDamage, StoredRow } from './row-damage.ts'

/** Rows of a page of a history. */
const pageRows = 200

/** Reads what a damage concerns in the ways of the product: actors are loaded, histories and timelines told. */
export class DamageReading {
  readonly #database: Database
  readonly #store: ReturnType<typeof createSqliteStore>
  readonly #readSide: ReturnType<typeof createReadSide>
  /** The customer whose wallet each line's entry changed, by the line's place before any damage. */
  readonly #customers: ReadonlyMap<number, number>

  constructor(database: Database) {
    this.#database = database
    this.#store = createSqliteStore(database, { subscribedTopics: new Set() })
    this.#readSide = createReadSide(createDirectReader(database))
    const lines = database.prepare<[], { sequence: number; customer: number }>(`
      SELECT line.sequence, CAST(substr(wallet.account, length('wallet/') + 1) AS INTEGER) AS customer
      FROM ledger_lines AS line JOIN ledger_lines AS wallet USING (entry)
      WHERE wallet.account GLOB 'wallet/*'`)
    this.#customers = new Map(lines.all().map(({ sequence, customer }) => [sequence, customer]))
  }

  /** How the product takes it: as damage, with another error, or as if nothing were wrong. */
  read({ table, before, after }: RowDamage): 'damage' | 'error' | 'nothing' {
    try {
      for (const row of before) this.#readRow(table, row)
      // An actor is asked for by its own name only; whoever has got a line or a saga's row by mistake is read as well.
      if (table !== 'snapshots') for (const row of after) this.#readRow(table, row)
      return 'nothing'
    } catch (error) {
      return error instanceof Damaged ? 'damage' : 'error'
    }
  }

  #readRow(table: RowDamage['table'], row: StoredRow): void {
    if (table === 'snapshots') this.#store.snapshot(String(row['kind']), String(row['id']))
    else if (table === 'journal') this.#readSide.journal(String(row['saga']))
    else {
      const account = String(row['account'])
      const own = kindOf(account) === 'wallet' ? Number(idOf(account)) : undefined
      for (const customer of [own, this.#customers.get(Number(row['sequence']))]) {
        if (customer !== undefined) this.#readHistory(customer)
      }
    }
  }

  #readHistory(customer: number): void {
    let after: number | undefined
    do {
      const page = this.#readSide.walletHistory(customer, { after, limit: pageRows })
      after = page.length < pageRows ? undefined : page.at(-1)?.sequence
    } while (after !== undefined)
  }

  /** Whether the check finds a row that is not as it was written. */
  findsAltered(now: number): boolean {
    const violations = invariants.find(({ name }) => name === 'E7')?.violations
    if (typeof violations !== 'function') throw new Error('E7 is decided in another way')
    for (const _violation of violations(this.#database, now)) return true
    return false
  }

  /** The first line of the ledger that the check names. */
  firstBadLine(): number | undefined {
    for (const violation of ledgerChainBreaks(this.#database))
      return Number(/^ledger line (-?\d+)/.exec(violation)?.[1])
    return undefined
  }
}
