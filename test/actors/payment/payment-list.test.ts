import { describe, expect, it, onTestFinished } from 'vitest'
import { paymentStatuses } from '../../../src/actors/payment/payment-filter.ts'
import { createPaymentList } from '../../../src/actors/payment/payment-list.ts'
import { openDatabase } from '../../../src/persistence/database.ts'
import { createPaymentRows } from '../../../src/persistence/payment-rows.ts'
import { createDirectReader } from '../../../src/persistence/reader.ts'

/** A list over so many completed payments that looks at the newest three of a status. */
function boundedList(payments: number) {
  const database = openDatabase(':memory:', { timeZone: 'UTC', currency: 'EUR' })
  onTestFinished(() => void database.close())
  const insert = database.prepare(
    `INSERT INTO snapshots (kind, id, version, transition, state, checksum) VALUES ('payment', ?, 1, 1, ?, 0)`,
  )
  for (let id = 1; id <= payments; id += 1) {
    insert.run(`${id}`, JSON.stringify({ value: 'completed', context: { originalPrice: 100, resends: 0 } }))
  }
  return createPaymentList({
    rows: createPaymentRows(createDirectReader(database)),
    journal: () => [],
    payment: () => undefined,
    clock: { now: () => 0 },
    newestMax: 3,
  })
}

describe('A list of more payments than a filter looks at', () => {
  const all = { status: paymentStatuses }

  it('counts the newest and says so', () => {
    const list = boundedList(5)
    expect(list.counts(all)).toMatchObject({ total: 3, newestOnly: 3 })
    expect(list.counts({ ...all, amountMin: 100 })).toMatchObject({ total: 3, newestOnly: 3 })
    expect(boundedList(2).counts(all)).toMatchObject({ total: 2, newestOnly: null })
  })

  it('finds by a filter among the newest, by number any, and lists all that ask for nothing but a status', () => {
    const list = boundedList(5)
    expect(list.ids({ ...all, amountMin: 100 }, 9).ids).toEqual([5, 4, 3])
    expect(list.ids({ ...all, amountMin: 100, orderId: 1 }, 9).ids).toEqual([1])
    expect(list.ids(all, 9).ids).toEqual([5, 4, 3, 2, 1])
  })
})
