import type { Database } from 'better-sqlite3'
import type { Invariant } from './invariant.ts'
import { ledgerChainBreaks } from './ledger-chain.ts'
import { attemptOfKey, failedAttempts, paidItems, paidStages, payments, standing } from './stored-actors.ts'

const ledgerLines = 'SELECT count(*) FROM ledger_lines'

const wallets = `
  wallets AS (
    -- Beside max(), SQLite takes the other columns from the row that has it.
    SELECT account, sum(amount) AS total, total_after AS last_total, max(sequence)
    FROM ledger_lines
    WHERE account GLOB 'wallet/*'
    GROUP BY account
  ),
  balances AS (
    SELECT 'wallet/' || id AS account, state ->> '$.amount' AS amount FROM snapshots WHERE kind = 'balance'
  )`

/** The ledger lines that payments posted; a charge has a key of another form. Materialised, they get an index. */
const paymentLines = `
  payment_lines AS MATERIALIZED (
    SELECT account, amount, change_type, ${attemptOfKey} FROM ledger_lines WHERE change_type <> 'CHARGE'
  )`

/** What the items that were returned of a payment had cost, those under way included. */
const returnedGross = `
  returned AS (
    SELECT id, sum(returned * unit_price) AS returned_gross FROM paid_items WHERE returned > 0 GROUP BY id
  )`

const wronglyMoved = `
  WITH ${payments}, ${paidItems}, ${paymentLines},
  posted AS (
    SELECT p.id, stage, step, original_price, discount_amount, refunded_amount,
      p.state ->> '$.context.returns.underWay.refundAmount' AS returning_refund,
      p.state ->> '$.context.returns.underWay.grossAmount' AS returning_gross,
      coalesce(sum(amount) FILTER (WHERE account = 'wallet/' || customer_id AND change_type <> 'REFUND'), 0) AS wallet,
      coalesce(sum(amount) FILTER (WHERE account GLOB 'wallet/*' AND change_type = 'REFUND'), 0) AS refunds,
      coalesce(sum(amount) FILTER (WHERE account = 'discount' AND change_type <> 'REFUND'), 0) AS discount,
      coalesce(sum(amount) FILTER (WHERE account = 'revenue' AND change_type <> 'REFUND'), 0) AS revenue,
      -coalesce(sum(amount) FILTER (WHERE account = 'revenue' AND change_type = 'REFUND'), 0) AS gross
    FROM payments AS p LEFT JOIN payment_lines AS l ON l.order_id = p.id
    WHERE p.stage IN ${paidStages}
    GROUP BY p.id
  ),
  ${returnedGross},
  recorded AS (
    SELECT CAST(order_id AS TEXT) AS id, sum(body ->> '$.refundAmount') AS recorded
    FROM order_events
    WHERE type IN ('ItemsReturned', 'OrderReturned')
    GROUP BY order_id
  )
  SELECT format('payment %s of %d less %d moved wallet %d, discount %d, revenue %d and refunded %d for %d',
    id, original_price, discount_amount, wallet, discount, revenue, refunds, gross)
  FROM posted LEFT JOIN returned USING (id) LEFT JOIN recorded USING (id)
  WHERE wallet <> discount_amount - original_price OR discount <> -discount_amount OR revenue <> original_price
    OR refunds NOT BETWEEN 0 AND original_price - discount_amount
    OR stage = 'returned' AND refunds <> original_price - discount_amount
    OR NOT (
      refunds = refunded_amount AND gross = coalesce(returned_gross, 0)
      -- The wallet may not have answered the refund yet.
      OR step IS 'refunding' AND refunds = refunded_amount - returning_refund
        AND gross = returned_gross - returning_gross)
    -- What the order has recorded; in recordingReturn it may have answered already.
    OR NOT (
      coalesce(recorded, 0) = refunded_amount - coalesce(returning_refund, 0)
      OR step IS 'recordingReturn' AND recorded = refunded_amount)`

