import { describe, expect, it } from 'vitest'
import { median, percentile } from '../../bench/percentile.ts'

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  it.each([
    [0, 1],
    [50, 50],
    [95, 95],
    [99, 99],
    [100, 100],
  ])('gives the value of the nearest rank at %i', (percent, value) => {
    expect(percentile(hundred, percent)).toBe(value)
  })

  it('orders by number and leaves its argument alone', () => {
    const values = [10, 9, 100]
    expect(percentile(values, 100)).toBe(100)
    expect(values).toEqual([10, 9, 100])
  })

  it('is not a number of no values', () => {
    expect(percentile([], 50)).toBeNaN()
  })
})

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle)
  })

  it('is not a number of no values', () => {
    expect(median([])).toBeNaN()
  })
})
