import Sqlite from 'better-sqlite3'
import { type Envelope, idOf, kindOf } from '../runtime/envelope.ts'
import {
  type Batch,
  CommitRefused,
  type LedgerEntry,
  type OutboxEvent,
  type Snapshot,
  type Store,
  type Timer,
} from '../runtime/store.ts'
import { journalChecksum, ledgerHash, snapshotChecksum } from './checksum.ts'
import { packInbox, packJournal, unpackInbox } from './packing.ts'

/*
 * The runtime's store on SQLite: one connection, prepared statements, one transaction a batch. The only writer of the
 * database; it numbers and chains the ledger. Money and ids are integers from end to end.
 */

interface SnapshotRow extends Snapshot {
  readonly checksum: number
}

/** Errors that come before the commit point, so that nothing of the batch is there. */
const refusedCodes = new Set([
  'SQLITE_FULL',
  'SQLITE_BUSY',
  'SQLITE_NOMEM',
  'SQLITE_IOERR_WRITE',
  'SQLITE_READONLY',
])

export interface StoreOptions {
  /** The topics that somebody takes events of; an event of another is kept for a later replay and owed to nobody. */
  readonly subscribedTopics: ReadonlySet<string>
}

export function createSqliteStore(database: Sqlite.Database, { subscribedTopics }: StoreOptions): Store {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commitTransaction = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')

  const readSnapshot = database.prepare<[string, string], SnapshotRow>(
    'SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = ? AND id = ?',
  )
  const writeSnapshot = database.prepare(
    `INSERT INTO snapshots (kind, id, version, transition, state, checksum) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, transition = excluded.transition,
       state = excluded.state, checksum = excluded.checksum`,
  )
  const deleteSnapshot = database.prepare('DELETE FROM snapshots WHERE kind = ? AND id = ?')

  const readInbox = database.prepare<[string], { records: string }>(
    'SELECT records FROM inbox WHERE scope = ?',
  )
  const writeInbox = database.prepare('INSERT INTO inbox (scope, committed_at, records) VALUES (?, ?, ?)')
  const deleteInbox = database.prepare('DELETE FROM inbox WHERE scope = ?')

  const writeJournal = database.prepare(
    'INSERT INTO journal (saga, committed_at, entries, checksum) VALUES (?, ?, ?, ?)',
  )
  const deleteJournal = database.prepare('DELETE FROM journal WHERE saga = ?')

  const writeLedgerLine = database.prepare(
    `INSERT INTO ledger_lines (sequence, entry, account, amount, total_after, change_type, key, at, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const lastLine = database
    .prepare<[], { sequence: number; entry: number; hash: Buffer }>(
      'SELECT sequence, entry, hash FROM ledger_lines ORDER BY sequence DESC LIMIT 1',
    )
    .get()
  let ledgerEnd = lastLine ?? { sequence: 0, entry: 0, hash: Buffer.alloc(32) }

  const writeOutbox = database.prepare(
    `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at, next_attempt_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )

  const readTimers = database.prepare<[string], Timer>(`${selectTimers} WHERE actor = ?`)
  const readDueTimers = database.prepare<[number, number], Timer>(
    `${selectTimers} WHERE due_at <= ? ORDER BY due_at, actor LIMIT ?`,
  )
  const readNextDue = database.prepare<[], { dueAt: number | null }>(
    'SELECT min(due_at) AS dueAt FROM timers',
  )
  const writeTimer = database.prepare(
    'INSERT OR REPLACE INTO timers (actor, name, due_at, generation, correlation_id) VALUES (?, ?, ?, ?, ?)',
  )
  const deleteTimer = database.prepare('DELETE FROM timers WHERE actor = ? AND name = ?')

  const readMailbox = database.prepare<[], { envelope: string }>(
    'SELECT envelope FROM mailbox ORDER BY sequence',
  )
  const writeMailbox = database.prepare('INSERT INTO mailbox (id, envelope) VALUES (?, ?)')
  const deleteMailbox = database.prepare('DELETE FROM mailbox WHERE id = ?')

  const writeDeadLetter = database.prepare(
    'INSERT INTO dead_letters (actor, envelope, error, stack, at) VALUES (?, ?, ?, ?, ?)',
  )
  const tables = new Map<string, Table>()
  let durable = false

  function table(name: string): Table {
    let known = tables.get(name)
    if (known === undefined) {
      known = tableOf(database, name)
      tables.set(name, known)
    }
    return known
  }

  function writeLedger(entries: readonly LedgerEntry[]): typeof ledgerEnd {
    let { sequence, entry, hash } = ledgerEnd
    for (const { changeType, key, at, lines } of entries) {
      entry += 1
      for (const { account, amount, totalAfter = null } of lines) {
        sequence += 1
        hash = ledgerHash(hash, { sequence, entry, account, amount, totalAfter, changeType, key, at })
        writeLedgerLine.run(sequence, entry, account, amount, totalAfter, changeType, key, at, hash)
      }
    }
    return { sequence, entry, hash }
  }

  function writeOutboxEvent({ id, topic, key, message, correlationId, at }: OutboxEvent): void {
    const nextAttemptAt = subscribedTopics.has(topic) ? at : null
    writeOutbox.run(id, topic, key, JSON.stringify(message), correlationId, at, nextAttemptAt)
  }

  /** Everything of a batch; returns where the ledger ends after it. */
  function write(batch: Batch): typeof ledgerEnd {
    for (const { actor, correlationId, scope } of batch.forgotten) {
      deleteSnapshot.run(kindOf(actor), idOf(actor))
      deleteInbox.run(scope)
      deleteJournal.run(correlationId)
    }
    for (const snapshot of batch.snapshots) {
      const { kind, id, version, transition, state } = snapshot
      writeSnapshot.run(kind, id, version, transition, state, snapshotChecksum(snapshot))
    }
    for (const { table: name, row } of batch.rows) table(name).insert(row)
    const end = writeLedger(batch.ledger)
    for (const [scope, records] of batch.inbox) writeInbox.run(scope, batch.at, packInbox(records))
    for (const [saga, entries] of batch.journal) {
      const text = packJournal(entries)
      writeJournal.run(saga, batch.at, text, journalChecksum(saga, batch.at, text))
    }
    for (const event of batch.outbox) writeOutboxEvent(event)
    for (const { actor, name } of batch.timersRemoved) deleteTimer.run(actor, name)
    for (const { actor, name, dueAt, generation, correlationId } of batch.timersSet) {
      writeTimer.run(actor, name, dueAt, generation, correlationId)
    }
    for (const envelope of batch.mailboxAdded) writeMailbox.run(envelope.id, JSON.stringify(envelope))
    for (const id of batch.mailboxRemoved) deleteMailbox.run(id)
    for (const { envelope, error, stack, at } of batch.deadLetters) {
      writeDeadLetter.run(envelope.to, JSON.stringify(envelope), error, stack, at)
    }
    return end
  }

  return {
    snapshot(kind, id) {
      const row = readSnapshot.get(kind, id)
      if (row === undefined) return undefined
      const { checksum, ...snapshot } = row
      if (snapshotChecksum(snapshot) !== checksum) {
        throw new Error(`The snapshot of ${kind}/${id} was altered on disk`)
      }
      return snapshot
    },
    inbox: scope => readInbox.all(scope).flatMap(({ records }) => unpackInbox(records)),
    rowExists: (name, unique) => table(name).exists(unique),
    mailbox: () => readMailbox.all().map(({ envelope }) => JSON.parse(envelope) as Envelope),
    timers: actor => readTimers.all(actor),
    dueTimers: (now, limit) => readDueTimers.all(now, limit),
    nextDueAt: () => readNextDue.get()?.dueAt ?? undefined,

    commit(batch) {
      let end: typeof ledgerEnd
      try {
        begin.run()
        end = write(batch)
      } catch (error) {
        if (database.inTransaction) rollback.run()
        throw error instanceof Sqlite.SqliteError ? new CommitRefused(error.message, { cause: error }) : error
      }
      try {
        commitTransaction.run()
      } catch (error) {
        // SQLite says so when it gave up before the commit point; any other error leaves the outcome open.
        const refused = error instanceof Sqlite.SqliteError && refusedCodes.has(error.code)
        if (!refused || !database.inTransaction) throw error
        rollback.run()
        throw new CommitRefused(error.message, { cause: error })
      }
      ledgerEnd = end
      if (!durable) {
        // Only now does the pragma tell the truth: some builds fall back to NORMAL with the first transaction.
        durable = Number(database.pragma('synchronous', { simple: true })) === 2
        if (!durable) throw new Error('SQLite does not sync its commits (synchronous is not FULL)')
      }
    },
  }
}

