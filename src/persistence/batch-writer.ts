import Sqlite from 'better-sqlite3'
import { auditHash, chainStart, journalChecksum, ledgerHash, snapshotChecksum } from './checksum.ts'

/*
 * The only code that writes to the database of a running shop. A batch comes as a flat list of calls, so that it can
 * cross to another thread cheaply: the place of an operation in `operations`, then its arguments. It numbers the journal
 * and numbers and chains the ledger and the audit log, which is why there can be only one.
 */

type Cell = string | number | null
/** Operation, arguments, operation, arguments … */
export type Calls = readonly Cell[]

/** What became of a batch: written; refused, so that nothing of it is there; or nobody knows. */
export type Outcome =
  | { readonly type: 'written' }
  | { readonly type: 'refused' | 'indeterminate'; readonly reason: string }

/** The tables that steps append to, with the columns an appended row gives, in order. */
export const appendedColumns = {
  order_events: ['order_id', 'sequence', 'type', 'status', 'at', 'body'],
  customer_orders: ['customer_id', 'order_id'],
  products: ['product_id', 'name', 'base_price', 'searched_name'],
  product_options: ['option_id', 'product_id', 'option_name', 'extra_price'],
  stock_movements: ['option_id', 'movement', 'quantity', 'key', 'at'],
  coupon_campaigns: ['coupon_id', 'opens_at', 'closes_at'],
  coupon_issues: ['coupon_id', 'customer_id', 'issued_at'],
  sales: ['product_id', 'day', 'quantity', 'order_id'],
  usernames: ['username_key', 'customer_id'],
} as const satisfies Record<string, readonly string[]>

/** Of those, the tables with one row per thing: what is appended takes the place of the row with its key. */
const replacedTables = new Set<string>([
  'products',
  'product_options',
  'coupon_campaigns',
] satisfies (keyof typeof appendedColumns)[])

const insertSql = (table: string, columns: readonly string[]) =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

/** Statements that take their arguments as they come. */
const plainStatements = {
  forgetSnapshot: 'DELETE FROM snapshots WHERE kind = ? AND id = ?',
  forgetInbox: 'DELETE FROM inbox WHERE scope = ?',
  forgetJournal: 'DELETE FROM journal WHERE saga = ?',
  inbox: insertSql('inbox', ['scope', 'committed_at', 'records']),
  outbox: insertSql('outbox', [
    'event_id',
    'topic',
    'key',
    'message',
    'correlation_id',
    'created_at',
    'next_attempt_at',
  ]),
  outboxSettled:
    'UPDATE outbox SET next_attempt_at = NULL, attempts = attempts + 1, outcome = ? WHERE sequence = ?',
  outboxRetry:
    'UPDATE outbox SET next_attempt_at = ?, attempts = attempts + 1, outcome = ? WHERE sequence = ?',
  outboxParked: `UPDATE outbox SET next_attempt_at = NULL, parked_at = ?, attempts = attempts + 1, outcome = ?
    WHERE sequence = ?`,
  outboxReplayed: `UPDATE outbox SET next_attempt_at = ?, parked_at = NULL, attempts = 0, outcome = NULL
    WHERE sequence = ?`,
  timer: `INSERT OR REPLACE INTO timers (actor, name, due_at, generation, correlation_id) VALUES (?, ?, ?, ?, ?)`,
  timerRemoved: 'DELETE FROM timers WHERE actor = ? AND name = ?',
  // A message that came twice is kept once.
  mailbox: 'INSERT OR IGNORE INTO mailbox (id, envelope) VALUES (?, ?)',
  mailboxRemoved: 'DELETE FROM mailbox WHERE id = ?',
  deadLetter: insertSql('dead_letters', [
    'actor',
    'envelope',
    'error',
    'stack',
    'at',
    'resolution',
    'resolved_at',
  ]),
  deadLetterResolved: 'UPDATE dead_letters SET resolution = ?, resolved_at = ? WHERE sequence = ?',
  // A changed password ends the sessions that were begun with the one before.
  credentials: `INSERT INTO credentials (customer_id, password_hash) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET password_hash = excluded.password_hash, session_epoch = session_epoch + 1`,
  rehash: 'UPDATE credentials SET password_hash = ? WHERE customer_id = ? AND password_hash = ?',
  sessionsEnded: 'UPDATE credentials SET session_epoch = session_epoch + 1 WHERE customer_id = ?',
  profile: 'INSERT OR REPLACE INTO profiles (customer_id, display_name, email, phone) VALUES (?, ?, ?, ?)',
  profileErased: 'DELETE FROM profiles WHERE customer_id = ?',
  session: insertSql('sessions', [
    'token_hash',
    'customer_id',
    'session_epoch',
    'created_at',
    'last_seen_at',
  ]),
  sessionSeen: 'UPDATE sessions SET last_seen_at = ? WHERE token_hash = ?',
  sessionRemoved: 'DELETE FROM sessions WHERE token_hash = ?',
  dropSessions: `DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions
    WHERE last_seen_at < ? ORDER BY last_seen_at LIMIT ?)`,
  dropCredentials: 'DELETE FROM credentials WHERE customer_id NOT IN (SELECT customer_id FROM usernames)',
  dropProfiles: 'DELETE FROM profiles WHERE customer_id NOT IN (SELECT customer_id FROM usernames)',
  dropJournal:
    'DELETE FROM journal WHERE sequence IN (SELECT sequence FROM journal WHERE committed_at < ? ORDER BY sequence LIMIT ?)',
  dropInbox:
    'DELETE FROM inbox WHERE rowid IN (SELECT rowid FROM inbox WHERE committed_at < ? ORDER BY rowid LIMIT ?)',
  dropOutbox: `DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox
    WHERE created_at < ? AND next_attempt_at IS NULL AND parked_at IS NULL ORDER BY sequence LIMIT ?)`,
  ...(Object.fromEntries(
    Object.entries(appendedColumns).map(([table, columns]) => [
      table,
      replacedTables.has(table)
        ? insertSql(table, columns).replace('INSERT', 'INSERT OR REPLACE')
        : insertSql(table, columns),
    ]),
  ) as Record<keyof typeof appendedColumns, string>),
}

