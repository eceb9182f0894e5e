import type Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { createPaymentRows } from '../../src/persistence/payment-rows.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'

const wanted = {
  status: 'COMPLETED',
  low: 1,
  high: Number.MAX_SAFE_INTEGER,
  step: null,
  failedAt: null,
  errorCode: null,
  amountMin: null,
  amountMax: null,
  resendsMin: null,
  without: [],
}

function stored(id: number, failed: boolean) {
  const failure = failed ? { code: 'BALANCE_INSUFFICIENT', facts: {} } : null
  const balance = failed ? 'refused' : 'done'
  const context = { orderId: id, originalPrice: id % 1_000, failure, balance, stock: ['done'], resends: 0 }
  return JSON.stringify({ value: failed ? 'failed' : 'completed', context })
}

/** A database with so many payments, every tenth of them failed. */
function openFilled(payments: number) {
  const database = openDatabase(':memory:', { timeZone: 'UTC', currency: 'EUR' })
  onTestFinished(() => void database.close())
  const insert = database.prepare(
    `INSERT INTO snapshots (kind, id, version, transition, state, checksum) VALUES ('payment', ?, 1, 1, ?, 0)
     ON CONFLICT DO UPDATE SET state = excluded.state`,
  )
  database.transaction(() => {
    for (let id = 1; id <= payments; id += 1) insert.run(`${id}`, stored(id, id % 10 === 0))
  })()
  return { database, insert, rows: createPaymentRows(createDirectReader(database)) }
}

const readings = (plan: unknown[]) =>
  (plan as { detail: string }[]).map(({ detail }) => detail).filter(detail => /snapshots|TEMP/.test(detail))

/** How SQLite goes about every statement that reads payments while `use` runs. */
function plansOf(database: Sqlite.Database, use: (rows: ReturnType<typeof createPaymentRows>) => void) {
  const plans: string[] = []
  const rows = createPaymentRows({
    refresh() {},
    prepare(sql) {
      const statement = database.prepare(sql)
      const explain = database.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      return {
        get(...given) {
          plans.push(...readings(explain.all(...given)))
          return statement.get(...given) as never
        },
        all(...given) {
          plans.push(...readings(explain.all(...given)))
          return statement.all(...given) as never
        },
      }
    },
  })
  use(rows)
  return plans
}

describe('Payments as rows', () => {
  it('are read from the index alone, in the order in which they are listed', () => {
    const { database } = openFilled(10)
    const plans = plansOf(database, rows => {
      rows.list(wanted, 5)
      rows.list({ ...wanted, ids: [1, 2] }, 5)
      rows.count(wanted)
      rows.count({ ...wanted, ids: [1, 2] })
      rows.countFrom('FAILED', 1)
      rows.lowestOfNewest('FAILED', 2)
    })
    expect(plans).toHaveLength(6)
    for (const plan of plans) expect(plan).toContain('USING COVERING INDEX snapshots_of_payments')
    expect(plans.join()).not.toContain('TEMP B-TREE')
  })

  it('are found and counted', () => {
    const { rows } = openFilled(100)
    const failed = { ...wanted, status: 'FAILED', failedAt: 'deductingBalance' }
    expect(rows.list(failed, 2)).toEqual([
      { id: 100, status: 'FAILED', step: 'failed', amount: 100 },
      { id: 90, status: 'FAILED', step: 'failed', amount: 90 },
    ])
    expect(rows.count({ ...failed, amountMax: 50 })).toBe(5)
    expect(rows.count({ ...failed, ids: [10, 11], without: [20] })).toBe(1)
    expect(rows.countFrom('COMPLETED', 1)).toBe(90)
    expect(rows.countFrom('FAILED', 91)).toBe(1)
    expect(rows.lowestOfNewest('FAILED', 2)).toBe(90)
    expect(rows.lowestOfNewest('FAILED', 11)).toBeUndefined()
  })

  it.each([
    '',
    '{ nothing',
    'null',
    '7',
    '"completed"',
    '[]',
    '{"value":{"paying":{"deep":1}}}',
    '{"context":7}',
  ])('take the state %j, in no list, and let it be written over', state => {
    const { database, insert, rows } = openFilled(3)
    insert.run('2', state)
    expect(rows.list(wanted, 9).map(({ id }) => id)).toEqual([3, 1])
    insert.run('2', stored(2, false))
    expect(rows.list(wanted, 9).map(({ id }) => id)).toEqual([3, 2, 1])
    insert.run('2', state)
    database.prepare("DELETE FROM snapshots WHERE id = '2'").run()
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  it('are told by one expression in the view and in its index', () => {
    const { database } = openFilled(1)
    const sqlOf = (name: string) =>
      (database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(name) as { sql: string }).sql
    const bare = (text: string) => text.replace(/\s+/g, ' ').trim()
    const columns = sqlOf('snapshots_of_payments')
      .replace(/^[^(]*\(\n/, '')
      .replace(/,\n {2}json_valid[\s\S]*$/, '')
      .split(/,\n {2}(?=\S)/)
    expect(columns).toHaveLength(7)
    const view = bare(sqlOf('listed_payments'))
    for (const column of columns) expect(view).toContain(`${bare(column)} AS `)
  })
})
