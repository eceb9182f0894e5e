import { describe, expect, it } from 'vitest'
import { Histogram } from '../src/histogram.ts'

describe('A histogram', () => {
  it('counts each value at every bound it does not pass, and all of them at the end', () => {
    const histogram = new Histogram([1, 2, 5])
    for (const value of [0.5, 1, 1.5, 5, 7]) histogram.observe(value)
    expect(histogram.cumulative).toEqual([2, 3, 4, 5])
    expect(histogram.sum).toBe(15)
  })

  it('of nothing is empty', () => {
    expect(new Histogram([1]).cumulative).toEqual([0, 0])
  })
})
