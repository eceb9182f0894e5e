import { type Config, readConfig } from '../../src/config.ts'
import type { Random } from '../crash/random.ts'

/** Who and what there is in one history: few products and coupons, some of them hot. */
export interface World {
  readonly config: Config
  readonly customers: readonly { readonly id: number; readonly amount: number }[]
  readonly products: readonly Product[]
  readonly coupons: readonly Coupon[]
  readonly operations: number
}

interface Product {
  readonly id: number
  readonly basePrice: number
  readonly options: readonly { readonly id: number; readonly extraPrice: number; readonly stock: number }[]
}

interface Coupon {
  readonly id: number
  readonly totalQuantity: number
  readonly discountType: 'FIXED' | 'RATE'
  readonly discountAmount: number
  readonly minOrderAmount: number | null
  readonly lastsMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const list = <Item>(length: number, item: (at: number) => Item) => Array.from({ length }, (_, at) => item(at))

function oneOf<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[random.below(items.length)] ?? items[0]
}

export function worldOf(random: Random, operationsMax: number): World {
  const shorter = random.below(1_000) / 1_000
  const world: World = {
    // Most are short: a short history is worth nearly as much and shrinks sooner.
    operations: Math.min(operationsMax, 50 + Math.floor(251 * shorter ** 3)),
    config: readConfig({
      RECOUP_AUTH: 'gateway',
      RECOUP_DATA: ':memory:',
      RECOUP_STEP_DEADLINE_MS: oneOf(random, ['500', '2000']),
      RECOUP_STEP_RESENDS: oneOf(random, ['0', '1', '2', '3']),
      RECOUP_PAYMENT_WAIT_MS: oneOf(random, ['0', '1000', '10000']),
      RECOUP_ORDER_EXPIRY_MS: String(oneOf(random, [5 * minuteMs, hourMs, 24 * hourMs])),
      // How long a request waits is told by the real clock, which must decide nothing here.
      RECOUP_OVERLOAD_MS: '600000',
    }),
    customers: list(2 + random.below(random.chance(30) ? 19 : 6), at => ({
      id: 1 + at,
      amount: random.chance(20) ? 1 + random.below(500) : 1_000 + random.below(100_000),
    })),
    products: list(1 + random.below(3), at => productOf(random, 101 + at)),
    coupons: list(1 + random.below(3), at => ({
      id: 201 + at,
      totalQuantity: random.chance(50) ? 1 + random.below(3) : 100,
      discountType: random.chance(50) ? 'FIXED' : 'RATE',
      discountAmount: random.chance(15) ? 100 : 1 + random.below(60),
      minOrderAmount: random.chance(25) ? 500 + random.below(2_000) : null,
      lastsMs: random.chance(30) ? minuteMs + random.below(2 * hourMs) : 3_650 * 24 * hourMs,
    })),
  }
  return { ...world, customers: world.customers.map(customer => onTheBrink(customer, world)) }
}

/** Some wallets hold exactly what a few units cost, or one less: there the last won decides. */
function onTheBrink(customer: World['customers'][number], { products }: World): World['customers'][number] {
  const { id } = customer
  if (id % 3 !== 0) return customer
  const product = products[id % products.length]
  const unitPrice = (product?.basePrice ?? 0) + (product?.options[0]?.extraPrice ?? 0)
  return { id, amount: Math.max(1, unitPrice * (1 + (id % 2)) - (id % 4 === 0 ? 0 : 1)) }
}

function productOf(random: Random, id: number): Product {
  return {
    id,
    basePrice: random.chance(5) ? 0 : 100 + random.below(2_000),
    options: list(1 + random.below(4), at => ({
      id: id * 10 + at,
      extraPrice: random.below(200),
      stock: random.chance(40) ? random.below(8) : 40 + random.below(300),
    })),
  }
}