/** Refunds are the share of what was paid, rounded down once: a product of two prices is too large for SQL. */
function* wronglyShared(database: Database): Iterable<string> {
  const rows = database.prepare<[], Shared>(`
    WITH ${payments}, ${paidItems}, ${returnedGross}
    SELECT id, original_price AS originalPrice, discount_amount AS discountAmount,
      refunded_amount AS refundedAmount, returned_gross AS gross
    FROM payments JOIN returned USING (id)`)
  for (const { id, ...amounts } of rows.iterate()) {
    const breach = shareBreach(id, amounts)
    if (breach !== undefined) yield breach
  }
}

export interface RefundShare {
  readonly originalPrice: number
  readonly discountAmount: number
  readonly refundedAmount: number
  /** What everything that was returned had cost. */
  readonly gross: number
}

type Shared = RefundShare & { readonly id: string }

/** What contradicts that refunds are the share of the price, or `undefined`. */
export function shareBreach(
  orderId: string,
  { originalPrice, discountAmount, refundedAmount, gross }: RefundShare,
): string | undefined {
  const payable = BigInt(originalPrice - discountAmount)
  const share = originalPrice === 0 ? 0n : (payable * BigInt(gross)) / BigInt(originalPrice)
  if (BigInt(refundedAmount) === share) return undefined
  return `payment ${orderId} refunds ${refundedAmount} for ${gross} of ${originalPrice} less ${discountAmount}, not ${share}`
}

export const money: readonly Invariant[] = [
  {
    name: 'M1',
    sentence: 'The lines of a ledger entry sum to zero.',
    looksAt: ledgerLines,
    violations: `
      SELECT format('the lines of entry %d sum to %d', entry, sum(amount))
      FROM ledger_lines
      GROUP BY entry
      HAVING sum(amount) <> 0`,
  },
  {
    name: 'M2',
    sentence: 'All accounts together sum to zero.',
    looksAt: ledgerLines,
    violations: `
      SELECT format('all accounts together sum to %d', sum(amount)) FROM ledger_lines HAVING sum(amount) <> 0`,
  },
  {
    name: 'M3',
    sentence:
      'A wallet holds the sum of its ledger lines, which is also the total of its last history entry.',
    looksAt: `SELECT count(*) FROM snapshots WHERE kind = 'balance'`,
    violations: `
      WITH ${wallets}
      SELECT format('%s holds %s, its lines sum to %s, its history ends with %s',
        account, coalesce(amount, 'nothing'), coalesce(total, 0), coalesce(last_total, 'nothing'))
      FROM balances FULL JOIN wallets USING (account)
      WHERE amount IS NOT coalesce(total, 0) OR last_total IS NOT total`,
  },
  {
    name: 'M4',
    sentence: 'No wallet is negative, nor ever was.',
    looksAt: `
      SELECT (SELECT count(*) FROM snapshots WHERE kind = 'balance')
        + (SELECT count(*) FROM ledger_lines WHERE total_after IS NOT NULL)`,
    violations: `
      WITH ${wallets}
      SELECT format('%s holds %d', account, amount) FROM balances WHERE amount < 0
      UNION ALL
      SELECT format('%s held %d after ledger line %d', account, total_after, sequence)
      FROM ledger_lines
      WHERE total_after < 0`,
  },
  {
    name: 'M5',
    sentence: 'The ledger is append-only: its sequence has no gap and each hash covers the line before.',
    looksAt: ledgerLines,
    violations: ledgerChainBreaks,
  },
  {
    name: 'M6',
    sentence:
      'A completed payment moved exactly its prices, and refunds give back what its returns are worth, no more than was paid.',
    looksAt: `WITH ${payments} SELECT count(*) FROM payments WHERE stage IN ${paidStages}`,
    *violations(database) {
      yield* database.prepare<[], string>(wronglyMoved).pluck().iterate()
      yield* wronglyShared(database)
    },
  },
  {
    name: 'M7',
    sentence: 'A failed attempt moved no money in the end.',
    looksAt: failedAttempts,
    violations: `
      WITH ${payments}, ${standing}, ${paymentLines}
      SELECT format('attempt %s/%d moved %d on %s and did not complete', order_id, attempt, sum(amount), account)
      FROM payment_lines
      WHERE change_type <> 'REFUND' AND (order_id, attempt) NOT IN standing
      GROUP BY order_id, attempt, account
      HAVING sum(amount) <> 0`,
  },
]
