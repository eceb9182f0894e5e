import type { Database } from 'better-sqlite3'
import { shopActors } from '../../../src/actors/shop-actors.ts'
import { defaultPaymentTiming } from '../../../src/machines/payment-machine.ts'
import { openDatabase } from '../../../src/persistence/database.ts'
import { createSqliteStore } from '../../../src/persistence/sqlite-store.ts'
import type { Message } from '../../../src/runtime/envelope.ts'
import { Runtime } from '../../../src/runtime/runtime.ts'
import { type Interceptor, interceptedTransport } from '../../../src/runtime/transport.ts'

export const startedAt = Date.UTC(2026, 0, 5, 3)
const dayMs = 86_400_000

/** What the small shop sells: option 61 at 1,000 and option 62 at 500, of the products 51 and 52. */
const lines = [
  { productId: 51, productOptionId: 61, productName: 'Cup', optionName: 'red', unitPrice: 1_000 },
  { productId: 52, productOptionId: 62, productName: 'Lid', optionName: 'red', unitPrice: 500 },
]

export interface SmallShopOptions {
  readonly directory?: string
  readonly intercept?: Interceptor
  /** Called after every commit, of which there is one for every single step. */
  readonly onCommitted?: (database: Database, now: number) => void
}

/** A shop on the real runtime and database, on a clock that stands still until it is told to go on. */
export function openSmallShop({
  directory = ':memory:',
  intercept = () => 'deliver',
  onCommitted,
}: SmallShopOptions = {}) {
  let now = startedAt
  const clock = { now: () => now, wait: () => () => {} }
  const database = openDatabase(directory, { timeZone: 'Asia/Seoul', currency: 'KRW' })
  const runtime = new Runtime({
    actors: shopActors(defaultPaymentTiming, 'Asia/Seoul'),
    store: createSqliteStore(database, { subscribedTopics: new Set(['payments', 'command']) }),
    clock,
    transport: interceptedTransport(intercept, clock),
    mode: 'steps',
    onCommitted: () => onCommitted?.(database, now),
  })

  const tell = (to: string, message: Message, saga: string) => {
    // Some of them are never answered on purpose, and a shop that is closed lets go of whoever waits.
    runtime.ask(to, message, { correlationId: saga }).catch(() => {})
    runtime.runUntilIdle()
  }

  return {
    database,
    tell,
    now: () => now,
    wait(delayMs: number) {
      now += delayMs
      runtime.runUntilIdle()
    },
    /** A customer with 10,000. */
    welcome(customerId: number) {
      tell(
        `customer/${customerId}`,
        { type: 'CreateCustomer', customerId, username: `customer ${customerId}` },
        'shop',
      )
      tell(`balance/${customerId}`, { type: 'ChargeBalance', amount: 10_000 }, `charge ${customerId}`)
    },
    /** Customers 11 and 12 with 10,000 each, twenty of each option, and a coupon of 300 that both were issued. */
    furnish() {
      for (const customerId of [11, 12]) this.welcome(customerId)
      for (const { productId, productName: name, productOptionId, optionName, unitPrice } of lines) {
        const options = [{ productOptionId, optionName, extraPrice: 0 }]
        const message = { type: 'CreateProduct', productId, name, basePrice: unitPrice, options }
        tell(`product/${productId}`, message, 'shop')
      }
      for (const option of [61, 62]) tell(`stock/${option}`, { type: 'Restock', quantity: 20 }, 'shop')
      const terms = {
        name: 'Welcome',
        discountType: 'FIXED',
        discountAmount: 300,
        maxDiscount: null,
        minOrderAmount: null,
        startedAt,
        expiredAt: startedAt + 7 * dayMs,
      }
      tell('coupon/71', { type: 'CreateCoupon', couponId: 71, totalQuantity: 2, terms }, 'shop')
      for (const customerId of [11, 12]) tell('coupon/71', { type: 'IssueCoupon', customerId }, 'shop')
    },
    /** Units of option 61 and of option 62. */
    order(orderId: number, customerId: number, ...units: [number, number]) {
      const items = lines.flatMap(({ unitPrice, ...line }, place) => {
        const quantity = units[place] ?? 0
        return quantity === 0 ? [] : [{ ...line, quantity, subtotalPrice: unitPrice * quantity }]
      })
      const message = { type: 'CreateOrder', orderId, customerId, items, expireAfterMs: dayMs }
      tell(`order/${orderId}`, message, `order/${orderId}`)
    },
    pay(orderId: number, couponId: number | null = null) {
      tell(`payment/${orderId}`, { type: 'PayOrder', orderId, couponId }, `order/${orderId}`)
    },
    /** Some units of option 61 and of option 62, or all that is left. */
    giveBack(orderId: number, returnId: number, ...units: [number, number] | []) {
      const parts = lines.flatMap(({ productOptionId }, place) => {
        const quantity = units[place] ?? 0
        return quantity === 0 ? [] : [{ productOptionId, quantity }]
      })
      const items = units.length === 0 ? null : parts
      tell(`payment/${orderId}`, { type: 'ReturnItems', orderId, returnId, items }, `order/${orderId}`)
    },
    cancel(orderId: number) {
      tell(`order/${orderId}`, { type: 'CancelOrder' }, `order/${orderId}`)
    },
    close() {
      void runtime.stop()
      database.close()
    },
  }
}

export type SmallShop = ReturnType<typeof openSmallShop>

/** Drops messages of one type, the first so many times. */
export function dropping(type: string, times = Number.POSITIVE_INFINITY): Interceptor {
  let left = times
  return ({ message }) => {
    if (message.type !== type || left === 0) return 'deliver'
    left -= 1
    return 'drop'
  }
}
