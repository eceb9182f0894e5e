import { Damaged, type JournalEntry } from '../runtime/store.ts'
import { journalChecksum, snapshotChecksum } from './checksum.ts'
import { unpackJournal } from './packing.ts'
import type { Reader } from './reader.ts'

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
export function createReadSide({ prepare }: Reader) {
  const snapshot = prepare<
    [string, string],
    { kind: string; id: string; version: number; transition: number; state: string; checksum: number }
  >('SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = ? AND id = ?')
  const existing = prepare<[string, string], unknown>('SELECT 1 FROM snapshots WHERE kind = ? AND id = ?')
  const histories = prepare<
    [string, number, number],
    { sequence: number; changeType: string; changeAmount: number; totalAmount: number; createdAt: number }
  >(
    `SELECT sequence, change_type AS changeType, abs(amount) AS changeAmount, total_after AS totalAmount, at AS createdAt
     FROM ledger_lines WHERE account = ? AND total_after IS NOT NULL AND sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const products = prepare<[string, number, number], { id: number; name: string; basePrice: number }>(
    `SELECT product_id AS id, name, base_price AS basePrice FROM products
     WHERE name LIKE ? ESCAPE '\\' AND product_id > ? ORDER BY product_id LIMIT ?`,
  )
  const product = prepare<[number], { id: number; name: string; basePrice: number }>(
    'SELECT product_id AS id, name, base_price AS basePrice FROM products WHERE product_id = ?',
  )
  const productOptions = prepare<[number], { id: number; optionName: string; extraPrice: number }>(
    `SELECT option_id AS id, option_name AS optionName, extra_price AS extraPrice
     FROM product_options WHERE product_id = ? ORDER BY option_id`,
  )
  const optionExists = prepare<[number], unknown>('SELECT 1 FROM product_options WHERE option_id = ?')
  const popular = prepare<
    [string, string],
    { productId: number; name: string; basePrice: number; salesCount: number }
  >(
    `SELECT product_id AS productId, name, base_price AS basePrice, sum(quantity) AS salesCount
     FROM sales JOIN products USING (product_id) WHERE day BETWEEN ? AND ?
     GROUP BY product_id HAVING sum(quantity) > 0 ORDER BY salesCount DESC, product_id LIMIT 5`,
  )
  const coupons = prepare<[number, number], { id: string; state: string }>(
    `SELECT id, state FROM snapshots WHERE kind = 'coupon' AND CAST(id AS INTEGER) > ?
     ORDER BY CAST(id AS INTEGER) LIMIT ?`,
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
  const journal = prepare<
    [string],
    { sequence: number; committedAt: number; entries: string; checksum: number }
  >(
    `SELECT sequence, committed_at AS committedAt, entries, checksum FROM journal
     WHERE saga = ? ORDER BY sequence`,
  )
  const lastOrder = prepare<[], { id: number | null }>('SELECT max(order_id) AS id FROM order_events')

  return {
    /** The stored state of an actor, parsed. Throws when it was altered on disk. */
    state(kind: string, id: string | number): unknown {
      const row = snapshot.get(kind, String(id))
      if (row === undefined) return undefined
      if (snapshotChecksum(row) !== row.checksum)
        throw new Damaged(`The snapshot of ${kind}/${id} was altered on disk`)
      return JSON.parse(row.state)
    },
    exists: (kind: string, id: string | number) => existing.get(kind, String(id)) !== undefined,
    /** Oldest first. */
    walletHistory: (customerId: number, { after = 0, limit }: Slice) =>
      histories.all(`wallet/${customerId}`, after, limit),
    products: (query: string, { after = 0, limit }: Slice) =>
      products.all(`%${query.replace(/[\\%_]/g, character => `\\${character}`)}%`, after, limit),
    product: (productId: number) => product.get(productId),
    productOptions: (productId: number) => productOptions.all(productId),
    optionExists: (productOptionId: number) => optionExists.get(productOptionId) !== undefined,
    /** Both days included, `YYYY-MM-DD`. */
    popularProducts: (from: string, to: string) => popular.all(from, to),
    coupons: ({ after = 0, limit }: Slice) =>
      coupons.all(after, limit).map(({ state }): unknown => JSON.parse(state)),
    couponsOfCustomer: (customerId: number) =>
      couponsOfCustomer.all(customerId).map(({ couponId }) => couponId),
    /** Newest first; `after` is the last one seen. */
    ordersOfCustomer: (customerId: number, { after = top, limit }: Slice) =>
      ordersOfCustomer.all(customerId, after, limit).map(({ orderId }) => orderId),
    orderEvents: (orderId: number) => orderEvents.all(orderId),
    /** Every entry of a saga, in order. Throws when one was altered on disk. */
    journal(saga: string): JournalEntry[] {
      return journal.all(saga).flatMap(({ sequence, committedAt, entries, checksum }) => {
        if (journalChecksum(sequence, saga, committedAt, entries) !== checksum) {
          throw new Damaged(`The journal of ${saga} was altered on disk`)
        }
        return unpackJournal(entries)
      })
    },
    /** The highest id that was made at the door and stored; 0 for none. */
    lastId: () => lastOrder.get()?.id ?? 0,
  }
}
