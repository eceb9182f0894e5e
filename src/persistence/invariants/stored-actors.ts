/*
 * The stored actors that invariants speak of, as tables for a WITH clause. Ids stay text, as snapshots have them, so that
 * a join finds its row by the primary key.
 */

/**
 * `payments`: one row per payment. `stage` is paying, compensating, failed, completed, returning or returned; `step` is the
 * state within paying, compensating and returning; `owned_coupon` is the id of the coupon it was asked to use.
 */
export const payments = `
  payments AS NOT MATERIALIZED (
    SELECT
      id,
      state,
      CASE json_type(state, '$.value')
        WHEN 'object' THEN CASE
          WHEN state ->> '$.value.paying' IS NOT NULL THEN 'paying'
          WHEN state ->> '$.value.compensating' IS NOT NULL THEN 'compensating'
          ELSE 'returning'
        END
        ELSE state ->> '$.value'
      END AS stage,
      coalesce(state ->> '$.value.paying', state ->> '$.value.compensating', state ->> '$.value.returning') AS step,
      coalesce(state ->> '$.context.attempt', 0) AS attempt,
      state ->> '$.context.customerId' AS customer_id,
      (state ->> '$.context.couponId') || ':' || (state ->> '$.context.customerId') AS owned_coupon,
      state ->> '$.context.coupon' AS coupon_progress,
      coalesce(state ->> '$.context.originalPrice', 0) AS original_price,
      coalesce(state ->> '$.context.discountAmount', 0) AS discount_amount,
      state ->> '$.context.paidAt' AS paid_at,
      coalesce(state ->> '$.context.returns.refundedAmount', 0) AS refunded_amount,
      coalesce(state ->> '$.context.returns.underWay.isLast', FALSE) AS returns_last
    FROM snapshots
    WHERE kind = 'payment'
  )`

/** The stages of a payment that has completed, whatever was returned since. */
export const paidStages = `('completed', 'returning', 'returned')`

const standingStages = `('paying', 'compensating', 'completed', 'returning', 'returned')`

/**
 * `paid_items`: one row per option of a payment that has completed. `returned` counts the return under way too, of which
 * `under_way` are the units; `unstocked` says that its stock has not answered.
 */
export const paidItems = `
  paid_items AS NOT MATERIALIZED (
    SELECT
      p.id, p.stage, p.step,
      item.value ->> '$.productId' AS product_id,
      item.value ->> '$.productOptionId' AS option_id,
      item.value ->> '$.quantity' AS quantity,
      item.value ->> '$.unitPrice' AS unit_price,
      coalesce(p.state ->> format('$.context.returns.units[%d]', item.key), 0) AS returned,
      iif(p.stage = 'returning', coalesce((
        SELECT sum(part.value ->> '$.quantity')
        FROM json_each(p.state, '$.context.returns.underWay.items') AS part
        WHERE part.value ->> '$.productOptionId' = item.value ->> '$.productOptionId'), 0), 0) AS under_way,
      iif(p.stage = 'returning', item.value ->> '$.productOptionId' IN (
        SELECT value FROM json_each(p.state, '$.context.returns.underWay.unstocked')), FALSE) AS unstocked
    FROM payments AS p, json_each(p.state, '$.context.items') AS item
    WHERE p.stage IN ${paidStages}
  )`

/** `orders`: one row per order. */
export const orders = `
  orders AS NOT MATERIALIZED (
    SELECT id, state, state ->> '$.value' AS status, state ->> '$.context.attempt' AS attempt
    FROM snapshots
    WHERE kind = 'order'
  )`

/** `owned_coupons`: one row per coupon that a customer has. */
export const ownedCoupons = `
  owned_coupons AS NOT MATERIALIZED (
    SELECT
      id,
      state ->> '$.status' AS status,
      CAST(state ->> '$.orderId' AS TEXT) AS order_id,
      state ->> '$.couponId' AS coupon_id,
      state ->> '$.customerId' AS customer_id
    FROM snapshots
    WHERE kind = 'ownedCoupon'
  )`

/** `waiting`: the actors that a stored message, or one that was set aside, is addressed to or comes from. */
export const waiting = `
  waiting AS (
    SELECT envelope ->> '$.to' AS actor FROM mailbox
    UNION SELECT envelope ->> '$.from' FROM mailbox
    UNION SELECT envelope ->> '$.to' FROM dead_letters
  )`

/** The columns `order_id` and `attempt` of a row whose key is `<order>/<attempt>/<step>`. */
export const attemptOfKey = `
  CAST(substr(key, 1, instr(key, '/') - 1) AS TEXT) AS order_id,
  CAST(substr(key, instr(key, '/') + 1) AS INTEGER) AS attempt`

/** `standing`: the attempts that may have taken something, in flight or completed. Any other has failed. */
export const standing = `
  standing AS (
    SELECT id AS order_id, attempt FROM payments WHERE stage IN ${standingStages}
  )`

/** How many attempts have failed. */
export const failedAttempts = `
  WITH ${payments}
  SELECT coalesce(sum(attempt - (stage IN ${standingStages})), 0) FROM payments`
