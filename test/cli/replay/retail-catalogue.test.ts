import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { retailCatalogue } from '../../../src/cli/replay/retail-catalogue.ts'
import { retailFile, soldLine } from './retail-file.ts'

const dayFile = 'data/online-retail-2010-12-01.csv'
const exact = { exact: true }

/** Sums the file up without the reader: fields counted from both ends, prices in exact millionths. */
function independentSum(file: string) {
  const invoices = new Set<string>()
  const sum = { lines: 0, invoices: 0, units: 0, pence: 0n }
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/).slice(1)) {
    const fields = line.split(',')
    const [invoice = '', quantity = '', price = ''] = [fields[0], fields.at(-5), fields.at(-3)]
    if (!/^\d+$/.test(invoice)) continue
    const [pounds = '', fraction = ''] = price.split('.')
    const millionths = BigInt(pounds + fraction.padEnd(6, '0'))
    const pence = (millionths + 5_000n) / 10_000n
    if (Number(quantity) <= 0 || pence <= 0n) continue
    invoices.add(invoice)
    sum.lines += 1
    sum.units += Number(quantity)
    sum.pence += BigInt(quantity) * pence
  }
  return { ...sum, invoices: invoices.size, pence: Number(sum.pence) }
}

describe('retailCatalogue of the day that comes with the project', () => {
  it('counts the payable lines, invoices, units and pence that an independent sum finds', async () => {
    const { totals } = await retailCatalogue(dayFile, exact)
    expect(totals).toEqual(independentSum(dayFile))
    expect(totals).toEqual({ lines: 3_072, invoices: 127, units: 26_919, pence: 5_896_079 })
  })

  it('accounts for every other line and invoice by its reason', async () => {
    const { leftOut, returned } = await retailCatalogue(dayFile, exact)
    expect(returned).toEqual({ lines: 26, invoices: 6, units: 183 })
    expect(leftOut.lines).toEqual({
      BAD_LINE: 0,
      INVOICE_NOT_NUMERIC: 0,
      QUANTITY_NOT_POSITIVE: 1,
      PRICE_NOT_POSITIVE: 9,
      BEYOND_LIMIT: 0,
    })
    expect(leftOut.invoices).toEqual({ INVOICE_NOT_NUMERIC: 0, NO_PAYABLE_LINE: 10, BEYOND_LIMIT: 0 })
  })

  it('gives out, when exact, as much money and stock as is spent and sold', async () => {
    const { profile, totals } = await retailCatalogue(dayFile, exact)
    const options = profile.products.flatMap(product => product.options)
    expect(profile.customers.reduce((sum, { balance }) => sum + balance, 0)).toBe(totals.pence)
    expect(options.reduce((sum, { stock = 0 }) => sum + stock, 0)).toBe(totals.units)
  })

  it('gives out ids that are unique, and apart from those of the seed profiles', async () => {
    const { profile } = await retailCatalogue(dayFile, exact)
    for (const list of [
      profile.products,
      profile.products.flatMap(({ options }) => options),
      profile.customers,
    ]) {
      const ids = new Set(list.map(({ id }) => id))
      expect(ids.size).toBe(list.length)
      expect(Math.min(...ids)).toBeGreaterThan(1_000_000)
    }
  })
})

