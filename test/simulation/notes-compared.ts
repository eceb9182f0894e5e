import type { Database } from 'better-sqlite3'
import { isoTime } from '../../src/clock.ts'
import { isPaidSql } from './acknowledged.ts'
import { type Asked, type ClientNotes, describe, timesDone } from './client-notes.ts'
import type { Intent } from './client-request.ts'
import { Violation } from './violation.ts'

/*
 * Holds what is committed against what the clients were told. What was acknowledged is there, exactly once; what was
 * refused, or never asked for, is not; what was not answered is there once at most.
 */

interface StoredOrder {
  readonly id: number
  readonly status: string
  readonly customerId: number
  readonly totalPrice: number
}

interface StoredPayment {
  readonly id: number
  readonly stage: string
  readonly isPaid: number
  readonly originalPrice: number
  readonly discountAmount: number
  readonly paidAt: number
}

const ordersSql = `SELECT CAST(id AS INTEGER) AS id, state ->> '$.value' AS status,
  state ->> '$.context.customerId' AS customerId, state ->> '$.context.totalPrice' AS totalPrice
  FROM snapshots WHERE kind = 'order'`

const paymentsSql = `SELECT CAST(id AS INTEGER) AS id, state -> '$.value' AS stage,
  state ->> '$.context.originalPrice' AS originalPrice, coalesce(state ->> '$.context.discountAmount', 0) AS discountAmount,
  state ->> '$.context.paidAt' AS paidAt, ${isPaidSql} AS isPaid FROM snapshots WHERE kind = 'payment'`

const paidStatuses = new Set(['PAID', 'PARTIALLY_RETURNED', 'RETURNED'])

/** Throws `Violation` for the first contradiction. `settled`: nothing is under way any more. */
export function compareNotes(notes: ClientNotes, database: Database, settled: boolean): void {
  const orders = new Map(
    database
      .prepare<[], StoredOrder>(ordersSql)
      .all()
      .map(order => [order.id, order]),
  )
  const payments = new Map(
    database
      .prepare<[], StoredPayment>(paymentsSql)
      .all()
      .map(row => [row.id, row]),
  )
  const byType = Map.groupBy(notes.asked, ({ intent }) => intent.type)
  const of = (type: Intent['type']) => byType.get(type) ?? []
  compareCounts('E1', of('charge'), chargesOf(database))
  compareCounts('E1', of('issue'), issuesOf(database))
  compareRestocks(of('restock'), database)
  compareOrders(of('order'), orders)
  comparePayments(of('pay'), orders, payments, settled)
  compareStrangers(of('pay'), notes.unknownOrders, payments, settled)
  compareCancellations(of('cancel'), orders)
  compareReturns(of('return'), payments, database)
}

/** What was asked for and what there is, by what they are about; each as often as was said. */
function compareCounts(promise: string, asked: readonly Asked[], found: ReadonlyMap<string, number>): void {
  const byName = Map.groupBy(asked, ({ intent }) => nameOf(intent))
  for (const [name, same] of byName) {
    const { least, most } = sumOf(same)
    const times = found.get(name) ?? 0
    if (times < least)
      throw new Violation(promise, `${name} was acknowledged ${least} times and is there ${times} times`)
    if (times > most)
      throw new Violation(
        times > 1 ? 'E3' : 'E9',
        `${name} may be there ${most} times and is there ${times} times`,
      )
  }
  for (const name of found.keys()) {
    if (!byName.has(name)) throw new Violation('E9', `nobody asked for ${name}`)
  }
}

function sumOf(asked: readonly Asked[]): { least: number; most: number } {
  const bounds = asked.map(timesDone)
  return {
    least: bounds.reduce((sum, { least }) => sum + least, 0),
    most: bounds.reduce((sum, { most }) => sum + most, 0),
  }
}

function nameOf(intent: Intent): string {
  if (intent.type === 'charge') return `the charge of ${intent.amount} to wallet/${intent.customerId}`
  if (intent.type === 'issue') return `coupon ${intent.couponId} of customer ${intent.customerId}`
  return describe(intent)
}

