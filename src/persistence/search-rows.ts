import { usernameKey } from '../username.ts'
import type { Reader } from './reader.ts'

/** What follows every text that begins in the same way. */
const lastCharacter = '\u{10ffff}'

/** Where what somebody typed may be found. */
export function createSearchRows({ prepare }: Reader) {
  const usernames = prepare<[string, string, number], { customerId: number }>(
    `SELECT customer_id AS customerId FROM usernames
     WHERE username_key >= ? AND username_key < ? ORDER BY username_key LIMIT ?`,
  )
  const customers = prepare<[number], { id: number }>(
    `SELECT CAST(id AS INTEGER) AS id FROM snapshots WHERE kind = 'customer' ORDER BY 1 DESC LIMIT ?`,
  )
  const paymentsOf = prepare<[number], { count: number }>(
    `SELECT count(*) AS count FROM customer_orders
       JOIN snapshots ON kind = 'payment' AND id = CAST(order_id AS TEXT) WHERE customer_id = ?`,
  )
  const ordersOfCustomer = prepare<[number, number], { orderId: number }>(
    'SELECT order_id AS orderId FROM customer_orders WHERE customer_id = ? ORDER BY order_id DESC LIMIT ?',
  )
  const productOfOption = prepare<[number], { productId: number; optionName: string }>(
    'SELECT product_id AS productId, option_name AS optionName FROM product_options WHERE option_id = ?',
  )

  return {
    /** Those whose username begins so, however it is written. */
    customersCalled(text: string, limit: number) {
      const key = usernameKey(text)
      return usernames.all(key, key + lastCharacter, limit).map(({ customerId }) => customerId)
    },
    newestCustomers: (limit: number) => customers.all(limit).map(({ id }) => id),
    /** How many payments the orders of a customer have. */
    paymentsOf: (customerId: number) => paymentsOf.get(customerId)?.count ?? 0,
    /** Newest first. */
    ordersOfCustomer: (customerId: number, limit: number) =>
      ordersOfCustomer.all(customerId, limit).map(({ orderId }) => orderId),
    productOfOption: (productOptionId: number) => productOfOption.get(productOptionId),
  }
}
