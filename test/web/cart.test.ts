import { describe, expect, it } from 'vitest'
import { added, cartOf, quantityMax, unitsIn, withQuantity } from '../../web/src/shop/cart.ts'

const shirt = { productId: 101, productOptionId: 1012, quantity: 1 }
const socks = { productId: 106, productOptionId: 1061, quantity: 3 }

describe('The cart', () => {
  it('holds each option once, with how many of it', () => {
    const cart = [shirt, socks, shirt].reduce(added, [])
    expect(cart).toEqual([{ ...shirt, quantity: 2 }, socks])
    expect(unitsIn(cart)).toBe(5)
  })

  it('loses an option of which none is left', () => {
    expect(withQuantity([shirt, socks], 1012, 0)).toEqual([socks])
  })

  it('holds at most so many of an option', () => {
    expect(withQuantity([shirt], 1012, 1_000)).toEqual([{ ...shirt, quantity: quantityMax }])
    expect(added([{ ...shirt, quantity: quantityMax }], shirt)).toEqual([{ ...shirt, quantity: quantityMax }])
  })

  it('comes back as it was stored', () => {
    expect(cartOf(JSON.stringify([shirt, socks]))).toEqual([shirt, socks])
  })

  it.each([
    null,
    '',
    '{',
    '{}',
    '7',
    '[null]',
    '[{"productId":1}]',
    '[{"productId":1,"productOptionId":2,"quantity":-1}]',
    '[{"productId":1,"productOptionId":2,"quantity":"<b>"}]',
  ])('is empty when what was stored is no cart: %j', stored => {
    expect(cartOf(stored)).toEqual([])
  })
})
