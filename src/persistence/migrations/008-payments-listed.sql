-- Payments as operators list them, read off the stored states. Nothing is written twice: the index below keeps these very
-- expressions, so that a list, a filter or a count reads the index alone. A state that is no JSON has no status, and
-- hinders no write; one in a state that is not known here has none either.
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
