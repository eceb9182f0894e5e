import { describe, expect, it } from 'vitest'
import { Purchases } from '../../../src/cli/replay/purchases.ts'

const order = (
  customerId: number,
  ...items: [productId: number, productOptionId: number, quantity: number][]
) => ({
  type: 'order' as const,
  customerId,
  items: items.map(([productId, productOptionId, quantity]) => ({ productId, productOptionId, quantity })),
})

const back = (customerId: number | undefined, productId: number | undefined, quantity: number) => ({
  type: 'return' as const,
  invoice: 'C1',
  customerId,
  isNamed: true,
  items: [{ productId, quantity }],
})

const mug = 1
const everything = () => true

describe('What comes back', () => {
  it('is taken off what the same customer bought of the product, oldest first, at whatever price', () => {
    const purchases = new Purchases(everything)
    purchases.add(501, order(7, [mug, 11, 2], [mug, 12, 1]))
    purchases.add(502, order(7, [mug, 11, 5]))
    purchases.add(503, order(8, [mug, 11, 9]))
    expect(purchases.takeBack(back(7, mug, 4))).toEqual({
      returns: [
        {
          orderId: 501,
          items: [
            { productOptionId: 11, quantity: 2 },
            { productOptionId: 12, quantity: 1 },
          ],
        },
        { orderId: 502, items: [{ productOptionId: 11, quantity: 1 }] },
      ],
      unmatched: [],
    })
    expect(purchases.takeBack(back(7, mug, 1)).returns).toEqual([
      { orderId: 502, items: [{ productOptionId: 11, quantity: 1 }] },
    ])
  })

  it('in one invoice is one return for each order', () => {
    const purchases = new Purchases(everything)
    purchases.add(501, order(7, [mug, 11, 2], [2, 21, 2]))
    const both = { ...back(7, mug, 1), items: [mug, 2].map(productId => ({ productId, quantity: 1 })) }
    expect(purchases.takeBack(both).returns).toHaveLength(1)
  })

  it.each([
    ['of an invoice that names nobody', { ...back(undefined, mug, 3), isNamed: false }, 'NO_CUSTOMER', 3],
    ['of somebody who bought nothing', back(undefined, mug, 3), 'CUSTOMER_UNKNOWN', 3],
    ['of another product', back(7, 2, 3), 'NOT_BOUGHT', 3],
    ['of what was never sold at all', back(7, undefined, 3), 'NOT_BOUGHT', 3],
    ['beyond what was bought', back(7, mug, 5), 'MORE_THAN_BOUGHT', 3],
  ])('%s is counted by reason', (_, given, reason, units) => {
    const purchases = new Purchases(everything)
    purchases.add(501, order(7, [mug, 11, 2]))
    expect(purchases.takeBack(given).unmatched).toEqual([{ reason, units }])
  })

  it('keeps nothing in mind of what never comes back', () => {
    const purchases = new Purchases(() => false)
    purchases.add(501, order(7, [mug, 11, 2]))
    expect(purchases.takeBack(back(7, mug, 1)).returns).toEqual([])
  })
})
