import { describe, expect, it } from 'vitest'
import { wholeNumber } from '../../web/src/shopkeeping/whole-number.ts'

describe('A whole number that was typed', () => {
  it('is taken from its least to its most, and nothing else is', () => {
    expect(['1', '250000', ' 7 '].map(typed => wholeNumber(typed, 1))).toEqual([1, 250_000, 7])
    expect(wholeNumber('0', 0)).toBe(0)
    expect(wholeNumber('100', 1, 100)).toBe(100)
    expect(wholeNumber('101', 1, 100)).toBe(undefined)
    expect(['', ' ', '0', '-1', '1.5', 'x', '9007199254740993'].map(typed => wholeNumber(typed, 1))).toEqual(
      Array(7).fill(undefined),
    )
  })

  it('may have commas where its thousands end, and means what it looks like', () => {
    expect(['39,000', '1,000,000'].map(typed => wholeNumber(typed, 1))).toEqual([39_000, 1_000_000])
    expect(['3,9', '39,00', ',100', '1e3', '0x10', '+5'].map(typed => wholeNumber(typed, 1))).toEqual(
      Array(6).fill(undefined),
    )
  })
})