type Plain = keyof typeof plainStatements
export type Operation = Plain | 'snapshot' | 'journal' | 'entry' | 'ledgerLine' | 'audit'

/** Every operation with how many arguments it takes; the place in this list is its code. */
const operations: readonly (readonly [Operation, number])[] = [
  ['snapshot', 5],
  ['journal', 3],
  ['entry', 0],
  ['ledgerLine', 6],
  ['audit', 6],
  ...Object.entries(plainStatements).map(
    ([name, sql]) => [name as Plain, sql.split('?').length - 1] as const,
  ),
]

const codes = new Map(operations.map(([name], code) => [name, code]))

/** The code of an operation, for the front of its arguments. */
export function codeOf(operation: Operation): number {
  const code = codes.get(operation)
  if (code === undefined) throw new Error(`There is no operation ${operation}`)
  return code
}

/**
 * Errors of a COMMIT whose frames could not all be written to the log: the last one, which makes the others count, is not
 * there. SQLite has then rolled back by itself.
 */
const unwrittenCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE'])

/** Errors that come before the commit point when the transaction is still open after them. */
const refusedCodes = new Set(['SQLITE_BUSY', 'SQLITE_NOMEM', 'SQLITE_READONLY'])

interface Ends {
  readonly ledger: { readonly sequence: number; readonly entry: number; readonly hash: Buffer }
  readonly audit: { readonly sequence: number; readonly hash: Buffer }
  readonly journal: number
}

/** The last row of a table, with its sequence. */
function lastOf<Row>(database: Sqlite.Database, columnsOfTable: string) {
  return database
    .prepare<[], Row & { sequence: number }>(
      `SELECT sequence, ${columnsOfTable} ORDER BY sequence DESC LIMIT 1`,
    )
    .get()
}

