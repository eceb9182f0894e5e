import { expect, it } from 'vitest'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { CustomerNotes } from '../crash/customer-notes.ts'
import { blindSpots } from './backup-report.ts'
import { BackupRun } from './backup-run.ts'
import { expectedBetween } from './expected-notes.ts'

it('Backups of a busy server hold what was acknowledged before and nothing from after; a copied file does not', async () => {
  using directory = temporaryDirectory()
  const run = new BackupRun({ directory: directory.path, backups: 2, seed: 3, clientsAtOnce: 8 })
  await run.run()
  expect(run.report.faults).toEqual([])
  expect(blindSpots(run.report)).toEqual([])
  expect(run.report).toMatchObject({ controls: 1, controlsCaught: 1 })
  expect(run.report.records).toHaveLength(2)
}, 180_000)

it('A run in which nobody paid, or no control was found out, is called blind', () => {
  const { report } = new BackupRun({ directory: '', backups: 1, seed: 1 })
  expect(blindSpots(report)).toContain('Nobody paid while a backup was taken.')
  expect(blindSpots({ ...report, controls: 3 })).toContain('No copy of the file alone was found out.')
})

it('What was asked for while a backup is taken may be in it, what was asked for later may not', () => {
  const before = new CustomerNotes(1)
  before.sent({ type: 'charge', amount: 100 })
  before.answered({ type: 'charge', amount: 100 }, { status: 200, body: {}, replayed: false })
  const after = new CustomerNotes(1)
  for (const amount of [100, 101]) after.sent({ type: 'charge', amount })
  const body = { orderId: 7, totalPrice: 5 }
  after.answered({ type: 'order', items: [] }, { status: 201, body, replayed: false })
  const expected = expectedBetween(before, after, false)
  after.sent({ type: 'charge', amount: 102 })
  expect([...expected.charges]).toEqual([
    [100, 'acknowledged'],
    [101, 'sent'],
  ])
  expect([expected.orders.size, expected.ordersUnanswered]).toEqual([0, 1])
  expect(expectedBetween(before, after, true).ordersUnanswered).toBe(2)
})
