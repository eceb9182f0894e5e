import { beforeEach, describe, expect, it } from 'vitest'
import { answerQuestions } from '../../src/actors/answer-questions.ts'
import { balance } from '../../src/actors/balance/balance.ts'
import { coupon } from '../../src/actors/coupon/coupon.ts'
import { ownedCoupon } from '../../src/actors/coupon/owned-coupon.ts'
import { customer } from '../../src/actors/customer/customer.ts'
import { order } from '../../src/actors/order/order.ts'
import { product } from '../../src/actors/product/product.ts'
import { CursorInvalid, type Page, type PageRequest } from '../../src/actors/questions.ts'
import { statistics } from '../../src/actors/statistics/statistics.ts'
import { stock } from '../../src/actors/stock/stock.ts'
import { createSqliteRanking } from '../../src/persistence/ranking/sqlite-ranking.ts'
import { createReadSide } from '../../src/persistence/read-side.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { erased } from '../../src/runtime/actor.ts'
import { openTestRuntime, type TestRuntime } from '../runtime/open-test-runtime.ts'
import { dayMs, fixed, now } from './coupon/coupon-terms.ts'

const actors = [customer, balance, product, stock, coupon, ownedCoupon, order].map(definition =>
  erased(definition as never),
)

let shop: TestRuntime
function ask(timeZone = 'Asia/Seoul') {
  const reader = createDirectReader(shop.database)
  return answerQuestions(createReadSide(reader), createSqliteRanking(reader), shop.clock, timeZone)
}

beforeEach(() => {
  shop = openTestRuntime({ actors: [...actors, erased(statistics('Asia/Seoul'))] })
})

const createProduct = (productId: number, name: string, optionIds: readonly number[] = []) =>
  shop.run(`product/${productId}`, {
    type: 'CreateProduct',
    productId,
    name,
    basePrice: 1_000,
    options: optionIds.map(productOptionId => ({ productOptionId, optionName: 'red', extraPrice: 50 })),
  })
const restock = (optionId: number, quantity: number) =>
  shop.run(`stock/${optionId}`, { type: 'Restock', quantity })
const sell = (orderId: number, productId: number, quantity: number, paidAt = now) =>
  shop.run(`statistics/${orderId}`, {
    type: 'RecordSale',
    orderId,
    paidAt,
    sales: [{ productId, quantity }],
  })

/** The items of every page, following the cursors. */
function everyPage<T>(page: (request: PageRequest) => Page<T>, limit: number): T[][] {
  const pages: T[][] = []
  let cursor: string | undefined
  do {
    const { items, next }: Page<T> = page({ limit, ...(cursor !== undefined && { cursor }) })
    pages.push([...items])
    cursor = next
  } while (cursor !== undefined)
  return pages
}

describe('A list in pages', () => {
  beforeEach(async () => {
    for (const id of [1, 2, 3, 4]) await createProduct(id, `Cup ${id}`)
  })
  const idsOf = (pages: { id: number }[][]) => pages.map(items => items.map(({ id }) => id))

  it.each([
    [1, [[1], [2], [3], [4]]],
    [3, [[1, 2, 3], [4]]],
    [4, [[1, 2, 3, 4]]],
    [200, [[1, 2, 3, 4]]],
  ])('of %d shows everything once, and ends without a cursor', (limit, pages) => {
    expect(idsOf(everyPage(page => ask().products(undefined, page), limit))).toEqual(pages)
  })

  it('does not lose its place when something is added before the next page', async () => {
    const first = ask().products(undefined, { limit: 2 })
    await createProduct(5, 'Cup 5')
    const second = ask().products(undefined, { limit: 9, cursor: first.next ?? '' })
    expect(idsOf([[...second.items]])).toEqual([[3, 4, 5]])
  })

  it.each(['', 'x', 'LTE', 'MS41', 'OTk5OTk5OTk5OTk5OTk5OTk5OTk'])('refuses the cursor "%s"', cursor => {
    expect(() => ask().products(undefined, { limit: 2, cursor })).toThrow(CursorInvalid)
  })
})

