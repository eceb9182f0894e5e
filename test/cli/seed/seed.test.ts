import { describe, expect, it } from 'vitest'
import { silentProgress } from '../../../src/cli/progress.ts'
import { demoProfile } from '../../../src/cli/seed/demo-profile.ts'
import { AlreadySeeded, seed } from '../../../src/cli/seed/seed.ts'
import { type ShopProfile, shopProfile } from '../../../src/cli/seed/shop-profile.ts'
import { filledShop, standingClock } from './filled-shop.ts'

const customer = (id: number, balance: number): ShopProfile['customers'][number] => ({
  id,
  username: `customer ${id}`,
  balance,
})
const empty: ShopProfile = { products: [], customers: [], coupons: [] }

describe('seed', () => {
  it('creates a product, then stocks its options, but not those without a stock', async () => {
    const shop = filledShop()
    const options = [
      { id: 11, optionName: 'S', extraPrice: 0, stock: 5 },
      { id: 12, optionName: 'M', extraPrice: 100, stock: 0 },
      { id: 13, optionName: 'L', extraPrice: 200 },
    ]
    await seed(
      { ...empty, products: [{ id: 1, name: 'Mug', basePrice: 900, options }] },
      shop,
      silentProgress,
    )
    expect(shop.sent).toEqual([
      {
        to: 'product/1',
        message: {
          type: 'CreateProduct',
          productId: 1,
          name: 'Mug',
          basePrice: 900,
          options: [
            { productOptionId: 11, optionName: 'S', extraPrice: 0 },
            { productOptionId: 12, optionName: 'M', extraPrice: 100 },
            { productOptionId: 13, optionName: 'L', extraPrice: 200 },
          ],
        },
      },
      { to: 'stock/11', message: { type: 'Restock', quantity: 5 } },
      { to: 'stock/12', message: { type: 'Restock', quantity: 0 } },
    ])
  })

  it('creates a customer, then charges the wallet, in several charges when one may not hold it', async () => {
    const shop = filledShop()
    await seed({ ...empty, customers: [customer(1, 2_500_000_000)] }, shop, silentProgress)
    expect(shop.sent).toEqual([
      { to: 'customer/1', message: { type: 'CreateCustomer', customerId: 1, username: 'customer 1' } },
      { to: 'balance/1', message: { type: 'ChargeBalance', amount: 1_000_000_000 } },
      { to: 'balance/1', message: { type: 'ChargeBalance', amount: 1_000_000_000 } },
      { to: 'balance/1', message: { type: 'ChargeBalance', amount: 500_000_000 } },
    ])
  })

  it('charges nothing to an empty wallet', async () => {
    const shop = filledShop()
    await seed({ ...empty, customers: [customer(1, 0)] }, shop, silentProgress)
    expect(shop.sent.map(({ to }) => to)).toEqual(['customer/1'])
  })

  it('opens a campaign without a period from yesterday for ten years', async () => {
    const shop = filledShop()
    await seed({ ...empty, coupons: demoProfile.coupons.slice(0, 1) }, shop, silentProgress)
    const dayMs = 86_400_000
    expect(shop.sent).toEqual([
      {
        to: 'coupon/201',
        message: {
          type: 'CreateCoupon',
          couponId: 201,
          totalQuantity: 1_000,
          terms: {
            name: '3,000 off',
            discountType: 'FIXED',
            discountAmount: 3_000,
            maxDiscount: null,
            minOrderAmount: null,
            startedAt: standingClock.now() - dayMs,
            expiredAt: standingClock.now() + 3_650 * dayMs,
          },
        },
      },
    ])
  })

  it('has many commands under way, so that they share commits, but not all', async () => {
    const shop = filledShop()
    const customers = Array.from({ length: 1_000 }, (_, at) => customer(at + 1, 1))
    await seed({ ...empty, customers }, shop, silentProgress)
    expect(shop.sent).toHaveLength(2_000)
    expect(shop.atOnce).toBe(256)
  })

  it('refuses, before it changes anything, when something of the profile is there', async () => {
    const shop = filledShop({ taken: [7] })
    const seeding = seed(demoProfile, shop, silentProgress)
    await expect(seeding).rejects.toThrow(AlreadySeeded)
    await expect(seeding).rejects.toThrow('customer 7')
    expect(shop.sent).toEqual([])
  })

  it('stops with the refusal when a command is refused', async () => {
    const shop = filledShop({ refuse: 'ChargeBalance' })
    const seeding = seed({ ...empty, customers: [customer(3, 10)] }, shop, silentProgress)
    await expect(seeding).rejects.toThrow('ChargeBalance to balance/3 was refused')
  })

  it('counts each product, customer and coupon', async () => {
    const counted: [string, number][] = []
    await seed(shopProfile.parse(demoProfile), filledShop(), (label, total) => {
      let done = 0
      return {
        advance() {
          done += 1
        },
        end: () => counted.push([label, total - done]),
      }
    })
    expect(counted).toEqual([['filling the shop', 0]])
  })
})
