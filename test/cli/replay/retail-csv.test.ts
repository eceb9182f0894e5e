import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { penceOf, RetailFileUnreadable, readRetailCsv } from '../../../src/cli/replay/retail-csv.ts'
import { allOf, fileWith, retailFile, soldLine } from './retail-file.ts'

const read = (file: string) => allOf(readRetailCsv(file))

describe('penceOf', () => {
  it('reads what comes back as a return of so many units', async () => {
    const line = soldLine({ invoice: 'C536379', quantity: -12, price: '1.65' })
    expect(await read(retailFile(line))).toEqual([
      { type: 'returned', invoice: 'C536379', stockCode: 'MUG', quantity: 12, customer: '17850' },
    ])
  })

  it.each([
    ['2.55', 255],
    ['0.85', 85],
    ['38970.0', 3_897_000],
    ['3', 300],
    ['0', 0],
    ['0.005', 1],
    ['0.0049999', 0],
    ['0.001', 0],
    ['2.555', 256],
    ['1.005', 101],
    ['8.575', 858],
    ['1.995', 200],
    ['10000000.07', 1_000_000_007],
    ['-11062.06', -1_106_206],
  ])('%s pounds are %i pence', (pounds, pence) => {
    expect(penceOf(pounds)).toBe(pence)
  })

  it.each(['', '.5', '5.', '1e3', '1,5', ' 1', '£2.55', 'NaN'])('does not take "%s" for an amount', text => {
    expect(penceOf(text)).toBeUndefined()
  })
})

describe('readRetailCsv', () => {
  it('reads what was sold', async () => {
    expect(await read(retailFile(soldLine({ code: '85123A', quantity: 6 })))).toEqual([
      {
        type: 'sold',
        invoice: '536365',
        stockCode: '85123A',
        description: 'TEA MUG',
        quantity: 6,
        pence: 255,
        customer: '17850',
      },
    ])
  })

  it('reads quoted descriptions and invoices without a customer', async () => {
    const file = retailFile(soldLine({ description: '"MUG, ""BLUE"""', customer: '' }))
    expect(await read(file)).toMatchObject([{ description: 'MUG, "BLUE"', customer: '' }])
  })

  it('reads the same from a gzipped file, whatever its name', async () => {
    const plain = retailFile(soldLine({}), soldLine({ code: 'POT' }))
    expect(await read(fileWith(gzipSync(readFileSync(plain))))).toEqual(await read(plain))
  })

  it.each([
    ['a cancellation of nothing', { invoice: 'C536379' }, 'INVOICE_NOT_NUMERIC'],
    ['a correction', { invoice: 'A563185' }, 'INVOICE_NOT_NUMERIC'],
    ['a negative quantity', { quantity: -10 }, 'QUANTITY_NOT_POSITIVE'],
    ['no quantity', { quantity: 0 }, 'QUANTITY_NOT_POSITIVE'],
    ['a gift', { price: '0.0' }, 'PRICE_NOT_POSITIVE'],
    ['a price that rounds to nothing', { price: '0.001' }, 'PRICE_NOT_POSITIVE'],
    ['a negative price', { price: '-0.01' }, 'PRICE_NOT_POSITIVE'],
  ])('leaves out %s', async (_, fields, leftOut) => {
    expect(await read(retailFile(soldLine(fields)))).toMatchObject([{ leftOut }])
  })

  it.each([
    ['too few fields', 'oops', 'it has 1 fields instead of 8'],
    ['too many fields', soldLine({ description: 'MUG, BLUE' }), 'it has 9 fields instead of 8'],
    ['an open quote', soldLine({ description: '"MUG' }), 'its quotes do not match'],
    ['a stray quote', soldLine({ description: '12" PLATE' }), 'its quotes do not match'],
    ['no invoice', soldLine({ invoice: '' }), 'its invoice number is missing or too long'],
    ['no stock code', soldLine({ code: '' }), 'it has no stock code'],
    ['half a unit', soldLine({ quantity: 1.5 }), 'its quantity "1.5" is not a whole number'],
    ['a price in words', soldLine({ price: 'free' }), 'its unit price "free" is not a decimal number'],
    ['a customer in words', soldLine({ customer: 'Bob' }), 'its customer "Bob" is not a number'],
    ['too many units', soldLine({ quantity: 100_001 }), 'its quantity 100001 is above 100000'],
    [
      'too high a price',
      soldLine({ price: '10000000.01' }),
      'its unit price of 1000000001 pence is above 1000000000',
    ],
  ])('names a line with %s by its number and reads on', async (_, line, detail) => {
    expect(await read(retailFile(soldLine({}), line, soldLine({})))).toMatchObject([
      { invoice: '536365' },
      { leftOut: 'BAD_LINE', lineNumber: 3, detail },
      { invoice: '536365' },
    ])
  })

  it('takes the last line without a line end, and passes over empty ones', async () => {
    const withHeader = readFileSync(retailFile(), 'utf8')
    expect(await read(fileWith(`\uFEFF${withHeader}\n\n${soldLine({})}`))).toMatchObject([{ pence: 255 }])
  })

  it.each([
    ['is missing', join(tmpdir(), 'no-such-retail.csv'), 'there is no such file'],
    ['is a directory', tmpdir(), 'EISDIR'],
    ['is empty', fileWith(''), 'is empty'],
    ['is something else', fileWith('a,b\n1,2\n'), 'is not the Online Retail CSV'],
    ['breaks off', fileWith(gzipSync('InvoiceNo').subarray(0, 12)), 'unexpected end of file'],
  ])('says so when the file %s', async (_, file, sentence) => {
    const reading = read(file)
    await expect(reading).rejects.toThrow(RetailFileUnreadable)
    await expect(reading).rejects.toThrow(sentence)
  })
})
