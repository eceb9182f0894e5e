import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SeedProfileInvalid, seedProfile } from '../../../src/cli/seed/seed-profile.ts'
import { shopProfile } from '../../../src/cli/seed/shop-profile.ts'

const option = { id: 11, optionName: 'S', extraPrice: 0, stock: 1 }
const product = { id: 1, name: 'Mug', basePrice: 100, options: [option] }
const coupon = { id: 1, name: 'Off', discountType: 'FIXED', discountAmount: 500, totalQuantity: 1 }

function profileFile(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'seed-')), 'shop.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('the profile demo', () => {
  it('is a valid shop', async () => {
    const profile = await seedProfile('demo')
    expect(shopProfile.parse(profile)).toEqual(profile)
  })

  it('sells for 71,000 what 250,000 pay easily, and takes 3,000 off', async () => {
    const { products, customers, coupons } = await seedProfile('demo')
    const unitPrice = (optionId: number) => {
      const owner = products.find(({ options }) => options.some(({ id }) => id === optionId))
      const extraPrice = owner?.options.find(({ id }) => id === optionId)?.extraPrice
      return (owner?.basePrice ?? NaN) + (extraPrice ?? NaN)
    }
    expect(unitPrice(1012)).toBe(39_000 + 1_000)
    expect(unitPrice(1023)).toBe(29_000 + 2_000)
    expect(customers.every(({ balance }) => balance === 150_000)).toBe(true)
    expect(coupons).toMatchObject([
      { id: 201, discountType: 'FIXED', discountAmount: 3_000 },
      { id: 202, discountType: 'RATE', discountAmount: 10 },
    ])
  })
})

describe('the profile load-test', () => {
  it('is a valid shop', async () => {
    const profile = await seedProfile('load-test')
    expect(shopProfile.parse(profile)).toEqual(profile)
  })

  it('has the numbers that load tests are written against', async () => {
    const { products, customers, coupons } = await seedProfile('load-test')
    expect(customers).toHaveLength(2_000)
    expect([customers.at(0), customers.at(-1)]).toMatchObject([
      { id: 1001, balance: 50_000_000 },
      { id: 3000, balance: 50_000_000 },
    ])
    expect(products).toHaveLength(20)
    expect(products.at(-1)).toMatchObject({
      id: 5020,
      basePrice: 29_000,
      options: [
        { id: 6058, optionName: 'S', extraPrice: 0, stock: 100_000 },
        { id: 6059, optionName: 'M', extraPrice: 1_000, stock: 100_000 },
        { id: 6060, optionName: 'L', extraPrice: 2_000, stock: 100_000 },
      ],
    })
    expect(coupons).toMatchObject([
      { id: 4001, discountType: 'FIXED', discountAmount: 1_000, totalQuantity: 1_000 },
    ])
  })
})

describe('a profile of a file', () => {
  it('is read, with the example that comes with the project', async () => {
    const { products, customers, coupons } = await seedProfile('data/seed-example.json')
    expect(products[0]?.options.map(({ stock }) => stock)).toEqual([50, undefined])
    expect(customers).toEqual([{ id: 1, username: 'ada', balance: 100_000 }])
    expect(coupons[0]?.startedAt).toBe(Date.UTC(2026, 0, 1))
  })

  it('may leave lists out', async () => {
    expect(await seedProfile(profileFile({}))).toEqual({ products: [], customers: [], coupons: [] })
  })

  it.each([
    ['a missing field', { customers: [{ id: 1 }] }, 'customers[0].username'],
    ['an unknown field', { customers: [{ id: 1, username: 'ada', age: 3 }] }, '"age"'],
    ['a blank name', { products: [{ ...product, name: ' ' }] }, 'products[0].name'],
    ['half a won', { products: [{ ...product, basePrice: 0.5 }] }, 'products[0].basePrice'],
    [
      'a negative stock',
      { products: [{ ...product, options: [{ ...option, stock: -1 }] }] },
      'products[0].options[0].stock',
    ],
    ['no option', { products: [{ ...product, options: [] }] }, 'products[0].options'],
    [
      'a product twice',
      { products: [product, { ...product, options: [{ ...option, id: 12 }] }] },
      'products[1].id',
    ],
    ['an option id twice', { products: [product, { ...product, id: 2 }] }, 'products[1].options[0].id'],
    [
      'an option name twice',
      { products: [{ ...product, options: [option, { ...option, id: 12 }] }] },
      'products[0].options[1].optionName',
    ],
    [
      'too high a unit price',
      { products: [{ ...product, basePrice: 1e9, options: [{ ...option, extraPrice: 1 }] }] },
      'products[0].options[0].extraPrice',
    ],
    [
      'a customer twice',
      {
        customers: [
          { id: 1, username: 'a' },
          { id: 1, username: 'b' },
        ],
      },
      'customers[1].id',
    ],
    [
      'a username twice',
      {
        customers: [
          { id: 1, username: 'a' },
          { id: 2, username: 'a' },
        ],
      },
      'customers[1].username',
    ],
    [
      'too full a wallet',
      { customers: [{ id: 1, username: 'a', balance: 1e12 + 1 }] },
      'customers[0].balance',
    ],
    [
      'a rate above 100',
      { coupons: [{ ...coupon, discountType: 'RATE', discountAmount: 101 }] },
      'coupons[0].discountAmount',
    ],
    [
      'a period that ends before it starts',
      { coupons: [{ ...coupon, startedAt: '2026-02-01T00:00:00Z', expiredAt: '2026-01-01T00:00:00Z' }] },
      'coupons[0].expiredAt',
    ],
  ])('is refused with %s, and the path to it', async (_, content, path) => {
    const reading = seedProfile(profileFile(content))
    await expect(reading).rejects.toThrow(SeedProfileInvalid)
    await expect(reading).rejects.toThrow(path)
  })

  it.each([
    ['is missing', 'no-such-shop.json', 'there is no such file'],
    ['is not JSON', profileFile('{'), 'it is not JSON'],
  ])('says so when it %s', async (_, file, sentence) => {
    await expect(seedProfile(file)).rejects.toThrow(sentence)
  })
})
