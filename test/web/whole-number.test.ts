import { describe, expect, it } from 'vitest'
import { wholeNumber } from '../../web/src/shopkeeping/whole-number.ts'

describe('A whole number that was typed', () => {
  it('is taken from its least on, and nothing else is', () => {
    expect(['1', '250000', ' 7 '].map(typed => wholeNumber(typed, 1))).toEqual([1, 250_000, 7])
    expect(wholeNumber('0', 0)).toBe(0)
    expect(['', ' ', '0', '-1', '1.5', 'x', '9007199254740993'].map(typed => wholeNumber(typed, 1))).toEqual(
      Array(7).fill(undefined),
    )
  })
})