/** Writes batches through `database`, each in one transaction of its own. */
export function createBatchWriter(database: Sqlite.Database): (calls: Calls) => Outcome {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const snapshot = database.prepare(
    `INSERT INTO snapshots (kind, id, version, transition, state, checksum) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, transition = excluded.transition,
       state = excluded.state, checksum = excluded.checksum`,
  )
  const journal = database.prepare(
    insertSql('journal', ['sequence', 'saga', 'committed_at', 'entries', 'checksum']),
  )
  const ledgerLine = database.prepare(
    insertSql('ledger_lines', [
      'sequence',
      'entry',
      'account',
      'amount',
      'total_after',
      'change_type',
      'key',
      'at',
      'hash',
    ]),
  )
  const auditRow = database.prepare(
    insertSql('audit_log', ['sequence', 'at', 'operator', 'action', 'subject', 'reason', 'outcome', 'hash']),
  )
  /** The last row of each table that is numbered here. */
  let ends: Ends = {
    ledger: lastOf<Omit<Ends['ledger'], 'sequence'>>(database, 'entry, hash FROM ledger_lines') ?? {
      sequence: 0,
      entry: 0,
      hash: chainStart,
    },
    audit: lastOf<{ hash: Buffer }>(database, 'hash FROM audit_log') ?? { sequence: 0, hash: chainStart },
    journal: lastOf<unknown>(database, 'saga FROM journal')?.sequence ?? 0,
  }
  let durable = false

  const run: Record<Exclude<Operation, Plain>, (...cells: never[]) => void> = {
    snapshot(kind: string, id: string, version: number, transition: number, state: string) {
      snapshot.run(
        kind,
        id,
        version,
        transition,
        state,
        snapshotChecksum({ kind, id, version, transition, state }),
      )
    },
    journal(saga: string, committedAt: number, entries: string) {
      const sequence = ends.journal + 1
      journal.run(sequence, saga, committedAt, entries, journalChecksum(sequence, saga, committedAt, entries))
      ends = { ...ends, journal: sequence }
    },
    entry() {
      ends = { ...ends, ledger: { ...ends.ledger, entry: ends.ledger.entry + 1 } }
    },
    ledgerLine(
      account: string,
      amount: number,
      totalAfter: number | null,
      changeType: string,
      key: string,
      at: number,
    ) {
      const { entry } = ends.ledger
      const sequence = ends.ledger.sequence + 1
      const hash = ledgerHash(ends.ledger.hash, {
        sequence,
        entry,
        account,
        amount,
        totalAfter,
        changeType,
        key,
        at,
      })
      ledgerLine.run(sequence, entry, account, amount, totalAfter, changeType, key, at, hash)
      ends = { ...ends, ledger: { sequence, entry, hash } }
    },
    audit(at: number, operator: string, action: string, subject: string, reason: string, outcome: string) {
      const sequence = ends.audit.sequence + 1
      const row = { sequence, at, operator, action, subject, reason, outcome }
      const hash = auditHash(ends.audit.hash, row)
      auditRow.run(sequence, at, operator, action, subject, reason, outcome, hash)
      ends = { ...ends, audit: { sequence, hash } }
    },
  }
  const runners = operations.map(([name]) => {
    if (name in run) return run[name as keyof typeof run] as (...cells: Cell[]) => unknown
    const statement = database.prepare(plainStatements[name as Plain])
    return (...cells: Cell[]) => statement.run(...cells)
  })

  function runAll(calls: Calls): void {
    for (let place = 0; place < calls.length; ) {
      const code = calls[place] as number
      const next = place + 1 + (operations[code]?.[1] ?? 0)
      runners[code]?.(...calls.slice(place + 1, next))
      place = next
    }
  }

  return calls => {
    const before = ends
    try {
      begin.run()
      runAll(calls)
    } catch (error) {
      if (database.inTransaction) rollback.run()
      ends = before
      return { type: 'refused', reason: String(error) }
    }
    try {
      commit.run()
    } catch (error) {
      ends = before
      // SQLite says so when it gave up before the commit point; any other error leaves the outcome open.
      const { code } = error instanceof Sqlite.SqliteError ? error : { code: '' }
      const refused = unwrittenCodes.has(code) || (refusedCodes.has(code) && database.inTransaction)
      if (refused && database.inTransaction) rollback.run()
      return { type: refused ? 'refused' : 'indeterminate', reason: String(error) }
    }
    if (!durable) {
      // Only now does the pragma tell the truth: some builds fall back to NORMAL with the first transaction.
      durable = Number(database.pragma('synchronous', { simple: true })) === 2
      if (!durable) return { type: 'indeterminate', reason: 'SQLite does not sync its commits' }
    }
    return { type: 'written' }
  }
}
