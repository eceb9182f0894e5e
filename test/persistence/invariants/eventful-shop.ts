import Sqlite, { type Database } from 'better-sqlite3'
import { openSmallShop, type SmallShop } from './small-shop.ts'

/**
 * One order of each kind: 1001 paid with a coupon, 1002 failed with one, 1003 in flight, its wallet having paid and not
 * answered, 1004 cancelled, 1005 new, 1006 paid, 1007 paid and a part of it returned, 1008 paid with a coupon and returned
 * as a whole. Nine of each option are left, and 5,300, 0 and 8,500 in the wallets.
 */
export function eventfulDatabase(): Database {
  return new Sqlite(eventful)
}

export const eventful = serializedEvents()

function serializedEvents(): Buffer {
  const shop = openEventfulShop()
  const serialized = shop.database.serialize()
  shop.close()
  return serialized
}

type Met = (shop: SmallShop) => void

/** The same, still open; it can be met before it is furnished, and before its first order. */
export function openEventfulShop(met: { onOpened?: Met; onFurnished?: Met } = {}): SmallShop {
  const shop = openSmallShop({
    intercept: ({ message, to }) =>
      message.type === 'BalanceDeducted' && to === 'payment/1003' ? 'drop' : 'deliver',
  })
  met.onOpened?.(shop)
  shop.furnish()
  met.onFurnished?.(shop)
  shop.order(1001, 11, 2, 3)
  shop.order(1002, 12, 8, 5)
  shop.order(1003, 11, 1, 1)
  shop.order(1004, 11, 1, 1)
  shop.order(1005, 12, 1, 1)
  shop.order(1006, 12, 7, 6)
  shop.order(1007, 13, 2, 1)
  shop.order(1008, 12, 1, 0)
  shop.pay(1001, 71)
  shop.pay(1002, 71)
  shop.pay(1003)
  shop.cancel(1004)
  shop.pay(1008, 71)
  shop.giveBack(1008, 9_008)
  shop.pay(1006)
  shop.welcome(13)
  shop.pay(1007)
  shop.giveBack(1007, 9_007, 1, 0)
  return shop
}
