import { describe, expect, it } from 'vitest'
import { optionNamesOf } from '../../web/src/shopkeeping/option-names.ts'

describe('The names of options', () => {
  it('stand with commas between them', () => {
    expect(optionNamesOf('S, M ,, L,')).toEqual({ names: ['S', 'M', 'L'], fault: undefined })
  })

  it.each([
    [' , ', 'NONE'],
    ['S, M, S', 'TWICE'],
    ['x'.repeat(51), 'TOO_LONG'],
    [Array.from({ length: 101 }, (_, at) => at).join(), 'TOO_MANY'],
  ])('%.12s are refused', (typed, fault) => {
    expect(optionNamesOf(typed).fault).toBe(fault)
  })
})
