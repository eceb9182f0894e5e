import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { dropExpired } from '../../src/persistence/retention.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { createDirectWriter } from '../../src/persistence/writer.ts'
import { everyRow } from '../runtime/open-test-runtime.ts'
import { at, batchOf, charge, event, journalEntry, snapshot } from './batches.ts'

const dayMs = 86_400_000

let database: ReturnType<typeof openDatabase>
const drop = (now: number) => dropExpired(createDirectWriter(database), now)
const left = () =>
  Object.fromEntries(Object.entries(everyRow(database)).map(([table, rows]) => [table, rows.length]))

beforeEach(async () => {
  database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  await createSqliteStore(database, { subscribedTopics: new Set(['news']) }).commit(
    batchOf({
      snapshots: [snapshot('1', 1)],
      rows: [
        {
          table: 'order_events',
          row: { order_id: 1001, sequence: 1, type: 'OrderCreated', status: 'CREATED', at, body: '{}' },
        },
      ],
      ledger: [charge(5, 5)],
      inbox: new Map([['s', [{ actor: 'counter/1', name: 'add', message: null, reply: null }]]]),
      journal: new Map([['saga', [journalEntry('m1')]]]),
      outbox: [event('owed'), event('not owed', 'gossip')],
    }),
  )
})

describe('Retention', () => {
  it.each([
    ['after 30 days nothing', 30 * dayMs, { inbox: 1, outbox: 2, journal: 1 }],
    [
      'after more the keys and the events that are not owed',
      30 * dayMs + 1,
      { inbox: 0, outbox: 1, journal: 1 },
    ],
    ['after 90 days no more', 90 * dayMs, { inbox: 0, outbox: 1, journal: 1 }],
    ['after more the journal', 90 * dayMs + 1, { inbox: 0, outbox: 1, journal: 0 }],
  ])('drops %s', async (_what, afterMs, rows) => {
    await drop(at + afterMs)
    expect(left()).toMatchObject(rows)
  })

  it('keeps the ledger, the events of orders, the state of actors, and what is still owed, for ever', async () => {
    await drop(at + 36_500 * dayMs)
    expect(left()).toMatchObject({ ledger_lines: 2, order_events: 1, snapshots: 1, outbox: 1 })
    expect(everyRow(database)['outbox']).toMatchObject([{ event_id: 'owed' }])
  })

  it('keeps an event that was parked until somebody has it delivered', async () => {
    database.exec(`UPDATE outbox SET parked_at = ${at}, outcome = 'parked: no' WHERE event_id = 'not owed'`)
    await drop(at + 36_500 * dayMs)
    expect(left()).toMatchObject({ outbox: 2 })
  })

  it('drops a part at a time, and all of it when it is called again and again', async () => {
    const fill = database.prepare(`INSERT INTO inbox (scope, committed_at, records) VALUES (?, ?, '[]')`)
    database.transaction(() => {
      for (let scope = 0; scope < 600; scope += 1) fill.run(String(scope), at)
    })()
    const counts = []
    for (let call = 0; call < 2; call += 1) {
      await drop(at + 31 * dayMs)
      counts.push(left()['inbox'])
    }
    expect(counts).toEqual([101, 0])
  })
})
