import { describe, expect, it } from 'vitest'
import { retailCatalogue } from '../../../src/cli/replay/retail-catalogue.ts'
import { RetailFileUnreadable } from '../../../src/cli/replay/retail-csv.ts'
import { retailOrders } from '../../../src/cli/replay/retail-orders.ts'
import { allOf, retailFile, soldLine } from './retail-file.ts'

async function ordersOf(file: string, limit = Infinity) {
  return allOf(retailOrders(file, await retailCatalogue(file, { exact: true, limit })))
}

describe('retailOrders', () => {
  it('sums the lines of one option and keeps the prices of a product apart', async () => {
    const file = retailFile(
      soldLine({ quantity: 2 }),
      soldLine({ quantity: 1, price: '3.00' }),
      soldLine({ quantity: 5, description: 'THE SAME MUG' }),
    )
    expect(await ordersOf(file)).toEqual([
      {
        type: 'order',
        customerId: 3_000_001,
        items: [
          { productId: 1_000_001, productOptionId: 2_000_001, quantity: 7 },
          { productId: 1_000_001, productOptionId: 2_000_002, quantity: 1 },
        ],
      },
    ])
  })

  it('gives the orders in file order, without what is left out', async () => {
    const file = retailFile(
      soldLine({ invoice: '9', customer: '1' }),
      soldLine({ invoice: '9', quantity: -1, customer: '1' }),
      soldLine({ invoice: 'C10' }),
      soldLine({ invoice: '8', customer: '2' }),
    )
    const orders = await ordersOf(file)
    expect(orders.map(({ customerId, items }) => [customerId, items[0]?.quantity])).toEqual([
      [3_000_001, 1],
      [3_000_002, 1],
    ])
  })

  it('gives what comes back where it stands in time, with whose it is and what of it was ever sold', async () => {
    const file = retailFile(
      soldLine({ invoice: '1', customer: '1' }),
      soldLine({ invoice: 'C2', quantity: -1, customer: '1' }),
      soldLine({ invoice: '3', customer: '1' }),
      soldLine({ invoice: 'C2', quantity: -4, code: 'PEN', customer: '1' }),
      soldLine({ invoice: 'C4', quantity: -1, customer: '' }),
    )
    const orders = await ordersOf(file)
    expect(orders.map(({ type }) => type)).toEqual(['order', 'order', 'return', 'return'])
    expect(orders.slice(2)).toEqual([
      {
        type: 'return',
        invoice: 'C2',
        customerId: 3_000_001,
        isNamed: true,
        items: [
          { productId: 1_000_001, quantity: 1 },
          { productId: undefined, quantity: 4 },
        ],
      },
      {
        type: 'return',
        invoice: 'C4',
        customerId: undefined,
        isNamed: false,
        items: [{ productId: 1_000_001, quantity: 1 }],
      },
    ])
  })

  it('puts an invoice together whose lines do not stand together', async () => {
    const file = retailFile(
      soldLine({ invoice: '1', customer: '1' }),
      soldLine({ invoice: '2', customer: '2', quantity: 2 }),
      soldLine({ invoice: '1', customer: '1', quantity: 3 }),
    )
    const orders = await ordersOf(file)
    expect(orders.map(({ items }) => items[0]?.quantity)).toEqual([2, 4])
  })

  it('gives as many as the limit allows', async () => {
    const file = retailFile(...['1', '2', '3'].map(invoice => soldLine({ invoice })))
    expect(await ordersOf(file, 2)).toHaveLength(2)
  })

  it('refuses a file that is no longer the one the catalogue was made of', async () => {
    const catalogue = await retailCatalogue(retailFile(soldLine({})), { exact: true })
    const changed = retailFile(soldLine({ price: '9.99' }))
    await expect(allOf(retailOrders(changed, catalogue))).rejects.toThrow(RetailFileUnreadable)
  })
})
