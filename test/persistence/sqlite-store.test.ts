import type { Database } from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { databasePath, openDatabase } from '../../src/persistence/database.ts'
import { ledgerChainBreaks } from '../../src/persistence/invariants/ledger-chain.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { createDirectWriter, createThreadWriter } from '../../src/persistence/writer.ts'
import { CommitRefused, type Store } from '../../src/runtime/store.ts'
import { everyRow } from '../runtime/open-test-runtime.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { at, batchOf, charge, envelope, event, journalEntry, snapshot, timer } from './batches.ts'

const settings = { timeZone: 'Asia/Seoul', currency: 'KRW' }
const subscribedTopics = new Set(['news'])

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A store on a file, and how to get another one on the same file. */
const ways = {
  'in place': (database: Database) => createDirectWriter(database),
  'in a thread': (_database: Database, path: string) =>
    createThreadWriter(path, { onWritten() {}, onLost: error => expect.fail(String(error)) }),
}

function openStore(way: keyof typeof ways = 'in place', directory = dataDirectory()) {
  const database = openDatabase(directory, settings)
  const writer = ways[way](database, databasePath(directory))
  const store: Store = createSqliteStore(database, { subscribedTopics, writer })
  closing.push(async () => {
    await writer.close()
    database.close()
  })
  return { database, store, again: () => openStore('in place', directory).store }
}

/** A row that can be there once. */
const issue = { table: 'coupon_issues', row: { coupon_id: 71, customer_id: 11, issued_at: at } }

const everything = batchOf({
  snapshots: [snapshot('1', 5)],
  rows: [issue],
  ledger: [charge(5, 5)],
  inbox: new Map([
    ['s', [{ actor: 'counter/1', name: 'add', message: { type: 'Add' }, reply: { type: 'Added' } }]],
  ]),
  journal: new Map([['saga', [journalEntry('m1')]]]),
  outbox: [event('e1'), event('e2', 'gossip')],
  timersSet: [timer('Ring', at + 1), timer('Late', at + 9)],
  mailboxAdded: [envelope('m2')],
  deadLetters: [{ envelope: envelope('m3'), error: 'poison', stack: '', at, refused: false }],
})

describe.each(Object.keys(ways) as (keyof typeof ways)[])('A commit %s', way => {
  it('makes all of a batch true, also for another process', async () => {
    const { store, again, database } = openStore(way)
    await store.commit(everything)
    for (const reader of [store, again()]) {
      expect(reader.snapshot('counter', '1')).toEqual(snapshot('1', 5))
      expect(reader.inbox('s')).toEqual(everything.inbox.get('s'))
      expect([
        reader.rowExists('coupon_issues', '71/11'),
        reader.rowExists('coupon_issues', '71/12'),
      ]).toEqual([true, false])
      expect(reader.mailbox()).toEqual([envelope('m2')])
      expect(reader.timers('counter/1')).toEqual([timer('Late', at + 9), timer('Ring', at + 1)])
      expect(reader.dueTimers(at + 1, 9)).toEqual([timer('Ring', at + 1)])
      expect(reader.nextDueAt()).toBe(at + 1)
    }
    expect(everyRow(database)).toMatchObject({
      ledger_lines: [
        { sequence: 1, entry: 1, account: 'wallet/11', amount: 5, total_after: 5 },
        { sequence: 2, entry: 1, account: 'cash-in', amount: -5, total_after: null },
      ],
      outbox: [
        { event_id: 'e1', next_attempt_at: at },
        { event_id: 'e2', next_attempt_at: null },
      ],
      dead_letters: [{ actor: 'counter/2', error: 'poison' }],
    })
  })

  it('of which one statement fails leaves nothing of the batch', async () => {
    const { store, database } = openStore(way)
    await store.commit(everything)
    const before = everyRow(database)
    const second = batchOf({
      snapshots: [snapshot('1', 6, 2), snapshot('2', 1)],
      ledger: [charge(1, 6)],
      timersRemoved: [timer('Ring', at + 1)],
      mailboxRemoved: ['m9'],
      rows: [issue],
    })
    await expect((async () => store.commit(second))()).rejects.toThrow(CommitRefused)
    expect(everyRow(database)).toEqual(before)
  })

  it('goes on with the chain of the ledger after a refused one, and in another process', async () => {
    const { store, again, database } = openStore(way)
    await store.commit(batchOf({ ledger: [charge(5, 5)] }))
    const refused = batchOf({ ledger: [charge(1, 6)], rows: [issue, issue] })
    await expect((async () => store.commit(refused))()).rejects.toThrow(CommitRefused)
    await store.commit(batchOf({ ledger: [charge(2, 7)] }))
    await again().commit(batchOf({ ledger: [charge(3, 10)] }))
    expect([...ledgerChainBreaks(database)]).toEqual([])
    expect(everyRow(database)['ledger_lines']).toMatchObject([
      { sequence: 1, entry: 1, amount: 5 },
      { sequence: 2, entry: 1, amount: -5 },
      { sequence: 3, entry: 2, amount: 2 },
      { sequence: 4, entry: 2, amount: -2 },
      { sequence: 5, entry: 3, amount: 3 },
      { sequence: 6, entry: 3, amount: -3 },
    ])
  })

  it('takes away what was handled, removed or forgotten', async () => {
    const { store, database } = openStore(way)
    const before = everyRow(database)
    await store.commit(batchOf({ ...everything, rows: [], ledger: [], outbox: [], deadLetters: [] }))
    await store.commit(
      batchOf({
        timersRemoved: [timer('Ring', 0), timer('Late', 0)],
        mailboxRemoved: ['m2'],
        forgotten: [{ actor: 'counter/1', correlationId: 'saga', scope: 's' }],
      }),
    )
    expect(everyRow(database)).toEqual(before)
  })
})

describe('A full disk', () => {
  it('refuses the commit, and the store goes on once there is room', async () => {
    const { store, database } = openStore()
    await store.commit(batchOf({ ledger: [charge(5, 5)] }))
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages}`)
    const large = batchOf({
      ledger: [charge(1, 6)],
      snapshots: [{ ...snapshot('1', 1), state: JSON.stringify('x'.repeat(100_000)) }],
    })
    expect(() => store.commit(large)).toThrow(CommitRefused)
    expect(() => store.commit(large)).toThrow('full')
    expect(store.snapshot('counter', '1')).toBeUndefined()
    database.pragma('max_page_count = 1000000')
    await store.commit(large)
    expect(store.snapshot('counter', '1')?.state).toHaveLength(100_002)
    expect([...ledgerChainBreaks(database)]).toEqual([])
  })
})

describe('A snapshot', () => {
  it.each([
    ['state', `'{"total":6}'`],
    ['version', '2'],
    ['transition', '7'],
    ['checksum', '1'],
  ])('whose %s was altered on disk is not read', async (column, value) => {
    const { store, database } = openStore()
    await store.commit(batchOf({ snapshots: [snapshot('1', 5)] }))
    database.exec(`UPDATE snapshots SET ${column} = ${value}`)
    expect(() => store.snapshot('counter', '1')).toThrow('counter/1 was altered on disk')
  })
})
