import { cpSync } from 'node:fs'
import { silentProgress } from '../../src/cli/progress.ts'
import { seed } from '../../src/cli/seed/seed.ts'
import type { ShopProfile } from '../../src/cli/seed/shop-profile.ts'
import type { Random } from '../crash/random.ts'
import { clientOf, line } from '../support/client.ts'
import { openTestShop } from '../support/open-test-shop.ts'

const customers = 50
const couponId = 201

const profile: ShopProfile = {
  products: Array.from({ length: 20 }, (_, at) => ({
    id: 101 + at,
    name: `Product ${101 + at}`,
    basePrice: 1_000 * (1 + at),
    options: [
      { id: 10 * (101 + at) + 1, optionName: 'S', extraPrice: 0, stock: 100_000 },
      { id: 10 * (101 + at) + 2, optionName: 'M', extraPrice: 500, stock: 100_000 },
    ],
  })),
  customers: Array.from({ length: customers }, (_, at) => ({
    id: 1 + at,
    username: `customer${1 + at}`,
    balance: 5_000_000,
  })),
  coupons: [
    { id: couponId, name: 'Welcome', discountType: 'RATE', discountAmount: 10, totalQuantity: customers },
  ],
}

/** So many requests are on their way at once. */
const atOnce = 20

/**
 * Fills a data directory with orders, most of them paid, some with a coupon, some refused for want of money, some
 * cancelled; when half of them are done the database is copied to `halfway`.
 */
export async function fillDirectory(
  directory: string,
  { halfway, payments, random }: { halfway: string; payments: number; random: Random },
): Promise<void> {
  const shop = openTestShop({ dataDirectory: directory, environment: { RECOUP_CHECK_EVERY_MS: '0' } })
  try {
    await seed(profile, shop, silentProgress)
    const client = clientOf((path, init) => shop.app.request(path, init))
    for (let customer = 1; customer <= customers; customer += 1) await client.issueCoupon(couponId, customer)

    const place = async () => {
      const customer = 1 + random.below(customers)
      const units = random.chance(10) ? 5_000 : 1 + random.below(3)
      const coupon = random.chance(10) ? couponId : null
      const cancels = random.chance(5)
      const items = [line(10 * (101 + random.below(20)) + 1, units), line(10 * (101 + random.below(20)) + 2)]
      const { orderId } = (await client.placeOrder(customer, items)).body
      await (cancels ? client.cancel(orderId) : client.pay(orderId, coupon))
    }
    for (let done = 0; done < payments; done += atOnce) {
      await Promise.all(Array.from({ length: Math.min(atOnce, payments - done) }, place))
      shop.clock.advance(10)
      if (done < payments / 2 && done + atOnce >= payments / 2) {
        shop.database.pragma('wal_checkpoint(TRUNCATE)')
        cpSync(directory, halfway, { recursive: true })
      }
    }
    shop.database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    await shop.close()
  }
}
