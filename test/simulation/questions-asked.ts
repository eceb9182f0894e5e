import type { Database } from 'better-sqlite3'
import type { Shop } from '../../src/main.ts'
import type { Random } from '../crash/random.ts'
import { request } from './client-request.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/**
 * Asks the shop one question and holds the answer against what is committed: no step that is still to be committed may
 * show. Throws `Violation`.
 */
export async function askQuestion(
  shop: Shop,
  database: Database,
  random: Random,
  world: World,
  orderIds: readonly number[],
): Promise<void> {
  const customer = world.customers[random.below(world.customers.length)]
  const product = world.products[random.below(world.products.length)]
  const orderId = orderIds[random.below(Math.max(orderIds.length, 1))]
  switch (random.below(7)) {
    case 0: {
      const { body } = await request(shop, 'GET', `/balances/${customer?.id}`)
      return same('balance', body['amount'], stateOf(database, 'balance', customer?.id)?.['amount'])
    }
    case 1: {
      const { body } = await request(shop, 'GET', `/products/${product?.id}`)
      const stocks = (body['options'] as { id: number; stock: number }[]).map(({ stock }) => stock)
      const stored = product?.options.map(({ id }) => stateOf(database, 'stock', id)?.['quantity'] ?? 0)
      return same('stock', JSON.stringify(stocks), JSON.stringify(stored))
    }
    case 2: {
      const { body } = await request(shop, 'GET', `/coupons/customer/${customer?.id}`)
      const used = (body as unknown as { status: string }[]).filter(({ status }) => status === 'USED').length
      return same('coupons in use', used, usedCoupons(database, customer?.id))
    }
    case 3: {
      const { body } = await request(shop, 'GET', `/balances/${customer?.id}/balance-histories?limit=200`)
      const last = (body as unknown as { totalAmount: number }[]).at(-1)?.totalAmount ?? 0
      const { length } = body as unknown as unknown[]
      if (length < 200)
        same('balance by its history', last, stateOf(database, 'balance', customer?.id)?.['amount'])
      return
    }
    case 4: {
      if (orderId === undefined) return
      const { body } = await request(shop, 'GET', `/orders/${orderId}`)
      return same('status of an order', body['status'], stateOf(database, 'order', orderId)?.['value'])
    }
    case 5: {
      if (orderId === undefined) return
      const { body } = await request(shop, 'GET', `/orders/${orderId}/returns`)
      const told = body as unknown as { returnId: number; refundAmount: number }[]
      const refunds = told.map(({ returnId, refundAmount }) => `${returnId} ${refundAmount}`)
      return same('returns of an order', refunds.join(), returnsOf(database, orderId).join())
    }
    default: {
      if (orderId === undefined) return
      const { status, body } = await request(shop, 'GET', `/payments/${orderId}`)
      const stored = stateOf(database, 'payment', orderId)
      if (stored === undefined) return same('status for a payment that is not there', status, 404)
      const { value, context } = stored as {
        value: string | Record<string, string>
        context: { attempt: number }
      }
      const [[stage, step]] = (typeof value === 'string' ? [[value, '']] : Object.entries(value)) as [
        [string, string],
      ]
      same('step of a payment', body['step'], step === '' ? stage : `${stage}.${step}`)
      same('attempt of a payment', body['attempt'], context.attempt)
    }
  }
}

function stateOf(database: Database, kind: string, id: unknown): Record<string, unknown> | undefined {
  const row = database
    .prepare<[string, string], { state: string }>('SELECT state FROM snapshots WHERE kind = ? AND id = ?')
    .get(kind, String(id))
  return row && JSON.parse(row.state)
}

function returnsOf(database: Database, orderId: number): string[] {
  return database
    .prepare<[number], string>(
      `SELECT (body ->> '$.returnId') || ' ' || (body ->> '$.refundAmount') FROM order_events
       WHERE order_id = ? AND type IN ('ItemsReturned', 'OrderReturned') ORDER BY sequence`,
    )
    .pluck()
    .all(orderId)
}

function usedCoupons(database: Database, customerId: unknown): number {
  const row = database
    .prepare<[unknown], { used: number }>(
      `SELECT count(*) AS used FROM snapshots
       WHERE kind = 'ownedCoupon' AND state ->> '$.customerId' = ? AND state ->> '$.status' = 'USED'`,
    )
    .get(customerId)
  return row?.used ?? 0
}

function same(what: string, told: unknown, stored: unknown): void {
  if (told !== stored) throw new Violation('E1', `the ${what} was told to be ${told}, committed is ${stored}`)
}
