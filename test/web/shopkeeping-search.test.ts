import { describe, expect, it } from 'vitest'
import {
  couponsSearch,
  customerSearch,
  customersSearch,
  idOf,
  productSearch,
  productsSearch,
} from '../../web/src/shopkeeping/shopkeeping-search.ts'

describe('What stands in the URL of a page', () => {
  it('is read as what it means', () => {
    expect(productsSearch({ q: ' shirt ', days: 30 })).toEqual({ q: 'shirt', days: 30 })
    expect(productSearch({ option: '1011' })).toEqual({ option: 1011 })
    expect(couponsSearch({ state: 'future' })).toEqual({ state: 'future' })
    // A router that reads JSON makes a number of an id.
    expect(customersSearch({ query: 1001 })).toEqual({ query: '1001' })
    expect(customerSearch({ tab: 'coupons' })).toEqual({ tab: 'coupons' })
  })

  it.each([
    [productsSearch, { q: '  ', days: 8 }],
    [productsSearch, { q: { a: 1 }, days: [7, 7] }],
    [productSearch, { option: '-1' }],
    [couponsSearch, { state: 'lost' }],
    [customersSearch, { query: null }],
    [customerSearch, { tab: 'profile' }],
  ])('that means nothing is left out: %o %j', (read, given) => {
    expect(read(given)).toEqual({})
  })

  it('is no number of anything when it is not written like one', () => {
    expect(['1001', '0', '01', '1e3', '-1', ' 1', '9999999999999999', undefined].map(idOf)).toEqual([
      1001,
      ...Array(7).fill(undefined),
    ])
  })
})
