import type Sqlite from 'better-sqlite3'
import { type Envelope, idOf, kindOf } from '../runtime/envelope.ts'
import { type Batch, CommitRefused, type Store, type Timer } from '../runtime/store.ts'
import { appendedColumns, type Calls, codeOf, type Operation, type Outcome } from './batch-writer.ts'
import { intactSnapshot, type StoredSnapshot } from './intact-snapshot.ts'
import { packInbox, packJournal, unpackInbox } from './packing.ts'
import { createDirectReader, type Reader } from './reader.ts'
import { createDirectWriter, type Writer } from './writer.ts'

/*
 * The runtime's store on SQLite: reads through one connection, writes through the one writer. Money and ids are integers
 * from end to end.
 */

export interface StoreOptions {
  /** The topics that somebody takes events of; an event of another is kept for a later replay and owed to nobody. */
  readonly subscribedTopics: ReadonlySet<string>
  /** Writes in place, through the same connection, unless given. */
  readonly writer?: Writer
  /** Reads through the same connection as it writes, unless given. */
  readonly reader?: Reader
}

export function createSqliteStore(
  database: Sqlite.Database,
  {
    subscribedTopics,
    writer = createDirectWriter(database),
    reader = createDirectReader(database),
  }: StoreOptions,
): Store {
  const readSnapshot = reader.prepare<[string, string], StoredSnapshot>(
    'SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = ? AND id = ?',
  )
  // In the order they were written: an answer that came later is a second record of its command.
  const readInbox = reader.prepare<[string], { records: string }>(
    'SELECT records FROM inbox WHERE scope = ? ORDER BY rowid',
  )
  const readTimers = reader.prepare<[string], Timer>(`${selectTimers} WHERE actor = ?`)
  const readDueTimers = reader.prepare<[number, number], Timer>(
    `${selectTimers} WHERE due_at <= ? AND ${notSuspended} ORDER BY due_at, actor LIMIT ?`,
  )
  const readNextDue = reader.prepare<[], { dueAt: number }>(
    `SELECT due_at AS dueAt FROM timers WHERE ${notSuspended} ORDER BY due_at LIMIT 1`,
  )
  const readSuspended = reader.prepare<[], { actor: string }>(
    'SELECT DISTINCT actor FROM dead_letters WHERE resolution IS NULL',
  )
  const readDeadLetter = reader.prepare<[number], { envelope: string }>(
    'SELECT envelope FROM dead_letters WHERE sequence = ? AND resolution IS NULL',
  )
  const readJournalEnd = reader.prepare<[], { sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM journal',
  )
  const readMailbox = reader.prepare<[], { envelope: string }>(
    'SELECT envelope FROM mailbox ORDER BY sequence',
  )
  const existence = new Map<string, Pick<Sqlite.Statement<string[]>, 'get'>>()

  /** Finds a row by the values of its primary key, joined by `/`. */
  function existsStatement(table: string): Pick<Sqlite.Statement<string[]>, 'get'> {
    let statement = existence.get(table)
    if (statement === undefined) {
      const columns = database.pragma(`table_info(${table})`) as { name: string; pk: number }[]
      const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => `${name} = ?`)
      statement = reader.prepare<string[], unknown>(`SELECT 1 FROM ${table} WHERE ${keys.join(' AND ')}`)
      existence.set(table, statement)
    }
    return statement
  }

  return {
    snapshot(kind, id) {
      const row = readSnapshot.get(kind, id)
      return row && intactSnapshot(row)
    },
    inbox: scope => readInbox.all(scope).flatMap(({ records }) => unpackInbox(records)),
    rowExists: (table, unique) => existsStatement(table).get(...unique.split('/')) !== undefined,
    mailbox: () => readMailbox.all().map(({ envelope }) => JSON.parse(envelope) as Envelope),
    suspended: () => readSuspended.all().map(({ actor }) => actor),
    deadLetter(id) {
      const row = readDeadLetter.get(id)
      return row && (JSON.parse(row.envelope) as Envelope)
    },
    timers: actor => readTimers.all(actor),
    dueTimers: (now, limit) => readDueTimers.all(now, limit),
    nextDueAt: () => readNextDue.get()?.dueAt,
    journalEnd: () => readJournalEnd.get()?.sequence ?? 0,

    commit(batch) {
      const outcome = writer.write(callsOf(batch, subscribedTopics))
      return outcome instanceof Promise ? outcome.then(assertWritten) : assertWritten(outcome)
    },
  }
}

const notSuspended = 'actor NOT IN (SELECT actor FROM dead_letters WHERE resolution IS NULL)'

const selectTimers =
  'SELECT actor, name, due_at AS dueAt, generation, correlation_id AS correlationId FROM timers'

function assertWritten(outcome: Outcome): void {
  if (outcome.type === 'refused') throw new CommitRefused(outcome.reason)
  if (outcome.type === 'indeterminate') throw new Error(outcome.reason)
}

/** A batch as calls of the writer. */
function callsOf(batch: Batch, subscribedTopics: ReadonlySet<string>): Calls {
  const calls: (string | number | null)[] = []
  const call = (operation: Operation, ...cells: (string | number | null)[]) => {
    calls.push(codeOf(operation), ...cells)
  }
  for (const { actor, correlationId, scope } of batch.forgotten) {
    call('forgetSnapshot', kindOf(actor), idOf(actor))
    call('forgetInbox', scope)
    call('forgetJournal', correlationId)
  }
  for (const { kind, id, version, transition, state } of batch.snapshots) {
    call('snapshot', kind, id, version, transition, state)
  }
  for (const { table, row } of batch.rows) {
    const columns = appendedColumns[table as keyof typeof appendedColumns]
    calls.push(codeOf(table as keyof typeof appendedColumns))
    for (const column of columns) calls.push(row[column] ?? null)
  }
  for (const { changeType, key, at, lines } of batch.ledger) {
    call('entry')
    for (const { account, amount, totalAfter = null } of lines) {
      call('ledgerLine', account, amount, totalAfter, changeType, key, at)
    }
  }
  for (const [scope, records] of batch.inbox) call('inbox', scope, batch.at, packInbox(records))
  for (const [saga, entries] of batch.journal) call('journal', saga, batch.at, packJournal(entries))
  for (const { id, topic, key, message, correlationId, at } of batch.outbox) {
    const nextAttemptAt = subscribedTopics.has(topic) ? at : null
    call('outbox', id, topic, key, JSON.stringify(message), correlationId, at, nextAttemptAt)
  }
  for (const { actor, name } of batch.timersRemoved) call('timerRemoved', actor, name)
  for (const { actor, name, dueAt, generation, correlationId } of batch.timersSet) {
    call('timer', actor, name, dueAt, generation, correlationId)
  }
  for (const envelope of batch.mailboxAdded) call('mailbox', envelope.id, JSON.stringify(envelope))
  for (const id of batch.mailboxRemoved) call('mailboxRemoved', id)
  for (const { envelope, error, stack, at, refused } of batch.deadLetters) {
    const resolved = refused ? (['REFUSED', at] as const) : ([null, null] as const)
    call('deadLetter', envelope.to, JSON.stringify(envelope), error, stack, at, ...resolved)
  }
  for (const { id, resolution } of batch.deadLettersResolved) {
    call('deadLetterResolved', resolution, batch.at, id)
  }
  for (const { at, operator, action, subject, reason, outcome } of batch.audit) {
    call('audit', at, operator, action, subject, reason, outcome)
  }
  return calls
}
