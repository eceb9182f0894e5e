import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { createJournalRows } from '../../src/persistence/journal-rows.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { Damaged } from '../../src/runtime/store.ts'
import { at, batchOf, journalEntry } from './batches.ts'

let database: ReturnType<typeof openDatabase>
let rows: ReturnType<typeof createJournalRows>

beforeEach(() => {
  database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  rows = createJournalRows(createDirectReader(database))
})

async function commit(...sagas: string[]): Promise<void> {
  const store = createSqliteStore(database, { subscribedTopics: new Set() })
  for (const saga of sagas) {
    await store.commit(batchOf({ journal: new Map([[saga, [journalEntry(`of ${saga}`)]]]) }))
  }
}

const sequencesOf = (found: readonly { sequence: number }[]) => found.map(({ sequence }) => sequence)

describe('the rows of the journal', () => {
  it('come in the order they were committed, after a position and no more than asked for', async () => {
    await commit('order/1', 'order/2', 'order/1', 'order/3')
    expect(sequencesOf(rows.after(0, 10))).toEqual([1, 2, 3, 4])
    expect(sequencesOf(rows.after(1, 2))).toEqual([2, 3])
    expect(sequencesOf(rows.after(4, 10))).toEqual([])
    expect(rows.after(1, 1)[0]).toMatchObject({ saga: 'order/2', committedAt: at })
    expect(rows.after(1, 1)[0]?.entries()).toEqual([journalEntry('of order/2')])
  })

  it('are found by their saga', async () => {
    await commit('order/1', 'order/2', 'order/1', 'order/1')
    expect(sequencesOf(rows.ofSagaAfter('order/1', 1, 10))).toEqual([3, 4])
    expect(sequencesOf(rows.ofSagaAfter('order/1', 0, 1))).toEqual([1])
    expect(sequencesOf(rows.ofSagaAfter('order/9', 0, 10))).toEqual([])
  })

  it('begin and end somewhere, or are none', async () => {
    expect([rows.first(), rows.end()]).toEqual([undefined, 0])
    await commit('order/1', 'order/2', 'order/3')
    database.exec('DELETE FROM journal WHERE sequence = 1')
    expect([rows.first(), rows.end()]).toEqual([2, 3])
  })

  it('tell nothing that was altered on disk', async () => {
    await commit('order/1', 'order/2')
    database.exec("UPDATE journal SET saga = 'order/3' WHERE sequence = 1")
    const [altered, intact] = rows.after(0, 10)
    expect(() => altered?.entries()).toThrow(Damaged)
    expect(intact?.entries()).toHaveLength(1)
  })
})
