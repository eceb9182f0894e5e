import type { ShopProfile } from './shop-profile.ts'

/**
 * A small shop in won. Customers 1 to 10 with 150,000 each; products 101 to 108, whose options are numbered after them
 * (1011, 1012 … belong to 101); coupons 201 (3,000 off) and 202 (10 percent off).
 */
export const demoProfile: ShopProfile = {
  products: [
    product(101, 'Linen shirt', 39_000, { S: 0, M: 1_000, L: 2_000 }),
    product(102, 'Cotton T-shirt', 29_000, { S: 0, M: 1_000, L: 2_000 }),
    product(103, 'Canvas trousers', 49_000, { S: 0, M: 1_000, L: 2_000 }),
    product(104, 'Wool cardigan', 69_000, { S: 0, M: 2_000, L: 4_000 }),
    product(105, 'Rain jacket', 89_000, { M: 0, L: 3_000 }),
    product(106, 'Running socks', 5_000, { 'One pair': 0, 'Three pairs': 8_000 }),
    product(107, 'Tote bag', 15_000, { Natural: 0, Navy: 0 }),
    product(108, 'Leather belt', 35_000, { Short: 0, Long: 2_000 }, 3),
  ],
  customers: [
    'minji',
    'seojun',
    'haeun',
    'doyun',
    'jiwoo',
    'yuna',
    'taeho',
    'soyeon',
    'hyunwoo',
    'eunji',
  ].map((username, at) => ({ id: at + 1, username, balance: 150_000 })),
  coupons: [
    { id: 201, name: '3,000 off', discountType: 'FIXED', discountAmount: 3_000, totalQuantity: 1_000 },
    { id: 202, name: '10 percent off', discountType: 'RATE', discountAmount: 10, totalQuantity: 100 },
  ],
}

function product(
  id: number,
  name: string,
  basePrice: number,
  extraPrices: Record<string, number>,
  stock = 100,
): ShopProfile['products'][number] {
  const options = Object.entries(extraPrices).map(([optionName, extraPrice], at) => ({
    id: id * 10 + at + 1,
    optionName,
    extraPrice,
    stock,
  }))
  return { id, name, basePrice, options }
}
