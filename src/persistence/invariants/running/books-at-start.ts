import type { Database } from 'better-sqlite3'
import { type HashedLedgerLine, selectLedgerLines } from '../ledger-chain.ts'
import { waiting } from '../stored-actors.ts'
import { OrderBooks, type StockMovement, selectMovements } from './order-books.ts'
import { attemptOf } from './touched.ts'

/**
 * The books of every payment that is in flight or owes a sale, from all that was ever written. Of the others nothing is
 * needed: what they moved is what their payment says, which the whole check decides.
 */
export function booksAtStart(database: Database): Map<string, OrderBooks> {
  const moving = database.prepare<[], string>(`
    WITH ${waiting}
    SELECT substr(actor, length('payment/') + 1) FROM timers WHERE actor GLOB 'payment/*'
    UNION SELECT substr(actor, length('payment/') + 1) FROM waiting WHERE actor GLOB 'payment/*'`)
  const owed = database.prepare<[], { orderId: string; sequence: number }>(`
    SELECT substr(key, length('statistics/') + 1) AS orderId, sequence
    FROM outbox
    WHERE topic = 'command' AND key GLOB 'statistics/*' AND outcome IS NOT 'delivered'`)
  const books = new Map(
    moving
      .pluck()
      .all()
      .map(orderId => [orderId, new OrderBooks()]),
  )
  for (const { orderId, sequence } of owed.all()) {
    const ofOrder = books.get(orderId) ?? new OrderBooks()
    ofOrder.owedSale = sequence
    books.set(orderId, ofOrder)
  }
  if (books.size > 0) fill(database, books)
  return books
}

function fill(database: Database, books: ReadonlyMap<string, OrderBooks>): void {
  const orders = JSON.stringify([...books.keys()])
  const ofThem = (order: string) => `CAST(${order} AS TEXT) IN (SELECT value FROM json_each(?))`
  const ofTheirKeys = ofThem(`substr(key, 1, instr(key, '/') - 1)`)

  const lines = database.prepare<[string], HashedLedgerLine>(
    `${selectLedgerLines} WHERE change_type <> 'CHARGE' AND ${ofTheirKeys}`,
  )
  for (const line of lines.iterate(orders)) {
    const { orderId, attempt } = attemptOf(line.key)
    books.get(orderId)?.line(attempt, line)
  }
  const movements = database.prepare<[string], StockMovement>(
    `${selectMovements} WHERE movement IN ('DECREASE', 'RESTORE', 'RETURN') AND ${ofTheirKeys}`,
  )
  for (const movement of movements.iterate(orders)) {
    const { orderId, attempt } = attemptOf(movement.key)
    books.get(orderId)?.movement(attempt, movement)
  }
  const sales = database.prepare<[string], { orderId: string; productId: number; quantity: number }>(`
    SELECT CAST(order_id AS TEXT) AS orderId, product_id AS productId, quantity
    FROM sales WHERE ${ofThem('order_id')}`)
  for (const { orderId, productId, quantity } of sales.iterate(orders))
    books.get(orderId)?.sale(productId, quantity)
  const announced = database.prepare<[string], { orderId: string; returnId: number | null }>(`
    SELECT CAST(message ->> '$.orderId' AS TEXT) AS orderId, message ->> '$.returnId' AS returnId FROM outbox
    WHERE topic = 'payments' AND ${ofThem(`message ->> '$.orderId'`)}`)
  for (const { orderId, returnId } of announced.iterate(orders)) books.get(orderId)?.announce(returnId)
}
