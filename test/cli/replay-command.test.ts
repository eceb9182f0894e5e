import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openDatabaseReadOnly } from '../../src/persistence/database.ts'
import { recoup } from './recoup-process.ts'
import { independentReturns } from './replay/independent-returns.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const dayFile = fileURLToPath(new URL('../../data/online-retail-2010-12-01.csv', import.meta.url))
/** What `retail-catalogue.test.ts` finds in the file by a sum of its own. */
const day = { lines: 3_072, invoices: 127, units: 26_919, pence: 5_896_079 }

/** What the tables hold, whatever a report says. */
function sumsOf(directory: string) {
  const database = openDatabaseReadOnly(directory)
  const sum = (sql: string) => database.prepare<[], number>(`SELECT coalesce(${sql}`).pluck().get()
  try {
    return {
      orders: sum("count(*), 0) FROM order_events WHERE type = 'OrderPaid'"),
      pence: sum(
        "-sum(amount), 0) FROM ledger_lines WHERE account LIKE 'wallet/%' AND change_type NOT IN ('CHARGE', 'REFUND')",
      ),
      returnedPence: sum(
        "sum(amount), 0) FROM ledger_lines WHERE account LIKE 'wallet/%' AND change_type = 'REFUND'",
      ),
      returnedUnits: sum("sum(quantity), 0) FROM stock_movements WHERE movement = 'RETURN'"),
      excessive: sum(`count(*), 0) FROM (
        SELECT 1 FROM ledger_lines WHERE account LIKE 'wallet/%' AND change_type <> 'CHARGE'
        GROUP BY substr(key, 1, instr(key, '/') - 1) HAVING sum(amount) > 0)`),
      units: sum(
        "sum(iif(movement = 'DECREASE', quantity, -quantity)), 0) FROM stock_movements WHERE movement NOT IN ('RESTOCK', 'RETURN')",
      ),
    }
  } finally {
    database.close()
  }
}

async function replayed(...flags: string[]) {
  using directory = temporaryDirectory()
  const { status, output } = await recoup(['replay', dayFile, '--data', directory.path, '--json', ...flags])
  const { invariants, ...report } = JSON.parse(output)
  const broken = invariants.filter(({ violationCount }: { violationCount: number }) => violationCount > 0)
  expect({ status, broken }).toEqual({ status: 0, broken: [] })
  return { report, sums: sumsOf(directory.path) }
}

describe.concurrent('recoup replay of the day that comes with the project', () => {
  it('--exact pays every payable invoice, to the unit and the penny', async () => {
    const { report, sums } = await replayed('--exact')
    expect(report).toMatchObject({
      file: { payable: day },
      orders: day.invoices,
      paid: { orders: day.invoices, units: day.units, pence: day.pence },
      refused: {},
    })
    const back = independentReturns(dayFile)
    expect(back.units).toBeGreaterThan(0)
    expect(report).toMatchObject({ returned: back, refusedReturns: {} })
    expect(sums).toEqual({
      orders: day.invoices,
      units: day.units,
      pence: day.pence,
      returnedPence: back.pence,
      returnedUnits: back.units,
      excessive: 0,
    })
  })

  it('without it has orders refused, and those moved nothing', async () => {
    const { report, sums } = await replayed()
    const refused = Object.values<number>(report.refused).reduce((total, orders) => total + orders, 0)
    expect(refused).toBeGreaterThan(0)
    expect(report.paid.orders + refused).toBe(day.invoices)
    expect(sums).toMatchObject(report.paid)
  })
})