describe('products', () => {
  it('finds what has the words in its name, taken literally', async () => {
    await createProduct(1, 'Cup 100% wool')
    await createProduct(2, 'Cup 100 wool')
    await createProduct(3, 'cup_holder')
    const found = (query: string) =>
      ask()
        .products(query, { limit: 9 })
        .items.map(({ id }) => id)
    expect([found('cup'), found('100%'), found('_'), found('nothing')]).toEqual([[1, 2, 3], [1], [3], []])
  })

  it.each([
    ['LINEN', 'Linen shirt'],
    ['linen s', 'Linen shirt'],
    ['  shirt ', 'Linen shirt'],
    ['ÉTÉ', 'Robe d’été'],
    ['strasse', 'Straße 7'],
    ['ΟΔΟΣ', 'οδος'],
    ['одежда', 'ОДЕЖДА'],
    ['한'.normalize('NFD'), '한복'],
    ['ＡＢＣ', 'abc'],
    ['🧵', 'Yarn 🧵🧶'],
    ['🧵🧶', 'Yarn 🧵🧶'],
    ['\\', 'Back\\slash'],
    ["'; DROP", "Robert'; DROP TABLE products; --"],
    ['x'.repeat(200), 'x'.repeat(200)],
  ])('finds by %j the product %j, whatever the case and the script', async (query, name) => {
    await createProduct(1, name)
    await createProduct(2, 'Something else')
    expect(ask().products(query, { limit: 9 }).items).toMatchObject([{ id: 1, name }])
  })

  it('finds all of it page by page, and by blanks everything', async () => {
    for (const id of [1, 2, 3, 4, 5]) await createProduct(id, id % 2 === 1 ? `Cup ${id}` : `Lid ${id}`)
    const ids = (query: string) =>
      everyPage(page => ask().products(query, page), 2).map(items => items.map(({ id }) => id))
    expect(ids('CUP')).toEqual([[1, 3], [5]])
    expect(ids('  ').flat()).toEqual([1, 2, 3, 4, 5])
  })
})

describe('product', () => {
  it('tells its options with what is in stock', async () => {
    await createProduct(51, 'Cup', [61, 62])
    await restock(61, 20)
    expect(ask().product(51)).toEqual({
      id: 51,
      name: 'Cup',
      basePrice: 1_000,
      options: [
        { id: 61, optionName: 'red', extraPrice: 50, stock: 20 },
        { id: 62, optionName: 'red', extraPrice: 50, stock: 0 },
      ],
    })
    expect(ask().product(99)).toBeUndefined()
  })
})

