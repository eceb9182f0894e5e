import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { createReadSide } from '../../src/persistence/read-side.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import type { Store } from '../../src/runtime/store.ts'
import { at, batchOf, journalEntry, snapshot } from './batches.ts'

let database: ReturnType<typeof openDatabase>
let store: Store
let readSide: ReturnType<typeof createReadSide>

beforeEach(() => {
  database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  store = createSqliteStore(database, { subscribedTopics: new Set() })
  readSide = createReadSide(createDirectReader(database))
})

describe('state', () => {
  it('is what was committed last', async () => {
    await store.commit(batchOf({ snapshots: [snapshot('1', 5)] }))
    await store.commit(batchOf({ snapshots: [snapshot('1', 6, 2)] }))
    expect(readSide.state('counter', 1)).toEqual({ total: 6 })
    expect(readSide.state('counter', 2)).toBeUndefined()
  })

  it('that was altered on disk is not told', async () => {
    await store.commit(batchOf({ snapshots: [snapshot('1', 5)] }))
    database.exec(`UPDATE snapshots SET state = '{"total":1000}'`)
    expect(() => readSide.state('counter', 1)).toThrow('The snapshot of counter/1 was altered on disk')
  })
})

describe('journal', () => {
  const entries = (...ids: string[]) => batchOf({ journal: new Map([['saga', ids.map(journalEntry)]]) })

  it('tells every entry of a saga in order, over several commits', async () => {
    await store.commit(entries('m1', 'm2'))
    await store.commit(entries('m3'))
    expect(readSide.journal('saga')).toEqual(['m1', 'm2', 'm3'].map(journalEntry))
    expect(readSide.journal('another')).toEqual([])
  })

  it('keeps what an entry says, and what it does not say', async () => {
    const { transition: _transition, patch: _patch, ...late } = journalEntry('m1')
    const moved = { ...journalEntry('m2'), actor: 'counter/2', at: at + 5, state: { paying: 'usingCoupon' } }
    const told = [{ ...late, inSaga: false }, moved]
    await store.commit(batchOf({ journal: new Map([['saga', told]]) }))
    expect(readSide.journal('saga')).toEqual(told)
  })

  it('that was altered on disk is not told', async () => {
    await store.commit(entries('m1'))
    database.exec(`UPDATE journal SET entries = replace(entries, '"amount":1', '"amount":2')`)
    expect(() => readSide.journal('saga')).toThrow('The journal of saga was altered on disk')
  })
})

describe('lastId', () => {
  it('is 0 in an empty database, and that of the newest order', async () => {
    expect(readSide.lastId()).toBe(0)
    const row = { sequence: 1, type: 'OrderCreated', status: 'CREATED', at, body: '{}' }
    const rows = [1002, 1001].map(order_id => ({ table: 'order_events', row: { order_id, ...row } }))
    await store.commit(batchOf({ rows }))
    expect(readSide.lastId()).toBe(1002)
  })

  it('is that of whatever was numbered last', async () => {
    const product = { product_id: 2001, name: 'Cup', base_price: 1, searched_name: 'CUP' }
    const option = { option_id: 2002, product_id: 2001, option_name: 'red', extra_price: 0 }
    await store.commit(batchOf({ rows: [{ table: 'products', row: product }] }))
    expect(readSide.lastId()).toBe(2001)
    await store.commit(batchOf({ rows: [{ table: 'product_options', row: option }] }))
    expect(readSide.lastId()).toBe(2002)
    for (const [at, kind] of ['coupon', 'customer', 'counter'].entries())
      await store.commit(batchOf({ snapshots: [{ ...snapshot(`${2003 + at}`, 5), kind }] }))
    expect(readSide.lastId()).toBe(2004)
  })

  it('is not so high that no ids would be left, whatever a profile has numbered', async () => {
    const product = { product_id: Number.MAX_SAFE_INTEGER, name: 'Cup', base_price: 1, searched_name: 'CUP' }
    await store.commit(batchOf({ rows: [{ table: 'products', row: product }] }))
    expect(readSide.lastId()).toBe(0)
  })
})
