import { describe, expect, it } from 'vitest'
import { statistics } from '../../../src/actors/statistics/statistics.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type TestRuntime } from '../../runtime/open-test-runtime.ts'

const record = (paidAt: string, sales = [{ productId: 51, quantity: 2 }]) => ({
  type: 'RecordSale',
  orderId: 1001,
  paidAt: Date.parse(paidAt),
  sales,
})
const open = (timeZone = 'Asia/Seoul') => openTestRuntime({ actors: [erased(statistics(timeZone))] })

const rows = ({ database }: TestRuntime) =>
  database.prepare('SELECT product_id, day, quantity, order_id FROM sales ORDER BY sequence').raw().all()

describe('RecordSale', () => {
  it('counts the units of each product once, however many lines name it', async () => {
    const runtime = open()
    const sales = [
      { productId: 51, quantity: 2 },
      { productId: 52, quantity: 1 },
      { productId: 51, quantity: 3 },
    ]
    const answer = await runtime.run('statistics/1001', record('2026-01-05T03:00:00Z', sales))
    expect(answer).toEqual({ type: 'SaleRecorded' })
    expect(rows(runtime)).toEqual([
      [51, '2026-01-05', 5, 1001],
      [52, '2026-01-05', 1, 1001],
    ])
  })

  it.each([
    ['Asia/Seoul', '2026-01-05T14:59:59.999Z', '2026-01-05'],
    ['Asia/Seoul', '2026-01-05T15:00:00.000Z', '2026-01-06'],
    ['Asia/Seoul', '2025-12-31T15:00:00.000Z', '2026-01-01'],
    ['UTC', '2026-01-05T23:59:59.999Z', '2026-01-05'],
    ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
    ['Europe/London', '2026-03-29T23:00:00.000Z', '2026-03-30'],
    ['Europe/London', '2026-10-25T23:30:00.000Z', '2026-10-25'],
  ])('in %s at %s is of the day %s', async (timeZone, paidAt, day) => {
    const runtime = open(timeZone)
    await runtime.run('statistics/1001', record(paidAt))
    expect(rows(runtime)).toEqual([[51, day, 2, 1001]])
  })

  it('repeated counts once, also after a restart', async () => {
    const first = open()
    await first.run('statistics/1001', record('2026-01-05T03:00:00Z'))
    const second = first.crash()
    expect(await second.run('statistics/1001', record('2026-01-05T03:00:00Z'))).toEqual({
      type: 'SaleRecorded',
    })
    expect(rows(second)).toHaveLength(1)
  })
})

describe('ReverseSale', () => {
  const reverse = { ...record('2026-01-05T03:00:00Z'), type: 'ReverseSale' }

  it('takes the units off the day they were sold on', async () => {
    const runtime = open()
    await runtime.run('statistics/1001', record('2026-01-05T03:00:00Z'))
    expect(await runtime.run('statistics/1001', reverse)).toEqual({ type: 'SaleReversed' })
    expect(rows(runtime)).toEqual([
      [51, '2026-01-05', 2, 1001],
      [51, '2026-01-05', -2, 1001],
    ])
  })

  it('may come before the sale, which then still counts', async () => {
    const runtime = open()
    expect(await runtime.run('statistics/1001', reverse)).toEqual({ type: 'SaleReversed' })
    await runtime.run('statistics/1001', record('2026-01-05T03:00:00Z'))
    expect(rows(runtime)).toEqual([
      [51, '2026-01-05', -2, 1001],
      [51, '2026-01-05', 2, 1001],
    ])
  })
})