function chargesOf(database: Database): Map<string, number> {
  const rows = database.prepare<[], { account: string; amount: number; times: number }>(
    `SELECT account, amount, count(*) AS times FROM ledger_lines
     WHERE change_type = 'CHARGE' AND account <> 'cash-in' GROUP BY account, amount`,
  )
  return new Map(
    rows.all().map(({ account, amount, times }) => [`the charge of ${amount} to ${account}`, times]),
  )
}

function issuesOf(database: Database): Map<string, number> {
  const rows = database.prepare<[], { couponId: number; customerId: number }>(
    'SELECT coupon_id AS couponId, customer_id AS customerId FROM coupon_issues',
  )
  return new Map(
    rows.all().map(({ couponId, customerId }) => [`coupon ${couponId} of customer ${customerId}`, 1]),
  )
}

function compareRestocks(asked: readonly Asked[], database: Database): void {
  const rows = database.prepare<[], { optionId: number; units: number }>(
    `SELECT option_id AS optionId, sum(quantity) AS units FROM stock_movements WHERE movement = 'RESTOCK' GROUP BY option_id`,
  )
  const found = new Map(rows.all().map(({ optionId, units }) => [optionId, units]))
  const bounds = new Map<number, { least: number; most: number }>()
  for (const each of asked) {
    if (each.intent.type !== 'restock') continue
    const { productOptionId, quantity } = each.intent
    const { least, most } = timesDone(each)
    const sum = bounds.get(productOptionId) ?? { least: 0, most: 0 }
    bounds.set(productOptionId, { least: sum.least + least * quantity, most: sum.most + most * quantity })
  }
  for (const [optionId, { least, most }] of bounds) {
    const units = found.get(optionId) ?? 0
    if (units < least || units > most) {
      throw new Violation(
        'E1',
        `option ${optionId} was restocked with ${units} units instead of ${least} to ${most}`,
      )
    }
  }
}

function compareOrders(asked: readonly Asked[], orders: ReadonlyMap<number, StoredOrder>): void {
  const most = new Map<number, number>()
  for (const each of asked) {
    if (each.intent.type !== 'order') continue
    const { customerId } = each.intent
    most.set(customerId, (most.get(customerId) ?? 0) + timesDone(each).most)
    for (const { orderId, totalPrice } of each.receipts) {
      const order = orders.get(Number(orderId))
      if (order === undefined) throw new Violation('E1', `order ${orderId} was acknowledged and is missing`)
      if (order.totalPrice !== totalPrice || order.customerId !== customerId) {
        throw new Violation(
          'E1',
          `order ${orderId} is not what customer ${customerId} was told, over ${totalPrice}`,
        )
      }
    }
  }
  const placed = Map.groupBy(orders.values(), ({ customerId }) => customerId)
  for (const [customerId, { length }] of placed) {
    if (length > (most.get(customerId) ?? 0)) {
      throw new Violation(
        'E9',
        `customer ${customerId} has ${length} orders and can have placed ${most.get(customerId) ?? 0}`,
      )
    }
  }
}

function comparePayments(
  asked: readonly Asked[],
  orders: ReadonlyMap<number, StoredOrder>,
  payments: ReadonlyMap<number, StoredPayment>,
  settled: boolean,
): void {
  const byOrder = Map.groupBy(asked, ({ intent }) => (intent.type === 'pay' ? intent.orderId : 0))
  for (const [orderId, tries] of byOrder) {
    const payment = payments.get(orderId)
    for (const receipt of tries.flatMap(({ receipts }) => receipts)) {
      if (payment === undefined || payment.isPaid !== 1) {
        throw new Violation('E1', `payment ${orderId} was acknowledged and is ${payment?.stage ?? 'missing'}`)
      }
      const { originalPrice, discountAmount, paidAt } = payment
      const stored = {
        originalPrice,
        discountAmount,
        discountedPrice: originalPrice - discountAmount,
        paidAt: isoTime(paidAt),
      }
      for (const [field, value] of Object.entries(stored)) {
        if (receipt[field] !== value)
          throw new Violation(
            'E1',
            `${field} of payment ${orderId} is ${value}, and ${receipt[field]} was acknowledged`,
          )
      }
      if (!paidStatuses.has(orders.get(orderId)?.status ?? '')) {
        throw new Violation(
          'E1',
          `order ${orderId} is ${orders.get(orderId)?.status}, its payment was acknowledged`,
        )
      }
    }
    if (settled && payment === undefined && tries.some(({ accepted }) => accepted > 0)) {
      throw new Violation('E1', `payment ${orderId} was accepted and is missing`)
    }
    const status = orders.get(orderId)?.status ?? ''
    if (sumOf(tries).most === 0 && paidStatuses.has(status)) {
      throw new Violation('E9', `order ${orderId} is ${status}, and every payment of it was refused`)
    }
  }
}

