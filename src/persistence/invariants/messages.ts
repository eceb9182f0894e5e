import type { Database } from 'better-sqlite3'
import type { Snapshot } from '../../runtime/store.ts'
import { isJournalRowIntact, type StoredJournalRow, snapshotChecksum } from '../checksum.ts'
import type { Invariant } from './invariant.ts'
import { journalNumberingBreaks } from './journal-numbering.ts'
import { ledgerChainBreaks } from './ledger-chain.ts'
import { payments, waiting } from './stored-actors.ts'

/** How long an event that was delivered stays in the outbox. */
export const outboxKeptMs = 30 * 24 * 60 * 60 * 1_000

export const messages: readonly Invariant[] = [
  {
    name: 'E5',
    sentence: "Each actor's transitions are numbered without gap, and each names the message that caused it.",
    looksAt: 'SELECT count(*) FROM journal',
    violations: journalNumberingBreaks,
  },
  {
    name: 'E6',
    sentence: 'Every completed payment was announced once, nothing else was, and no event id is used twice.',
    looksAt: 'SELECT count(*) FROM outbox',
    violations: `
      WITH ${payments},
      announced AS (
        SELECT CAST(message ->> '$.orderId' AS TEXT) AS id, count(*) AS times
        FROM outbox
        WHERE topic = 'payments' AND message ->> '$.type' = 'PaymentCompleted'
        GROUP BY id
      )
      SELECT format('payment %s is completed and was not announced', p.id)
      FROM payments AS p LEFT JOIN announced AS a ON a.id = p.id
      WHERE stage = 'completed' AND paid_at >= :now - ${outboxKeptMs} AND times IS NULL
      UNION ALL
      SELECT format('payment %s is %s and was announced as completed %d times',
        a.id, coalesce(step, stage, 'nowhere'), times)
      FROM announced AS a LEFT JOIN payments AS p ON p.id = a.id
      WHERE times > 1 OR stage IS NOT 'completed'
      UNION ALL
      SELECT format('%d events have the id %s', count(*), event_id) FROM outbox GROUP BY event_id HAVING count(*) > 1`,
  },
  {
    name: 'E7',
    sentence: 'No snapshot, ledger line or journal row was altered since it was written.',
    looksAt: `
      SELECT (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM ledger_lines) + (SELECT count(*) FROM journal)`,
    *violations(database) {
      yield* alteredSnapshots(database)
      yield* ledgerChainBreaks(database)
      yield* alteredJournal(database)
    },
  },
  {
    name: 'E8',
    sentence: 'Sales are the units of completed payments, each counted once, less what is still owed.',
    looksAt: 'SELECT count(*) FROM sales',
    violations: `
      WITH ${payments}, ${waiting},
      owed AS (
        -- Parked is owed as well: nobody has counted it.
        SELECT key AS actor FROM outbox WHERE topic = 'command' AND outcome IS NOT 'delivered'
        UNION SELECT actor FROM waiting
      ),
      -- Statistics that were asked and are not known to have answered may have counted all or nothing.
      due AS (
        SELECT p.id AS order_id, item.value ->> '$.productId' AS product_id, NULL AS units,
          iif(stage = 'completed' AND 'statistics/' || p.id NOT IN owed, item.value ->> '$.quantity', 0) AS at_least,
          item.value ->> '$.quantity' AS at_most
        FROM payments AS p, json_each(p.state, '$.context.items') AS item
        WHERE stage = 'completed' OR step = 'recordingStatistics'
        UNION ALL
        SELECT CAST(order_id AS TEXT), product_id, quantity, NULL, NULL FROM sales
      )
      SELECT format('order %s counts %d sold of product %d instead of %d',
        order_id, coalesce(sum(units), 0), product_id, coalesce(sum(at_most), 0))
      FROM due
      GROUP BY order_id, product_id
      HAVING coalesce(sum(units), 0) NOT IN (coalesce(sum(at_least), 0), coalesce(sum(at_most), 0))`,
  },
]

function* alteredSnapshots(database: Database): Iterable<string> {
  const rows = database.prepare<[], Snapshot & { checksum: number }>(
    'SELECT kind, id, version, transition, state, checksum FROM snapshots',
  )
  for (const row of rows.iterate()) {
    if (snapshotChecksum(row) !== row.checksum) yield `the snapshot of ${row.kind}/${row.id} was altered`
  }
}

function* alteredJournal(database: Database): Iterable<string> {
  const rows = database.prepare<[], StoredJournalRow>(
    'SELECT sequence, saga, committed_at AS committedAt, entries, checksum FROM journal',
  )
  for (const row of rows.iterate()) {
    if (!isJournalRowIntact(row)) yield `journal row ${row.sequence} of ${row.saga} was altered`
  }
}