describe('popularProducts', () => {
  beforeEach(async () => {
    for (const id of [1, 2, 3, 4, 5, 6]) await createProduct(id, `Cup ${id}`)
  })
  const top = async (days: number, timeZone?: string) =>
    (await ask(timeZone).popularProducts(days)).map(({ productId, salesCount }) => [productId, salesCount])

  it('tells the five that sold most; of equals the one with the smaller number first', async () => {
    for (const id of [6, 5, 4, 3, 2, 1]) await sell(1000 + id, id, id === 4 ? 9 : 2)
    expect(await top(1)).toEqual([
      [4, 9],
      [1, 2],
      [2, 2],
      [3, 2],
      [5, 2],
    ])
  })

  it('leaves out what was all given back', async () => {
    await sell(1001, 1, 2)
    await sell(1002, 2, 3)
    const sales = [{ productId: 1, quantity: 2 }]
    await shop.run('statistics/1001', { type: 'ReverseSale', orderId: 1001, paidAt: now, sales })
    expect(await top(1)).toEqual([[2, 3]])
  })

  it('counts so many days, today included', async () => {
    await sell(1001, 1, 1)
    await sell(1002, 2, 1, now - dayMs)
    await sell(1003, 3, 1, now - 2 * dayMs)
    expect([await top(1), await top(2), await top(3)]).toEqual([
      [[1, 1]],
      [
        [1, 1],
        [2, 1],
      ],
      [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
    ])
  })

  it.each([
    ['a day of 25 hours', '2026-10-25T23:30:00Z', '2026-10-24T12:00:00Z', '2026-10-23T12:00:00Z'],
    ['a day of 23 hours', '2026-03-29T23:30:00Z', '2026-03-29T12:00:00Z', '2026-03-28T12:00:00Z'],
  ])('counts days of the calendar across %s', async (_day, today, yesterday, before) => {
    shop = openTestRuntime({ actors: [...actors, erased(statistics('Europe/London'))] })
    for (const id of [1, 2]) await createProduct(id, `Cup ${id}`)
    shop.clock.advance(Date.parse(today) - now)
    await sell(1001, 1, 1, Date.parse(yesterday))
    await sell(1002, 2, 1, Date.parse(before))
    expect(await top(2, 'Europe/London')).toEqual([[1, 1]])
  })
})

describe('quoteOptions', () => {
  beforeEach(async () => {
    await createProduct(51, 'Cup', [61, 62])
    await createProduct(52, 'Lid', [63])
    await restock(61, 20)
  })
  const quote = (...lines: [productId: number, productOptionId: number, quantity: number][]) =>
    ask().quoteOptions(
      lines.map(([productId, productOptionId, quantity]) => ({ productId, productOptionId, quantity })),
    )

  it('tells names and prices', () => {
    expect(quote([51, 61, 20])).toEqual({
      quoted: [
        { productId: 51, productOptionId: 61, productName: 'Cup', optionName: 'red', unitPrice: 1_050 },
      ],
    })
  })

  it.each([
    ['an unknown product', [99, 61, 1], 'PRODUCT_NOT_FOUND', { productId: 99 }],
    ['an unknown option', [51, 99, 1], 'PRODUCT_OPTION_NOT_FOUND', { productOptionId: 99 }],
    [
      'an option of another product',
      [51, 63, 1],
      'PRODUCT_OPTION_MISMATCH',
      { productId: 51, productOptionId: 63 },
    ],
    ['an option without stock', [51, 62, 1], 'STOCK_NOT_FOUND', { productOptionId: 62 }],
    [
      'more than is there',
      [51, 61, 21],
      'STOCK_INSUFFICIENT',
      { productOptionId: 61, available: 20, requested: 21 },
    ],
  ] as const)('refuses %s', (_case, line, code, facts) => {
    expect(quote([...line])).toEqual({ refusal: { code, facts } })
  })

  it('adds up the lines of one option', () => {
    expect(quote([51, 61, 15], [51, 61, 6])).toMatchObject({
      refusal: { facts: { available: 20, requested: 21 } },
    })
  })
})

describe('Coupons', () => {
  const campaign = async (couponId: number, terms = fixed) => {
    await shop.run(`coupon/${couponId}`, { type: 'CreateCoupon', couponId, totalQuantity: 2, terms })
    await shop.run(`coupon/${couponId}`, { type: 'IssueCoupon', customerId: 11 })
  }

  it('are open campaigns within their period, with what is left', async () => {
    await campaign(71)
    await campaign(72, { ...fixed, startedAt: now + 1 })
    await campaign(73, { ...fixed, expiredAt: now - 1 })
    const { items } = ask().openCoupons({ limit: 9 })
    expect(items).toEqual([{ couponId: 71, ...fixed, totalQuantity: 2, remainingQuantity: 1, endedAt: null }])
    expect([ask().couponExists(73), ask().couponExists(74)]).toEqual([true, false])
  })

  it('are open from the beginning of their period to its end, and not after an early one', async () => {
    const open = () => ask().openCoupons({ limit: 9 }).items.length
    await campaign(71, { ...fixed, startedAt: now + 5, expiredAt: now + 10 })
    const seen = []
    for (const ms of [4, 1, 5, 1]) {
      shop.clock.advance(ms)
      seen.push(open())
    }
    expect(seen).toEqual([0, 1, 1, 0])

    await campaign(72)
    expect(open()).toBe(1)
    await shop.run('coupon/72', { type: 'EndCoupon' })
    expect(open()).toBe(0)
    expect(ask().coupon(72)).toMatchObject({ couponId: 72, endedAt: shop.clock.now() })
    expect(ask().coupon(99)).toBeUndefined()
  })

  it('are listed in full pages, however many between them are closed', async () => {
    for (let couponId = 1; couponId <= 60; couponId += 1) {
      const open = couponId % 10 === 0
      await shop.run(`coupon/${couponId}`, {
        type: 'CreateCoupon',
        couponId,
        totalQuantity: 1,
        terms: { ...fixed, expiredAt: open ? fixed.expiredAt : now - 1, startedAt: now - 2 },
      })
    }
    const pages = everyPage(page => ask().openCoupons(page), 4)
    expect(pages.map(items => items.map(({ couponId }) => couponId))).toEqual([
      [10, 20, 30, 40],
      [50, 60],
    ])
  })

  it.each([
    ['until its period ends', 7 * dayMs, 'AVAILABLE'],
    ['from then on, though no job has run', 7 * dayMs + 1, 'EXPIRED'],
  ])('of a customer are shown as they are %s', async (_when, afterMs, status) => {
    await campaign(71)
    shop.clock.advance(afterMs)
    expect(ask().ownedCoupons(11)).toMatchObject([{ couponId: 71, name: 'Welcome', status, issuedAt: now }])
  })

  it('that were used are shown as used, also after their period', async () => {
    await campaign(71)
    await shop.run('ownedCoupon/71:11', { type: 'UseCoupon', orderId: 1001, totalPrice: 1_000 })
    shop.clock.advance(8 * dayMs)
    expect(ask().ownedCoupons(11)).toMatchObject([{ status: 'USED' }])
    expect(ask().ownedCoupons(12)).toEqual([])
  })
})

describe('A customer', () => {
  it('has a balance and its history, oldest first', async () => {
    await shop.run('customer/11', { type: 'CreateCustomer', customerId: 11, username: 'alice' })
    for (const amount of [5_000, 3_000]) await shop.run('balance/11', { type: 'ChargeBalance', amount })
    const deduct = { type: 'DeductBalance', originalPrice: 1_000, discountAmount: 100 }
    await shop.run('balance/11', deduct, { scope: '1001/1', name: 'deductBalance' })
    expect([ask().customerExists(11), ask().balanceAmount(11)]).toEqual([true, 7_100])
    expect(everyPage(page => ask().balanceHistories(11, page), 2)).toEqual([
      [
        { changeType: 'CHARGE', changeAmount: 5_000, totalAmount: 5_000, createdAt: now },
        { changeType: 'CHARGE', changeAmount: 3_000, totalAmount: 8_000, createdAt: now },
      ],
      [{ changeType: 'USE', changeAmount: 900, totalAmount: 7_100, createdAt: now }],
    ])
  })

  it('that does not exist has none', () => {
    expect([ask().customerExists(99), ask().balanceAmount(99)]).toEqual([false, undefined])
    expect(ask().balanceHistories(99, { limit: 9 })).toEqual({ items: [] })
  })

  it('has orders, the newest first', async () => {
    for (const orderId of [1001, 1002, 1003]) {
      const items = [
        {
          productId: 51,
          productOptionId: 61,
          productName: 'Cup',
          optionName: 'red',
          quantity: 1,
          subtotalPrice: 5,
        },
      ]
      await shop.run(`order/${orderId}`, {
        type: 'CreateOrder',
        orderId,
        customerId: 11,
        items,
        expireAfterMs: dayMs,
      })
    }
    const pages = everyPage(page => ask().orders(11, page), 2)
    expect(pages.map(items => items.map(({ orderId }) => orderId))).toEqual([[1003, 1002], [1001]])
    expect(ask().order(1001)).toMatchObject({ status: 'CREATED', totalPrice: 5 })
    expect(ask().orderEvents(1001)).toMatchObject([
      { sequence: 1, type: 'OrderCreated', body: { customerId: 11 } },
    ])
  })
})
