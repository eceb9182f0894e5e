import type { ShopProfile } from '../src/cli/seed/shop-profile.ts'

export const productCount = 4_000

const words = ['Linen', 'Cotton', 'Wool', 'Silk', 'Canvas', 'Denim', 'Leather', 'Felt']
const things = ['shirt', 'scarf', 'bag', 'cap', 'coat', 'sock', 'belt', 'glove']

/** As many products as a middling shop has, three options each. */
export const catalogueProfile: ShopProfile = {
  products: Array.from({ length: productCount }, (_, at) => ({
    id: at + 1,
    name: `${words[at % 8]} ${things[Math.floor(at / 8) % 8]} no. ${at + 1}`,
    basePrice: 10_000 + at,
    options: ['S', 'M', 'L'].map((optionName, size) => ({
      id: 10_000 + at * 3 + size,
      optionName,
      extraPrice: 1_000 * size,
      stock: 100,
    })),
  })),
  customers: [],
  coupons: [],
}
