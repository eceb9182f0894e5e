import type { Database } from 'better-sqlite3'
import type { Snapshot } from '../../runtime/store.ts'
import { isJournalRowIntact, type StoredJournalRow, snapshotChecksum } from '../checksum.ts'
import { auditChainBreaks } from './audit-chain.ts'
import type { Invariant } from './invariant.ts'
import { journalNumberingBreaks } from './journal-numbering.ts'
import { ledgerChainBreaks } from './ledger-chain.ts'
import { paidItems, paidStages, payments, waiting } from './stored-actors.ts'

/** How long an event that was delivered stays in the outbox. */
export const outboxKeptMs = 30 * 24 * 60 * 60 * 1_000

/** A return is announced when its payment hears that the order has recorded it. */
const returnsToldWrong = `
  SELECT format('return %d of order %d was announced %d times', e.body ->> '$.returnId', order_id, coalesce(times, 0))
  FROM order_events AS e
    LEFT JOIN (
      SELECT message ->> '$.returnId' AS return_id, count(*) AS times
      FROM outbox
      WHERE topic = 'payments' AND message ->> '$.type' = 'PaymentReturned'
      GROUP BY return_id
    ) ON return_id = e.body ->> '$.returnId'
    JOIN payments AS p ON p.id = CAST(order_id AS TEXT)
  WHERE type IN ('ItemsReturned', 'OrderReturned') AND at >= :now - ${outboxKeptMs} AND coalesce(times, 0) <> iif(
    p.step IS 'recordingReturn' AND p.state ->> '$.context.returns.underWay.returnId' = e.body ->> '$.returnId', 0, 1)
  UNION ALL
  SELECT format('return %d of order %d was announced and never recorded',
    message ->> '$.returnId', message ->> '$.orderId')
  FROM outbox
  WHERE topic = 'payments' AND message ->> '$.type' = 'PaymentReturned' AND NOT EXISTS (
    SELECT 1 FROM order_events
    WHERE order_id = message ->> '$.orderId' AND body ->> '$.returnId' = message ->> '$.returnId')`

export const messages: readonly Invariant[] = [
  {
    name: 'E5',
    sentence: "Each actor's transitions are numbered without gap, and each names the message that caused it.",
    looksAt: 'SELECT count(*) FROM journal',
    violations: journalNumberingBreaks,
  },
  {
    name: 'E6',
    sentence:
      'Every completed payment and every return was announced once, nothing else was, and no event id is used twice.',
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
      WHERE stage IN ${paidStages} AND paid_at >= :now - ${outboxKeptMs} AND times IS NULL
      UNION ALL
      SELECT format('payment %s is %s and was announced as completed %d times',
        a.id, coalesce(step, stage, 'nowhere'), times)
      FROM announced AS a LEFT JOIN payments AS p ON p.id = a.id
      WHERE times > 1 OR coalesce(stage, '') NOT IN ${paidStages}
      UNION ALL
      ${returnsToldWrong}
      UNION ALL
      SELECT format('%d events have the id %s', count(*), event_id) FROM outbox GROUP BY event_id HAVING count(*) > 1`,
  },
  {
    name: 'E7',
    sentence: 'No snapshot, ledger line, journal row or audit row was altered since it was written.',
    looksAt: `
      SELECT (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM ledger_lines) + (SELECT count(*) FROM journal)
        + (SELECT count(*) FROM audit_log)`,
    *violations(database) {
      yield* alteredSnapshots(database)
      yield* ledgerChainBreaks(database)
      yield* alteredJournal(database)
      yield* auditChainBreaks(database)
    },
  },
  {
    name: 'E8',
    sentence:
      'Sales are the units of completed payments less returned ones, each counted once, less what is still owed.',
    looksAt: 'SELECT count(*) FROM sales',
    violations: `
      WITH ${payments}, ${paidItems}, ${waiting},
      owed AS (
        -- Parked is owed as well: nobody has counted it.
        SELECT key AS actor FROM outbox WHERE topic = 'command' AND outcome IS NOT 'delivered'
        UNION SELECT actor FROM waiting
      ),
      -- Statistics that were asked and are not known to have answered may have counted all or nothing, and so may those
      -- that were asked to take a return off.
      due AS (
        SELECT id AS order_id, product_id, NULL AS units,
          iif('statistics/' || id NOT IN owed, quantity, 0) AS sold_least, quantity AS sold_most,
          returned - iif(step IS NOT 'recordingReturn', under_way, 0) AS off_least,
          returned - iif(step IS NOT 'recordingReturn' AND step IS NOT 'reversingStatistics', under_way, 0) AS off_most
        FROM paid_items
        UNION ALL
        SELECT p.id, item.value ->> '$.productId', NULL, 0, item.value ->> '$.quantity', 0, 0
        FROM payments AS p, json_each(p.state, '$.context.items') AS item
        WHERE step = 'recordingStatistics'
        UNION ALL
        SELECT CAST(order_id AS TEXT), product_id, quantity, NULL, NULL, NULL, NULL FROM sales
      ),
      sums AS (
        SELECT order_id, product_id, coalesce(sum(units), 0) AS units,
          coalesce(sum(sold_least), 0) AS sold_least, coalesce(sum(sold_most), 0) AS sold_most,
          coalesce(sum(off_least), 0) AS off_least, coalesce(sum(off_most), 0) AS off_most
        FROM due
        GROUP BY order_id, product_id
      )
      SELECT format('order %s counts %d sold of product %d instead of %d',
        order_id, units, product_id, sold_most - off_most)
      FROM sums
      WHERE units NOT IN (
        sold_least - off_least, sold_least - off_most, sold_most - off_least, sold_most - off_most)`,
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
