CREATE TABLE snapshots (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  transition INTEGER NOT NULL,
  state TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  scope TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  records TEXT NOT NULL
) STRICT;

CREATE INDEX inbox_by_scope ON inbox (scope);

CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY,
  saga TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  entries TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_by_saga ON journal (saga);

CREATE TABLE ledger_lines (
  sequence INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  total_after INTEGER,
  change_type TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE INDEX ledger_lines_by_account ON ledger_lines (account, sequence) WHERE total_after IS NOT NULL;

CREATE TABLE order_events (
  order_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (order_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_orders (
  customer_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  PRIMARY KEY (customer_id, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE products (
  product_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  base_price INTEGER NOT NULL
, searched_name TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE product_options (
  option_id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL,
  option_name TEXT NOT NULL,
  extra_price INTEGER NOT NULL
) STRICT;

CREATE INDEX product_options_by_product ON product_options (product_id);

CREATE TABLE stock_movements (
  sequence INTEGER PRIMARY KEY,
  option_id INTEGER NOT NULL,
  movement TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE coupon_issues (
  coupon_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  PRIMARY KEY (coupon_id, customer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX coupon_issues_by_customer ON coupon_issues (customer_id, issued_at);

CREATE TABLE sales (
  sequence INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  order_id INTEGER NOT NULL
) STRICT;

CREATE INDEX sales_by_day ON sales (day, product_id, quantity);

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  key TEXT NOT NULL,
  message TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  outcome TEXT
, parked_at INTEGER) STRICT;

CREATE TABLE timers (
  actor TEXT NOT NULL,
  name TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  PRIMARY KEY (actor, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_by_due ON timers (due_at);

CREATE TABLE mailbox (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  envelope TEXT NOT NULL
) STRICT;

CREATE TABLE dead_letters (
  sequence INTEGER PRIMARY KEY,
  actor TEXT NOT NULL,
  envelope TEXT NOT NULL,
  error TEXT NOT NULL,
  stack TEXT NOT NULL,
  at INTEGER NOT NULL
, resolution TEXT, resolved_at INTEGER) STRICT;

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX dead_letters_waiting ON dead_letters (actor) WHERE resolution IS NULL;

CREATE TABLE audit_log (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  outcome TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE usernames (
  username_key TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
  customer_id INTEGER PRIMARY KEY,
  password_hash TEXT NOT NULL,
  session_epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE profiles (
  customer_id INTEGER PRIMARY KEY,
  display_name TEXT,
  email TEXT,
  phone TEXT
) STRICT;

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  session_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

CREATE TABLE coupon_campaigns (
  coupon_id INTEGER PRIMARY KEY,
  opens_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL
) STRICT;

CREATE INDEX coupon_campaigns_by_close ON coupon_campaigns (closes_at);

CREATE INDEX outbox_due ON outbox (topic, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE INDEX outbox_waiting ON outbox (topic, key, parked_at, created_at)
  WHERE next_attempt_at IS NOT NULL OR parked_at IS NOT NULL;

CREATE VIEW listed_payments AS SELECT
  CAST(id AS INTEGER) AS payment_id,
  CASE
    WHEN state ->> '$.value' = 'completed' THEN
      CASE WHEN state ->> '$.context.returns' IS NULL THEN 'COMPLETED' ELSE 'PARTIALLY_RETURNED' END
    WHEN state ->> '$.value' = 'failed' THEN 'FAILED'
    WHEN state ->> '$.value' = 'returned' THEN 'RETURNED'
    WHEN state ->> '$.value.paying' IS NOT NULL THEN 'PAYING'
    WHEN state ->> '$.value.compensating' IS NOT NULL THEN 'COMPENSATING'
    WHEN state ->> '$.value.returning' IS NOT NULL THEN 'RETURNING'
  END AS status,
  coalesce(
    'paying.' || (state ->> '$.value.paying'),
    'compensating.' || (state ->> '$.value.compensating'),
    'returning.' || (state ->> '$.value.returning'),
    state ->> '$.value'
  ) AS step,
  (state ->> '$.context.originalPrice') - coalesce(state ->> '$.context.discountAmount', 0) AS amount,
  state ->> '$.context.failure.code' AS error_code,
  CASE
    WHEN state ->> '$.context.failure' IS NULL THEN NULL
    WHEN state ->> '$.context.failure.code' = 'PAYMENT_CANCELLED' THEN NULL
    WHEN state ->> '$.context.failure.code' = 'PAYMENT_STEP_TIMED_OUT'
      THEN state ->> '$.context.failure.facts.step'
    WHEN state ->> '$.context.order' = 'refused' THEN 'claimingOrder'
    WHEN instr(state ->> '$.context.stock', '"refused"') THEN 'decreasingStock'
    WHEN state ->> '$.context.coupon' = 'refused' THEN 'usingCoupon'
    WHEN state ->> '$.context.balance' = 'refused' THEN 'deductingBalance'
    WHEN state ->> '$.context.record' = 'refused' THEN 'recordingPayment'
    ELSE 'recordingStatistics'
  END AS failed_at,
  state ->> '$.context.resends' AS resends
FROM snapshots WHERE kind = 'payment' AND json_valid(state);

CREATE INDEX snapshots_of_payments ON snapshots (
  CASE
    WHEN state ->> '$.value' = 'completed' THEN
      CASE WHEN state ->> '$.context.returns' IS NULL THEN 'COMPLETED' ELSE 'PARTIALLY_RETURNED' END
    WHEN state ->> '$.value' = 'failed' THEN 'FAILED'
    WHEN state ->> '$.value' = 'returned' THEN 'RETURNED'
    WHEN state ->> '$.value.paying' IS NOT NULL THEN 'PAYING'
    WHEN state ->> '$.value.compensating' IS NOT NULL THEN 'COMPENSATING'
    WHEN state ->> '$.value.returning' IS NOT NULL THEN 'RETURNING'
  END,
  CAST(id AS INTEGER),
  coalesce(
    'paying.' || (state ->> '$.value.paying'),
    'compensating.' || (state ->> '$.value.compensating'),
    'returning.' || (state ->> '$.value.returning'),
    state ->> '$.value'
  ),
  (state ->> '$.context.originalPrice') - coalesce(state ->> '$.context.discountAmount', 0),
  state ->> '$.context.failure.code',
  CASE
    WHEN state ->> '$.context.failure' IS NULL THEN NULL
    WHEN state ->> '$.context.failure.code' = 'PAYMENT_CANCELLED' THEN NULL
    WHEN state ->> '$.context.failure.code' = 'PAYMENT_STEP_TIMED_OUT'
      THEN state ->> '$.context.failure.facts.step'
    WHEN state ->> '$.context.order' = 'refused' THEN 'claimingOrder'
    WHEN instr(state ->> '$.context.stock', '"refused"') THEN 'decreasingStock'
    WHEN state ->> '$.context.coupon' = 'refused' THEN 'usingCoupon'
    WHEN state ->> '$.context.balance' = 'refused' THEN 'deductingBalance'
    WHEN state ->> '$.context.record' = 'refused' THEN 'recordingPayment'
    ELSE 'recordingStatistics'
  END,
  state ->> '$.context.resends',
  json_valid(state)
) WHERE kind = 'payment' AND json_valid(state);

CREATE INDEX ledger_lines_of_payments ON ledger_lines (key) WHERE account = 'revenue';

CREATE INDEX usernames_by_customer ON usernames (customer_id);

CREATE INDEX stock_movements_by_option ON stock_movements (option_id);
