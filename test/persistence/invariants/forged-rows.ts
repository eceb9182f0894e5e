import type { Database } from 'better-sqlite3'
import { expect } from 'vitest'
import {
  auditHash,
  chainStart,
  journalChecksum,
  ledgerHash,
  type StoredLedgerLine,
  snapshotChecksum,
} from '../../../src/persistence/checksum.ts'
import type { Snapshot } from '../../../src/runtime/store.ts'

/** Changes an actor by JSON path and makes its checksum fit. */
export function setState(
  database: Database,
  address: string,
  changes: Readonly<Record<string, unknown>>,
): void {
  const [kind, id] = address.split('/')
  const set = database.prepare(
    'UPDATE snapshots SET state = json_set(state, ?, json(?)) WHERE kind = ? AND id = ?',
  )
  for (const [path, value] of Object.entries(changes)) set.run(`$.${path}`, JSON.stringify(value), kind, id)
  const row = database.prepare('SELECT * FROM snapshots WHERE kind = ? AND id = ?').get(kind, id) as Snapshot
  const resum = database.prepare('UPDATE snapshots SET checksum = ? WHERE kind = ? AND id = ?')
  expect(resum.run(snapshotChecksum(row), kind, id).changes).toBe(1)
}

/** Lets somebody leave three rows in the audit log, and changes it then. */
export function alterAudit(database: Database, sql: string): void {
  const insert = database.prepare('INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  let previous = chainStart
  for (const sequence of [1, 2, 3]) {
    const row = { sequence, at: sequence, operator: 'kim', action: 'skip', subject: 'payment/1001' }
    const said = { reason: 'the shop called', outcome: 'PaymentCompensating' }
    previous = auditHash(previous, { ...row, ...said })
    insert.run(...Object.values(row), ...Object.values(said), previous)
  }
  expect(database.prepare(sql).run().changes).toBe(1)
}

/** Changes the ledger and makes its hashes fit, so that what its lines say is all that is wrong with it. */
export function forgeLedger(database: Database, sql: string): void {
  database.exec(sql)
  let previous = chainStart
  const lines = database.prepare<[], StoredLedgerLine>(`
    SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at
    FROM ledger_lines ORDER BY sequence`)
  const update = database.prepare('UPDATE ledger_lines SET hash = ? WHERE sequence = ?')
  for (const line of lines.all()) {
    previous = ledgerHash(previous, line)
    update.run(previous, line.sequence)
  }
}

export type ForgedLine = [account: string, amount: number, totalAfter?: number]

export function forgeEntry(database: Database, changeType: string, key: string, lines: ForgedLine[]): void {
  const insert = database.prepare(`
    INSERT INTO ledger_lines (entry, account, amount, total_after, change_type, key, at, hash)
    VALUES (999, ?, ?, ?, ?, ?, 0, zeroblob(32))`)
  for (const [account, amount, totalAfter = null] of lines)
    insert.run(account, amount, totalAfter, changeType, key)
  forgeLedger(database, '')
}

export function forgeJournal(database: Database, sql: string): void {
  database.exec(sql)
  const rows = database.prepare<[], { sequence: number; saga: string; at: number; entries: string }>(
    'SELECT sequence, saga, committed_at AS at, entries FROM journal',
  )
  const update = database.prepare('UPDATE journal SET checksum = ? WHERE sequence = ?')
  for (const { sequence, saga, at, entries } of rows.all()) {
    update.run(journalChecksum(sequence, saga, at, entries), sequence)
  }
}

export function forgeMovement(
  database: Database,
  option: number,
  movement: string,
  quantity: number,
  key = '',
): void {
  database
    .prepare('INSERT INTO stock_movements (option_id, movement, quantity, key, at) VALUES (?, ?, ?, ?, 0)')
    .run(option, movement, quantity, key)
}

export function forgeEvent(
  database: Database,
  orderId: number,
  type: string,
  status: string,
  body: unknown = {},
): void {
  database
    .prepare(`
      INSERT INTO order_events (order_id, sequence, type, status, at, body)
      SELECT order_id, max(sequence) + 1, ?, ?, 0, ? FROM order_events WHERE order_id = ?`)
    .run(type, status, JSON.stringify(body), orderId)
}
