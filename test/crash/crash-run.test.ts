import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { RecoupProcess } from '../cli/recoup-process.ts'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { CrashRun } from './crash-run.ts'
import type { CustomerNotes } from './customer-notes.ts'
import { killReport } from './kill-report.ts'
import { loseCharge } from './lost-charge.ts'

/** Takes one acknowledged order, charge and coupon out of a database, and gives back what has to be missed. */
function take(directory: string, notes: readonly CustomerNotes[]): string[] {
  const [buyer, orderId] = acknowledged(notes, ({ orders }) => {
    return [...orders].find(([, { receipt }]) => receipt !== undefined)?.[0]
  })
  const [saver, amount] = acknowledged(notes, ({ charges }) => firstOf(charges))
  const [owner, couponId] = acknowledged(notes, ({ coupons }) => firstOf(coupons))
  const database = new Sqlite(join(directory, 'recoup.db'))
  const remove = (from: string, ...cells: unknown[]) =>
    expect(database.prepare(`DELETE FROM ${from}`).run(...cells).changes).toBeGreaterThan(0)
  remove("snapshots WHERE kind IN ('order', 'payment') AND id = ?", String(orderId))
  remove('customer_orders WHERE order_id = ?', orderId)
  loseCharge(database, saver, amount)
  remove('coupon_issues WHERE customer_id = ? AND coupon_id = ?', owner, couponId)
  database.close()
  return [
    `Customer ${buyer}: order ${orderId} is missing`,
    `Customer ${buyer}: payment ${orderId} is missing`,
    `Customer ${saver}: the charge of ${amount} is missing`,
    `Customer ${owner}: coupon ${couponId} is missing`,
  ]
}

/** The first customer for whom `find` finds something, and what it is. */
function acknowledged(
  notes: readonly CustomerNotes[],
  find: (notes: CustomerNotes) => number | undefined,
): [customerId: number, found: number] {
  for (const customer of notes) {
    const found = find(customer)
    if (found !== undefined) return [customer.customerId, found]
  }
  throw new Error('Nothing of the kind was acknowledged')
}

function firstOf(noted: ReadonlyMap<number, string>): number | undefined {
  return [...noted].find(([, state]) => state === 'acknowledged')?.[0]
}

it('A server that is killed again and again loses nothing it acknowledged; what is taken away is missed', async () => {
  using directory = temporaryDirectory()
  const run = new CrashRun({ directory: directory.path, kills: 3, seed: 7 })
  await run.run()
  expect(run.report.faults).toEqual([])
  expect(killReport(run.report).blindSpots).toEqual([])

  using copy = temporaryDirectory()
  cpSync(directory.path, copy.path, { recursive: true })
  const missing = take(copy.path, run.notes)
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', copy.path])
  await run.compare(await server.listening)
  expect(run.report.faults.toSorted()).toEqual(missing.toSorted())
}, 60_000)

it('A run in which nothing was cut or acknowledged is called blind', () => {
  const { report } = new CrashRun({ directory: '', kills: 1, seed: 1 })
  const { blindSpots } = killReport(report)
  expect(blindSpots).toContain('No kill hit while requests were in flight.')
  expect(blindSpots).toContain('Nothing was acknowledged.')
})
