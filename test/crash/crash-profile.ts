import type { z } from 'zod'
import type { shopProfile } from '../../src/cli/seed/shop-profile.ts'

export const firstCustomerId = 1
export const startingBalance = 100_000
export const couponIds = [201, 202, 203] as const
const productCount = 10
const optionsPerProduct = 4

/** Every option with its product, in the order of their ids. */
export const options = Array.from({ length: productCount * optionsPerProduct }, (_, at) => ({
  productId: 1 + Math.floor(at / optionsPerProduct),
  productOptionId: 101 + at,
}))

/** Every tenth option is nearly sold out from the start, and so is a campaign, so that payments fail on the way. */
export function crashProfile(customers: number): z.input<typeof shopProfile> {
  return {
    products: Array.from({ length: productCount }, (_, at) => ({
      id: 1 + at,
      name: `Product ${1 + at}`,
      basePrice: 1_000 * (1 + at),
      options: options.flatMap(({ productId, productOptionId: id }) =>
        productId === 1 + at
          ? [{ id, optionName: `Option ${id}`, extraPrice: id, stock: id % 10 === 0 ? 40 : 1_000_000 }]
          : [],
      ),
    })),
    customers: Array.from({ length: customers }, (_, at) => ({
      id: firstCustomerId + at,
      username: `customer${firstCustomerId + at}`,
      balance: startingBalance,
    })),
    coupons: [
      { id: 201, name: '1,000 off', discountType: 'FIXED', discountAmount: 1_000, totalQuantity: 1_000_000 },
      { id: 202, name: '10 percent off', discountType: 'RATE', discountAmount: 10, totalQuantity: 1_000_000 },
      { id: 203, name: 'For a few', discountType: 'RATE', discountAmount: 50, totalQuantity: 10 },
    ],
  }
}