/** Payments of orders that there are not: of one whose order has said so nothing is left. */
function compareStrangers(
  asked: readonly Asked[],
  unknownOrders: ReadonlySet<number>,
  payments: ReadonlyMap<number, StoredPayment>,
  settled: boolean,
): void {
  const wanted = new Set(asked.map(({ intent }) => (intent.type === 'pay' ? intent.orderId : 0)))
  for (const { id, stage } of payments.values()) {
    const isStranger = unknownOrders.has(id) && (!settled || stage === '"failed"')
    if (!wanted.has(id) && !isStranger)
      throw new Violation('E9', `nobody asked for payment ${id}, which is ${stage}`)
  }
}

function compareCancellations(asked: readonly Asked[], orders: ReadonlyMap<number, StoredOrder>): void {
  const byOrder = Map.groupBy(asked, ({ intent }) => (intent.type === 'cancel' ? intent.orderId : 0))
  for (const [orderId, tries] of byOrder) {
    const status = orders.get(orderId)?.status
    if (status !== 'CANCELLED' && tries.some(({ done }) => done > 0)) {
      throw new Violation('E1', `order ${orderId} is ${status}, and its cancellation was acknowledged`)
    }
  }
  for (const { id, status } of orders.values()) {
    if (status === 'CANCELLED' && sumOf(byOrder.get(id) ?? []).most === 0) {
      throw new Violation('E9', `order ${id} is CANCELLED, and every cancellation of it was refused`)
    }
  }
}

interface StoredReturn {
  readonly orderId: number
  readonly returnId: number
  readonly refundAmount: number
  readonly items: string
}

/** Every return that was acknowledged is there as it was told; no other is but what may have been; nobody got too much. */
function compareReturns(
  asked: readonly Asked[],
  payments: ReadonlyMap<number, StoredPayment>,
  database: Database,
): void {
  const rows = database.prepare<[], StoredReturn>(
    `SELECT order_id AS orderId, body ->> '$.returnId' AS returnId, body ->> '$.refundAmount' AS refundAmount,
      body -> '$.items' AS items FROM order_events WHERE type IN ('ItemsReturned', 'OrderReturned')`,
  )
  const found = Map.groupBy(rows.all(), ({ orderId }) => orderId)
  const byOrder = Map.groupBy(asked, ({ intent }) => (intent.type === 'return' ? intent.orderId : 0))
  for (const [orderId, tries] of byOrder) {
    const returns = found.get(orderId) ?? []
    for (const { returnId, refundAmount, items } of tries.flatMap(({ receipts }) => receipts)) {
      const stored = returns.find(each => each.returnId === returnId)
      if (stored?.refundAmount !== refundAmount || stored?.items !== JSON.stringify(items)) {
        const is = stored === undefined ? 'missing' : `over ${stored.refundAmount} for ${stored.items}`
        throw new Violation('E1', `return ${returnId} of order ${orderId} was acknowledged and is ${is}`)
      }
    }
    const { least, most } = sumOf(tries)
    if (returns.length < least || returns.length > most)
      throw new Violation(
        returns.length > most ? 'E3' : 'E1',
        `order ${orderId} has ${returns.length} returns, going by its clients ${least} to ${most}`,
      )
  }
  for (const [orderId, returns] of found) {
    if (!byOrder.has(orderId)) throw new Violation('E9', `nobody asked for a return of order ${orderId}`)
    const { originalPrice = 0, discountAmount = 0 } = payments.get(orderId) ?? {}
    const refunded = returns.reduce((sum, { refundAmount }) => sum + refundAmount, 0)
    if (refunded > originalPrice - discountAmount)
      throw new Violation(
        'M6',
        `order ${orderId} was paid ${originalPrice - discountAmount} for and refunded ${refunded}`,
      )
  }
}
