import { usernameKey } from '../username.ts'
import type { Reader } from './reader.ts'
import { createWalletHistory } from './wallet-history.ts'

/** What follows every text that begins in the same way. */
const lastCharacter = '\u{10ffff}'

/** A page of what is listed newest first; it goes on below `after`. */
interface Slice {
  readonly after: number | undefined
  readonly limit: number
}

const top = 9_007_199_254_740_991

/** What whoever keeps the shop looks through: customers, their wallets, stock and campaigns, newest first. */
export function createShopRows(reader: Reader, amountOf: (customerId: number) => number | undefined) {
  const { prepare } = reader
  const customers = prepare<[number, number], { id: number }>(
    'SELECT customer_id AS id FROM usernames WHERE customer_id < ? ORDER BY customer_id DESC LIMIT ?',
  )
  const customersFound = prepare<[string, string, number, number, number], { id: number }>(
    `SELECT customer_id AS id FROM usernames
     WHERE (username_key >= ? AND username_key < ? OR customer_id = ?) AND customer_id < ?
     ORDER BY customer_id DESC LIMIT ?`,
  )
  const movements = prepare<
    [number, number, number],
    { sequence: number; movement: string; quantity: number; key: string; at: number }
  >(
    `SELECT sequence, movement, quantity, key, at FROM stock_movements
     WHERE option_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
  )
  const campaigns = prepare<[Record<string, string | number>], { id: number }>(
    `SELECT coupon_id AS id FROM coupon_campaigns
     WHERE coupon_id < :below AND CASE :state
       WHEN 'open' THEN opens_at <= :now AND closes_at >= :now
       WHEN 'future' THEN opens_at > :now AND closes_at >= opens_at
       WHEN 'over' THEN closes_at < :now OR closes_at < opens_at
       ELSE TRUE END
     ORDER BY coupon_id DESC LIMIT :limit`,
  )
  const history = createWalletHistory(reader, amountOf)

  return {
    /** All of them, or those with this number or whose username begins so, however it is written. */
    customers(query: string | undefined, { after = top, limit }: Slice): number[] {
      if (query === undefined) return customers.all(after, limit).map(({ id }) => id)
      const key = usernameKey(query)
      const number = /^[1-9]\d{0,15}$/.test(query) ? Number(query) : 0
      return customersFound.all(key, key + lastCharacter, number, after, limit).map(({ id }) => id)
    },
    /** Throws `Damaged` when it was altered on disk. */
    walletLines: (customerId: number, slice: Slice) =>
      history(customerId, { ...slice, order: 'newestFirst' }),
    stockMovements: (productOptionId: number, { after = top, limit }: Slice) =>
      movements.all(productOptionId, after, limit),
    /** In this state at `now`; one that was ended before it began is over. */
    campaigns: (
      state: 'all' | 'open' | 'future' | 'over',
      now: number,
      { after: below = top, limit }: Slice,
    ): number[] => campaigns.all({ state, now, below, limit }).map(({ id }) => id),
  }
}