const selectTimers =
  'SELECT actor, name, due_at AS dueAt, generation, correlation_id AS correlationId FROM timers'

interface Table {
  insert(row: Readonly<Record<string, string | number | null>>): void
  exists(unique: string): boolean
}

/** Inserts by column name, in the table's own order; a row is found by the values of its primary key, joined by `/`. */
function tableOf(database: Sqlite.Database, name: string): Table {
  const columns = database.pragma(`table_info(${name})`) as { name: string; pk: number }[]
  if (columns.length === 0) throw new Error(`There is no table ${name}`)
  const keys = columns.filter(({ pk }) => pk > 0)
  // A lone key column that a row leaves out is the rowid, which SQLite numbers by itself.
  const numbered = keys.length === 1 && keys[0]?.name === 'sequence'
  const given = columns.map(column => column.name).filter(column => !(numbered && column === 'sequence'))
  const insert = database.prepare(
    `INSERT INTO ${name} (${given.join(', ')}) VALUES (${given.map(() => '?').join(', ')})`,
  )
  const exists = database.prepare(
    `SELECT 1 FROM ${name} WHERE ${keys.map(key => `${key.name} = ?`).join(' AND ')}`,
  )
  return {
    insert: row => void insert.run(given.map(column => row[column])),
    exists: unique => exists.get(unique.split('/')) !== undefined,
  }
}
