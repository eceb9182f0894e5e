import type { ShopProfile } from './shop-profile.ts'

const sizes = ['S', 'M', 'L']

/**
 * What the load tests expect: customers 1001 to 3000 with 50,000,000 each, products 5001 to 5020, their options 6001 to
 * 6060 with 100,000 units each, and coupon 4001.
 */
export const loadTestProfile: ShopProfile = {
  products: Array.from({ length: 20 }, (_, at) => ({
    id: 5001 + at,
    name: `Product ${5001 + at}`,
    basePrice: 10_000 + 1_000 * at,
    options: sizes.map((optionName, size) => ({
      id: 6001 + at * sizes.length + size,
      optionName,
      extraPrice: 1_000 * size,
      stock: 100_000,
    })),
  })),
  customers: Array.from({ length: 2_000 }, (_, at) => ({
    id: 1001 + at,
    username: `customer${1001 + at}`,
    balance: 50_000_000,
  })),
  coupons: [
    { id: 4001, name: '1,000 off', discountType: 'FIXED', discountAmount: 1_000, totalQuantity: 1_000 },
  ],
}
