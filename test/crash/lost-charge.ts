import type { Database } from 'better-sqlite3'
import {
  chainStart,
  ledgerHash,
  type StoredLedgerLine,
  snapshotChecksum,
} from '../../src/persistence/checksum.ts'
import type { Snapshot } from '../../src/runtime/store.ts'

/**
 * Takes a charge out of a database as if it had never been committed: its entry is gone, what came after it is numbered,
 * summed and hashed anew, and the wallet holds less. A line that is merely deleted the server notices by itself.
 */
export function loseCharge(database: Database, customerId: number, amount: number): void {
  const account = `wallet/${customerId}`
  const lines = database
    .prepare<[], StoredLedgerLine>(`
      SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at
      FROM ledger_lines ORDER BY sequence`)
    .all()
  const lost = lines.find(line => line.account === account && line.amount === amount)
  if (lost === undefined) throw new Error(`There is no charge of ${amount} in ${account}`)
  database.exec('DELETE FROM ledger_lines')
  const insert = database.prepare('INSERT INTO ledger_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  let previous = chainStart
  let sequence = 0
  for (const line of lines) {
    if (line.entry === lost.entry) continue
    sequence += 1
    const later = line.sequence > lost.sequence
    const totalAfter =
      later && line.account === account && line.totalAfter !== null
        ? line.totalAfter - amount
        : line.totalAfter
    const kept = { ...line, sequence, entry: later ? line.entry - 1 : line.entry, totalAfter }
    previous = ledgerHash(previous, kept)
    const { entry, changeType, key, at } = kept
    insert.run(sequence, entry, line.account, line.amount, totalAfter, changeType, key, at, previous)
  }
  const snapshot = database
    .prepare<[string], Snapshot>(`SELECT * FROM snapshots WHERE kind = 'balance' AND id = ?`)
    .get(String(customerId))
  if (snapshot === undefined) throw new Error(`There is no balance of customer ${customerId}`)
  const balance = JSON.parse(snapshot.state) as { amount: number }
  const state = JSON.stringify({ ...balance, amount: balance.amount - amount })
  database
    .prepare(`UPDATE snapshots SET state = ?, checksum = ? WHERE kind = 'balance' AND id = ?`)
    .run(state, snapshotChecksum({ ...snapshot, state }), String(customerId))
}
