import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createReadSide } from '../../src/persistence/read-side.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createShopRows } from '../../src/persistence/shop-rows.ts'
import { Damaged } from '../../src/runtime/store.ts'
import { eventfulDatabase } from './invariants/eventful-shop.ts'

const whole = { after: undefined, limit: 100 }

function damaged(alter: string) {
  const database: Database = eventfulDatabase()
  const reader = createDirectReader(database)
  const readSide = createReadSide(reader)
  const { walletLines } = createShopRows(
    reader,
    id => (readSide.state('balance', id) as { amount: number }).amount,
  )
  expect(readSide.walletHistory(11, whole)).toHaveLength(3)
  expect(walletLines(11, whole)).toEqual(readSide.walletHistory(11, whole).toReversed())
  expect(readSide.walletHistory(11, { after: undefined, limit: 2 })).toHaveLength(2)
  expect(readSide.journal('order/1001').length).toBeGreaterThan(5)
  expect(database.prepare(alter).run().changes).toBeGreaterThan(0)
  return { ...readSide, walletLines }
}

describe('The history of a wallet', () => {
  // Lines 1 and 2 are the charge of wallet 11, 3 and 4 that of wallet 12, 5 to 7 the payment of wallet 11.
  it.each([
    ['an amount', 'UPDATE ledger_lines SET amount = amount - 1 WHERE sequence = 5'],
    ['a total', 'UPDATE ledger_lines SET total_after = total_after + 1 WHERE sequence = 5'],
    ['a time', 'UPDATE ledger_lines SET at = at + 1 WHERE sequence = 1'],
    ['a hash', 'UPDATE ledger_lines SET hash = zeroblob(32) WHERE sequence = 4'],
    ['the entry of a line', 'UPDATE ledger_lines SET entry = entry + 8 WHERE sequence = 5'],
    ['the entry of the line beside it', 'UPDATE ledger_lines SET entry = entry + 8 WHERE sequence = 6'],
    ['the line beside it', 'UPDATE ledger_lines SET amount = amount + 1 WHERE sequence = 7'],
    ['whose wallet a line is', "UPDATE ledger_lines SET account = 'wallet/13' WHERE sequence = 5"],
    ['that a line has a total', 'UPDATE ledger_lines SET total_after = NULL WHERE sequence = 5'],
    ['the place of a line', 'UPDATE ledger_lines SET sequence = 500 WHERE sequence = 5'],
    ['that a line is there', 'DELETE FROM ledger_lines WHERE sequence = 5'],
    [
      'that the last line is there',
      `DELETE FROM ledger_lines WHERE sequence >= (SELECT max(sequence) FROM ledger_lines WHERE account = 'wallet/11')`,
    ],
    ['what the wallet holds', "UPDATE snapshots SET state = replace(state, '5300', '5301') WHERE id = '11'"],
  ])('is not told when %s was altered', (_what, alter) => {
    const { walletHistory, walletLines } = damaged(alter)
    expect(() => walletHistory(11, whole)).toThrow(Damaged)
    expect(() => walletLines(11, whole)).toThrow(Damaged)
  })

  it('of which only another page was altered is told', () => {
    const { walletHistory, walletLines } = damaged(
      'UPDATE ledger_lines SET amount = amount - 1 WHERE sequence = 5',
    )
    expect(walletHistory(11, { after: undefined, limit: 1 })).toHaveLength(1)
    expect(walletLines(11, { after: 5, limit: 1 })).toHaveLength(1)
  })

  it('of another wallet is told', () => {
    const readSide = damaged('UPDATE ledger_lines SET amount = amount - 1 WHERE sequence = 6')
    expect(readSide.walletHistory(12, whole)).toHaveLength(4)
  })
})

describe('The journal of an order', () => {
  const firstOf = `(SELECT min(sequence) FROM journal WHERE saga = 'order/1001')`
  it.each([
    ['an entry', `UPDATE journal SET entries = entries || ' ' WHERE sequence = ${firstOf}`],
    ['a time', `UPDATE journal SET committed_at = 0 WHERE sequence = ${firstOf}`],
    [
      'whose row it is',
      `UPDATE journal SET saga = 'order/1002' WHERE sequence = (SELECT sequence FROM journal
        WHERE saga = 'order/1001' AND entries LIKE '%PayOrder%')`,
    ],
    [
      'that its last row is there',
      `DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal WHERE saga = 'order/1001')`,
    ],
    [
      'the order of its rows',
      `UPDATE journal SET sequence = 10000 WHERE sequence = (SELECT sequence FROM journal
        WHERE saga = 'order/1001' AND entries LIKE '%PayOrder%')`,
    ],
  ])('is not told when %s was altered', (_what, alter) => {
    expect(() => damaged(alter).journal('order/1001')).toThrow(
      /^The journal of order\/1001 was altered on disk/,
    )
  })

  it('of which retention has dropped the oldest rows is told', () => {
    const database: Database = eventfulDatabase()
    const { journal } = createReadSide(createDirectReader(database))
    for (let left = journal('order/1001').length; left > 0; ) {
      database.exec('DELETE FROM journal WHERE sequence = (SELECT min(sequence) FROM journal)')
      left = journal('order/1001').length
    }
    expect(journal('order/1001')).toEqual([])
  })
})
