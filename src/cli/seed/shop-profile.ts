import { z } from 'zod'
import { orderTotalMax, unitPriceMax, walletAmountMax } from '../../money.ts'
import { usernameFault, usernameKey } from '../../username.ts'

const id = z.int().positive()
const price = z.int().min(0).max(unitPriceMax)
const name = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .refine(text => text.trim() !== '', 'must not be blank')
const moment = z.iso.datetime({ offset: true }).transform(text => Date.parse(text))

const option = z.strictObject({
  id,
  optionName: name(50),
  extraPrice: price,
  stock: z.int().min(0).optional(),
})

const product = z.strictObject({ id, name: name(200), basePrice: price, options: z.array(option).min(1) })

const customer = z.strictObject({
  id,
  username: z.string().superRefine((username, context) => {
    const fault = usernameFault(username)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  }),
  balance: z.int().min(0).max(walletAmountMax).default(0),
})

const coupon = z
  .strictObject({
    id,
    name: name(200),
    discountType: z.enum(['FIXED', 'RATE']),
    discountAmount: z.int().min(1).max(orderTotalMax),
    maxDiscount: z.int().min(1).max(orderTotalMax).optional(),
    minOrderAmount: z.int().min(0).max(orderTotalMax).optional(),
    totalQuantity: z.int().min(1),
    startedAt: moment.optional(),
    expiredAt: moment.optional(),
  })
  .refine(({ discountType, discountAmount }) => discountType === 'FIXED' || discountAmount <= 100, {
    path: ['discountAmount'],
    message: 'a RATE is a percentage from 1 to 100',
  })

/**
 * What a shop holds before its first order; the schema of the JSON files that `seed --profile FILE` reads, of which
 * `data/seed-example.json` is one.
 *
 * - `products`: `id`, `name`, `basePrice`, `options`. An option: `id` (unique among all options), `optionName` (unique
 *   within the product), `extraPrice` (the unit price is base and extra), `stock` (units on hand). An option without
 *   `stock` is not stocked at all and cannot be ordered, which is not the same as 0 on hand.
 * - `customers`: `id`, `username`, `balance` (what the wallet is charged with; default 0).
 * - `coupons`: `id`, `name`, `discountType` FIXED or RATE, `discountAmount` (money, or percent), `maxDiscount` and
 *   `minOrderAmount` (optional), `totalQuantity`, `startedAt` and `expiredAt` (ISO-8601; without them the campaign
 *   began yesterday and lasts ten years).
 *
 * Each of the three lists may be left out. Money is in the minor unit of the currency.
 */
export const shopProfile = z
  .strictObject({
    products: z.array(product).default([]),
    customers: z.array(customer).default([]),
    coupons: z.array(coupon).default([]),
  })
  .superRefine(({ products, customers, coupons }, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const once = (seen: Set<string | number>, value: string | number, ...path: (string | number)[]) => {
      if (seen.has(value)) complain(path, `${value} is already taken`)
      seen.add(value)
    }
    const productIds = new Set<number>()
    const optionIds = new Set<number>()
    for (const [at, product] of products.entries()) {
      once(productIds, product.id, 'products', at, 'id')
      const optionNames = new Set<string>()
      for (const [optionAt, option] of product.options.entries()) {
        once(optionIds, option.id, 'products', at, 'options', optionAt, 'id')
        once(optionNames, option.optionName, 'products', at, 'options', optionAt, 'optionName')
        if (product.basePrice + option.extraPrice > unitPriceMax) {
          complain(
            ['products', at, 'options', optionAt, 'extraPrice'],
            `the unit price is above ${unitPriceMax}`,
          )
        }
      }
    }
    const customerIds = new Set<number>()
    const usernames = new Set<string>()
    for (const [at, customer] of customers.entries()) {
      once(customerIds, customer.id, 'customers', at, 'id')
      const key = usernameKey(customer.username)
      if (usernames.has(key)) complain(['customers', at, 'username'], `${customer.username} is already taken`)
      usernames.add(key)
    }
    const couponIds = new Set<number>()
    for (const [at, coupon] of coupons.entries()) {
      once(couponIds, coupon.id, 'coupons', at, 'id')
      if ((coupon.startedAt ?? -Infinity) >= (coupon.expiredAt ?? Infinity)) {
        complain(['coupons', at, 'expiredAt'], 'the period ends before it starts')
      }
    }
  })

export type ShopProfile = z.infer<typeof shopProfile>
