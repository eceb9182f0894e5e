import { foldedText } from '../folded-text.ts'
import { intactSnapshot, isIntact, type StoredSnapshot } from './intact-snapshot.ts'
import { createLedgerEntries } from './ledger-entries.ts'
import type { Reader } from './reader.ts'
import { createSagaJournal } from './saga-journal.ts'
import { createWalletHistory } from './wallet-history.ts'

/** A page's first row lies after `after`; `undefined` starts at the beginning. */
interface Slice {
  readonly after: number | undefined
  readonly limit: number
}

const top = 9_007_199_254_740_991

/**
 * Committed data, as questions from outside see it: rows and stored states, by key or in pages. Everything read is of
 * the last commit, since steps only write when they are committed.
 */
export function createReadSide(reader: Reader) {
  const { prepare } = reader
  const snapshot = prepare<[string, string], StoredSnapshot>(
    'SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = ? AND id = ?',
  )
  const existing = prepare<[string, string], unknown>('SELECT 1 FROM snapshots WHERE kind = ? AND id = ?')
  const usernames = prepare<[string], { customerId: number }>(
    'SELECT customer_id AS customerId FROM usernames WHERE username_key = ?',
  )
  const products = prepare<[string, number, number], { id: number; name: string; basePrice: number }>(
    `SELECT product_id AS id, name, base_price AS basePrice FROM products
     WHERE instr(searched_name, ?) AND product_id > ? ORDER BY product_id LIMIT ?`,
  )
  const product = prepare<[number], { id: number; name: string; basePrice: number }>(
    'SELECT product_id AS id, name, base_price AS basePrice FROM products WHERE product_id = ?',
  )
  const productOptions = prepare<[number], { id: number; optionName: string; extraPrice: number }>(
    `SELECT option_id AS id, option_name AS optionName, extra_price AS extraPrice
     FROM product_options WHERE product_id = ? ORDER BY option_id`,
  )
  const optionExists = prepare<[number], unknown>('SELECT 1 FROM product_options WHERE option_id = ?')
  // By when they close: of all the campaigns there ever were few are open.
  const openCoupons = prepare<[number, number, number, number], StoredSnapshot>(
    `SELECT kind, id, version, transition, state, checksum
     FROM coupon_campaigns INDEXED BY coupon_campaigns_by_close
       JOIN snapshots ON kind = 'coupon' AND id = CAST(coupon_id AS TEXT)
     WHERE closes_at >= ? AND opens_at <= ? AND coupon_id > ? ORDER BY coupon_id LIMIT ?`,
  )
  const couponsOfCustomer = prepare<[number], { couponId: number }>(
    'SELECT coupon_id AS couponId FROM coupon_issues WHERE customer_id = ? ORDER BY issued_at, coupon_id',
  )
  const ordersOfCustomer = prepare<[number, number, number], { orderId: number }>(
    `SELECT order_id AS orderId FROM customer_orders WHERE customer_id = ? AND order_id < ?
     ORDER BY order_id DESC LIMIT ?`,
  )
  const orderEvents = prepare<
    [number],
    { sequence: number; type: string; status: string; at: number; body: string }
  >('SELECT sequence, type, status, at, body FROM order_events WHERE order_id = ? ORDER BY sequence')
  // Also of returns that are under way, or still to be passed on: whoever waits for something has a timer. A profile may
  // number what it holds as it likes; from so high there would be no numbers left to go on with.
  const highestId = prepare<[], { id: number | null }>(
    `SELECT max(id) AS id FROM (
       SELECT max(order_id) AS id FROM order_events
       UNION ALL SELECT product_id FROM products
       UNION ALL SELECT option_id FROM product_options
       UNION ALL SELECT CAST(id AS INTEGER) FROM snapshots WHERE kind IN ('coupon', 'customer')
       UNION ALL
       SELECT max(body ->> '$.returnId') FROM order_events WHERE type IN ('ItemsReturned', 'OrderReturned')
       UNION ALL
       SELECT max(coalesce(state ->> '$.context.returns.underWay.returnId', state ->> '$.passed.message.returnId'))
       FROM timers CROSS JOIN snapshots
         ON kind = substr(actor, 1, instr(actor, '/') - 1) AND id = substr(actor, instr(actor, '/') + 1)
       WHERE actor GLOB 'payment/*' OR actor GLOB 'request/*'
     ) WHERE id < 8000000000000000`,
  )

  /** The stored state of an actor, parsed. Throws `Damaged` when it was altered on disk. */
  function state(kind: string, id: string | number): unknown {
    const row = snapshot.get(kind, String(id))
    return row && JSON.parse(intactSnapshot(row).state)
  }

  const journalRows = createSagaJournal(reader)
  const history = createWalletHistory(
    reader,
    customerId => (state('balance', customerId) as { amount: number } | undefined)?.amount,
  )

  return {
    state,
    exists: (kind: string, id: string | number) => existing.get(kind, String(id)) !== undefined,
    customerOfUsername: (usernameKey: string) => usernames.get(usernameKey)?.customerId,
    /** Oldest first. Throws `Damaged` when it was altered on disk. */
    walletHistory: (customerId: number, slice: Slice) =>
      history(customerId, { ...slice, order: 'oldestFirst' }),
    /** Those whose name contains `query`, without regard to case. */
    products: (query: string, { after = 0, limit }: Slice) => products.all(foldedText(query), after, limit),
    product: (productId: number) => product.get(productId),
    productOptions: (productId: number) => productOptions.all(productId),
    optionExists: (productOptionId: number) => optionExists.get(productOptionId) !== undefined,
    /** Those that issue coupons at `now`. One that was altered on disk has no terms, so that it is not shown. */
    openCoupons: (now: number, { after = 0, limit }: Slice) =>
      openCoupons
        .all(now, now, after, limit)
        .map((row): unknown =>
          isIntact(row) ? JSON.parse(row.state) : { couponId: Number(row.id), terms: null },
        ),
    couponsOfCustomer: (customerId: number) =>
      couponsOfCustomer.all(customerId).map(({ couponId }) => couponId),
    /** Newest first; `after` is the last one seen. */
    ordersOfCustomer: (customerId: number, { after = top, limit }: Slice) =>
      ordersOfCustomer.all(customerId, after, limit).map(({ orderId }) => orderId),
    orderEvents: (orderId: number) => orderEvents.all(orderId),
    /** Every entry of a saga, in order. Throws `Damaged` when one was altered on disk. */
    journal: (saga: string) => journalRows(saga).flatMap(({ entries }) => entries),
    /** The same by commit. */
    journalRows,
    /** What the payment of an order posted, in order. Throws `Damaged` when it was altered on disk. */
    ledgerOfOrder: createLedgerEntries(reader).ofOrder,
    /** The highest id that was made at the door and stored; 0 for none. */
    lastId: () => highestId.get()?.id ?? 0,
  }
}
