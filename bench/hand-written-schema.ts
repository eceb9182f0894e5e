import type Sqlite from 'better-sqlite3'
import { bringUpToDate } from '../src/persistence/database.ts'

/** What stands in place of snapshots: the present state, one plain table per noun. */
const stateTables = `
CREATE TABLE balances (customer_id INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT;
CREATE TABLE stocks (option_id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL) STRICT;
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  total_price INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE order_items (
  order_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  option_id INTEGER NOT NULL,
  product_name TEXT NOT NULL,
  option_name TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  subtotal_price INTEGER NOT NULL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  coupon_id INTEGER,
  original_price INTEGER NOT NULL,
  discount_amount INTEGER NOT NULL,
  discounted_price INTEGER NOT NULL,
  status TEXT NOT NULL,
  paid_at INTEGER NOT NULL
) STRICT;
CREATE TABLE coupons (
  coupon_id INTEGER PRIMARY KEY,
  discount_amount INTEGER NOT NULL,
  total_quantity INTEGER NOT NULL,
  issued_quantity INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  expired_at INTEGER NOT NULL
) STRICT;
CREATE TABLE owned_coupons (
  coupon_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  order_id INTEGER,
  PRIMARY KEY (coupon_id, customer_id)
) STRICT, WITHOUT ROWID;
`

/**
 * Makes the hand-written server's tables: Recoup's own migrations, so that both write the same columns and indexes, and
 * the state tables. The tables it has no use for (snapshots, inbox, journal …) stay empty.
 */
export function makeHandWrittenTables(database: Sqlite.Database): void {
  bringUpToDate(database)
  database.exec(stateTables)
}
