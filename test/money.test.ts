import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chargeAmountMax,
  orderTotalMax,
  proportionOf,
  quantityMax,
  unitPriceMax,
  walletAmountMax,
} from '../src/money.ts'

describe('proportionOf', () => {
  it.each([
    [1_000, 10, 100, 100],
    [999, 10, 100, 99],
    [0, 10, 100, 0],
    [7, 1, 3, 2],
    [orderTotalMax, orderTotalMax, orderTotalMax, orderTotalMax],
    [Number.MAX_SAFE_INTEGER, 99, 100, 8_917_127_262_193_581],
  ])('of %d × %d ÷ %d is %d', (amount, numerator, denominator, result) => {
    expect(proportionOf(amount, numerator, denominator)).toBe(result)
  })

  it('is exact: what is left is less than the divisor', () => {
    const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const divisor = fc.integer({ min: 1, max: orderTotalMax })
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 100 }), divisor, (amount, numerator, denominator) => {
        fc.pre(BigInt(amount) * BigInt(numerator) <= BigInt(Number.MAX_SAFE_INTEGER) * BigInt(denominator))
        const left =
          BigInt(amount) * BigInt(numerator) -
          BigInt(proportionOf(amount, numerator, denominator)) * BigInt(denominator)
        expect(left >= 0n && left < BigInt(denominator)).toBe(true)
      }),
    )
  })
})

describe('The bounds of money', () => {
  it('keep every amount a safe integer, also of a full wallet that is given back a whole order', () => {
    expect([unitPriceMax, chargeAmountMax, orderTotalMax, walletAmountMax]).toEqual([1e9, 1e9, 1e12, 1e12])
    for (const most of [unitPriceMax * quantityMax, walletAmountMax + orderTotalMax]) {
      expect(Number.isSafeInteger(most)).toBe(true)
    }
  })
})