describe('retailCatalogue', () => {
  it('makes a stock code a product at its lowest price, and each price an option', async () => {
    const file = retailFile(
      soldLine({ price: '3.10' }),
      soldLine({ price: '2.55', quantity: 4 }),
      soldLine({ price: '2.554', quantity: 3 }),
    )
    const { profile } = await retailCatalogue(file, exact)
    expect(profile.products).toEqual([
      {
        id: 1_000_001,
        name: 'TEA MUG',
        basePrice: 255,
        options: [
          { id: 2_000_001, optionName: '3.10', extraPrice: 55, stock: 1 },
          { id: 2_000_002, optionName: '2.55', extraPrice: 0, stock: 7 },
        ],
      },
    ])
  })

  it('compares stock codes as written', async () => {
    const { profile } = await retailCatalogue(
      retailFile(soldLine({ code: '15056bl' }), soldLine({ code: '15056BL' })),
      exact,
    )
    expect(profile.products).toHaveLength(2)
  })

  it('names a product by its first description that is not blank, or else by its code', async () => {
    const file = retailFile(
      soldLine({ description: ' ' }),
      soldLine({ description: 'RED MUG' }),
      soldLine({ description: 'damaged' }),
      soldLine({ code: 'POST', description: '' }),
    )
    const { profile } = await retailCatalogue(file, exact)
    expect(profile.products.map(({ name }) => name)).toEqual(['RED MUG', 'POST'])
  })

  it('makes a guest for each invoice that names no customer', async () => {
    const file = retailFile(
      soldLine({ invoice: '1', customer: '' }),
      soldLine({ invoice: '2' }),
      soldLine({ invoice: '3', customer: '' }),
      soldLine({ invoice: '1', customer: '' }),
    )
    const { profile, invoices } = await retailCatalogue(file, exact)
    expect(profile.customers).toEqual([
      { id: 3_000_001, username: 'guest 1', balance: 510 },
      { id: 3_000_002, username: 'customer 17850', balance: 255 },
      { id: 3_000_003, username: 'guest 3', balance: 255 },
    ])
    expect(invoices.get('1')).toEqual({ customerId: 3_000_001, lines: 2 })
  })

  it('gives every tenth customer nine tenths of what it will spend', async () => {
    const lines = Array.from({ length: 20 }, (_, at) =>
      soldLine({ invoice: `${at}`, customer: `${at}`, price: '1.01' }),
    )
    const { profile } = await retailCatalogue(retailFile(...lines), { exact: false })
    const poor = profile.customers.filter(({ balance }) => balance < 101)
    expect(poor).toEqual([
      { id: 3_000_010, username: 'customer 9', balance: 90 },
      { id: 3_000_020, username: 'customer 19', balance: 90 },
    ])
  })

  it('stocks every fiftieth option one unit short', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => soldLine({ code: `${at}`, quantity: 5 }))
    const { profile } = await retailCatalogue(retailFile(...lines), { exact: false })
    const short = profile.products.filter(({ options }) => options[0]?.stock === 4)
    expect(short.map(({ id }) => id)).toEqual([1_000_050, 1_000_100])
  })

  it('keeps, under a limit, the first invoices only, wherever their lines stand', async () => {
    const file = retailFile(
      soldLine({ invoice: 'C1' }),
      soldLine({ invoice: '2' }),
      soldLine({ invoice: '3', customer: '1' }),
      soldLine({ invoice: '4', customer: '2' }),
      soldLine({ invoice: '2' }),
    )
    const { totals, leftOut, profile } = await retailCatalogue(file, { exact: true, limit: 2 })
    expect(totals).toEqual({ lines: 3, invoices: 2, units: 3, pence: 765 })
    expect(profile.customers).toHaveLength(2)
    expect(leftOut.lines).toMatchObject({ INVOICE_NOT_NUMERIC: 1, BEYOND_LIMIT: 1 })
    expect(leftOut.invoices).toEqual({ INVOICE_NOT_NUMERIC: 1, NO_PAYABLE_LINE: 0, BEYOND_LIMIT: 1 })
  })

  it('counts all bad lines and names the first twenty', async () => {
    const { leftOut, totals } = await retailCatalogue(
      retailFile(...Array.from({ length: 25 }, () => 'oops'), soldLine({})),
      exact,
    )
    expect(totals.lines).toBe(1)
    expect(leftOut.lines.BAD_LINE).toBe(25)
    expect(leftOut.badLines).toHaveLength(20)
    expect(leftOut.badLines[0]).toEqual({ lineNumber: 2, detail: 'it has 1 fields instead of 8' })
  })
})
