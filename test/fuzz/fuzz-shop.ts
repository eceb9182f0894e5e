import type { Database } from 'better-sqlite3'
import { silentProgress } from '../../src/cli/progress.ts'
import { demoProfile } from '../../src/cli/seed/demo-profile.ts'
import { seed } from '../../src/cli/seed/seed.ts'
import { operationsOf } from '../support/api-document.ts'
import { openTestShop } from '../support/open-test-shop.ts'
import type { Known } from './fuzz-request.ts'

const operatorToken = 'a-token-of-operators'

/**
 * Written also when a request is refused, because the contract says so: the answer that belongs to an Idempotency-Key,
 * what an operator tried and why, and the journal of both.
 */
const noteTables = new Set(['journal', 'inbox', 'audit_log'])

/** How often rows were written. */
export interface Written {
  /** Rows that say how the shop stands. */
  readonly state: number
  /** Rows that say what was asked. */
  readonly notes: number
}

/**
 * Counts every row that is written through `database`, by triggers that are gone with the connection. `total_changes`
 * could not tell an answer that is kept from a wallet that was changed.
 */
function watchWrites(database: Database): () => Written {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  database.exec(
    'CREATE TEMP TABLE written (state INTEGER, notes INTEGER); INSERT INTO temp.written VALUES (0, 0)',
  )
  for (const table of tables) {
    const kind = noteTables.has(table) ? 'notes' : 'state'
    for (const [event, row] of [
      ['INSERT', 'NEW'],
      ['UPDATE', 'NEW'],
      ['DELETE', 'OLD'],
    ] as const) {
      const counted = table === 'snapshots' ? `CASE ${row}.kind WHEN 'request' THEN 0 ELSE 1 END` : '1'
      const kept =
        table === 'snapshots'
          ? `notes = notes + 1 - ${counted}, state = state + ${counted}`
          : `${kind} = ${kind} + 1`
      database.exec(
        `CREATE TEMP TRIGGER count_${event}_${table} AFTER ${event} ON main.${table}
         BEGIN UPDATE written SET ${kept}; END`,
      )
    }
  }
  const read = database.prepare<[], Written>('SELECT state, notes FROM temp.written')
  return () => read.get() ?? { state: 0, notes: 0 }
}

/** The demo shop in memory, real from HTTP to SQLite, which counts what is written to it. */
export async function openFuzzShop() {
  const shop = openTestShop({
    // In memory the check of the invariants has no thread of its own: it would hold the event loop up here.
    environment: { RECOUP_OPERATOR_TOKEN: operatorToken, RECOUP_CHECK_EVERY_MS: '0' },
  })
  await seed(demoProfile, shop, silentProgress)
  const known: Known = {
    customerId: demoProfile.customers.map(({ id }) => id),
    couponId: demoProfile.coupons.map(({ id }) => id),
    lines: demoProfile.products.flatMap(({ id, options }) =>
      options.map(option => ({ productId: id, productOptionId: option.id })),
    ),
    orderId: [],
    operatorToken,
  }
  const balances = () => known.customerId.map(id => shop.questions.balanceAmount(id)).join()
  return {
    ...shop,
    known,
    balances,
    written: watchWrites(shop.database),
    operations: await operationsOf(shop.app),
  }
}

export type FuzzShop = Awaited<ReturnType<typeof openFuzzShop>>
