import { describe, expect, it } from 'vitest'
import { silentProgress } from '../../../src/cli/progress.ts'
import { type ReplayOptions, replay } from '../../../src/cli/replay/replay.ts'
import { renderReport } from '../../../src/cli/replay/replay-report.ts'
import { RetailFileUnreadable } from '../../../src/cli/replay/retail-csv.ts'
import { AlreadySeeded } from '../../../src/cli/seed/seed.ts'
import { type FilledShop, filledShop } from '../seed/filled-shop.ts'
import { retailFile, soldLine } from './retail-file.ts'
import { Till } from './till.ts'

const dayFile = 'data/online-retail-2010-12-01.csv'

function replayAt(till: Till, file: string, options: Partial<ReplayOptions> = {}, shop = filledShop()) {
  const target = Object.assign(shop, { baseUrl: till.baseUrl })
  return replay({ file, exact: true, concurrency: 8, ...options }, target, silentProgress)
}

const refusal = (status: number, code: string) => ({ status, body: { code } })
const threeInvoices = () =>
  retailFile(...['1', '2', '3'].map(invoice => soldLine({ invoice, quantity: Number(invoice) })))

describe('replay', () => {
  it('creates the shop and sends every payable invoice of the day as an order', async () => {
    await using till = await Till.open()
    const shop = filledShop()
    const report = await replayAt(till, dayFile, {}, shop)
    expect(report).toMatchObject({
      orders: 127,
      paid: { orders: 127, units: 26_919 },
      refused: {},
      compensations: 0,
      shop: { products: 1_340, options: 1_881, customers: 101 },
    })
    expect(till.orders).toHaveLength(127)
    expect(shop.sent.filter(({ message }) => message.type === 'CreateCustomer')).toHaveLength(101)
  })

  it("keeps each customer's orders in file order, one after the other, and many customers going", async () => {
    await using till = await Till.open()
    const lines = Array.from({ length: 60 }, (_, at) =>
      soldLine({ invoice: `${at}`, customer: `${at % 3}`, quantity: at + 1 }),
    )
    await replayAt(till, retailFile(...lines))
    expect(till.atOnceOfCustomer).toBe(1)
    expect(till.atOnce).toBeGreaterThan(1)
    expect(till.atOnce).toBeLessThanOrEqual(8)
    for (const customer of Object.values(Object.groupBy(till.orders, ({ customerId }) => customerId))) {
      const sequence = customer?.map(({ items }) => items[0]?.quantity ?? 0) ?? []
      expect(sequence).toEqual(sequence.toSorted((a, b) => a - b))
    }
  })

  it('sends what comes back as a return of what was paid, after it, and counts what belongs to nothing', async () => {
    await using till = await Till.open()
    const file = retailFile(
      soldLine({ invoice: 'C0', quantity: -1 }),
      soldLine({ invoice: '1', quantity: 3 }),
      soldLine({ invoice: 'C2', quantity: -2 }),
      soldLine({ invoice: 'C3', quantity: -2 }),
      soldLine({ invoice: 'C4', quantity: -1, customer: '' }),
    )
    expect(await replayAt(till, file)).toMatchObject({
      orders: 1,
      returned: { returns: 2, units: 3, pence: 3 },
      unmatchedReturns: {
        NOT_BOUGHT: { lines: 1, units: 1 },
        MORE_THAN_BOUGHT: { lines: 1, units: 1 },
        NO_CUSTOMER: { lines: 1, units: 1 },
      },
      refusedReturns: {},
    })
    expect(till.returns).toEqual([
      { orderId: 1, key: 'replay-C2-1', items: [{ productOptionId: 2_000_001, quantity: 2 }] },
      { orderId: 1, key: 'replay-C3-1', items: [{ productOptionId: 2_000_001, quantity: 1 }] },
    ])
  })

  it('counts refused returns by code', async () => {
    await using till = await Till.open({ takeBack: () => refusal(409, 'ORDER_NOT_RETURNABLE') })
    const file = retailFile(soldLine({ invoice: '1' }), soldLine({ invoice: 'C2', quantity: -1 }))
    expect(await replayAt(till, file)).toMatchObject({
      returned: { returns: 0, units: 0, pence: 0 },
      refusedReturns: { ORDER_NOT_RETURNABLE: 1 },
    })
  })

  it('counts refusals by code, and as compensated only payments that had begun and failed', async () => {
    const quantityOf = (order: { items: { quantity: number }[] }) => order.items[0]?.quantity
    await using till = await Till.open({
      order: order => (quantityOf(order) === 1 ? refusal(409, 'STOCK_INSUFFICIENT') : undefined),
      pay: order =>
        quantityOf(order) === 2
          ? refusal(409, 'BALANCE_INSUFFICIENT')
          : quantityOf(order) === 3
            ? refusal(409, 'ORDER_NOT_PAYABLE')
            : undefined,
      look: () => ({ status: 'FAILED' }),
    })
    const file = retailFile(
      ...['1', '2', '3', '4'].map(invoice => soldLine({ invoice, quantity: Number(invoice) })),
    )
    expect(await replayAt(till, file)).toMatchObject({
      orders: 4,
      paid: { orders: 1, units: 4, pence: 4 },
      refused: { STOCK_INSUFFICIENT: 1, BALANCE_INSUFFICIENT: 1, ORDER_NOT_PAYABLE: 1 },
      compensations: 1,
    })
  })

  it('follows a payment that takes long until it ends', async () => {
    const looks = ['PAYING', 'COMPENSATING', 'FAILED', 'PAYING', 'COMPLETED', 'COMPLETED']
    await using till = await Till.open({
      pay: () => ({ status: 202, body: {} }),
      look: () => ({ status: looks.shift(), discountedPrice: 70, failure: { code: 'STOCK_INSUFFICIENT' } }),
    })
    expect(await replayAt(till, threeInvoices())).toMatchObject({
      paid: { orders: 2, units: 5, pence: 140 },
      refused: { STOCK_INSUFFICIENT: 1 },
      compensations: 1,
    })
  })

  it('waits and asks again while the server is too busy', async () => {
    let busy = 2
    await using till = await Till.open({
      order() {
        busy -= 1
        return busy >= 0 ? { ...refusal(503, 'OVERLOADED'), retryAfterSeconds: 1 } : undefined
      },
    })
    expect(await replayAt(till, threeInvoices())).toMatchObject({ paid: { orders: 3 }, refused: {} })
  })

  it('gives up when the server is gone', async () => {
    const till = await Till.open()
    const shop: FilledShop = filledShop()
    const target = Object.assign(shop, { baseUrl: till.baseUrl })
    await till[Symbol.asyncDispose]()
    const options = { file: threeInvoices(), exact: true, concurrency: 2 }
    await expect(replay(options, target, silentProgress)).rejects.toThrow('ECONNREFUSED')
  })

  it('sends no more than the limit', async () => {
    await using till = await Till.open()
    expect(await replayAt(till, dayFile, { limit: 5 })).toMatchObject({ orders: 5, paid: { orders: 5 } })
  })

  it.each([
    ['the file is missing', 'no-such.csv', [], RetailFileUnreadable],
    ['the shop already holds a replay', dayFile, [3_000_001], AlreadySeeded],
  ])('changes nothing when %s', async (_, file, taken, refused) => {
    await using till = await Till.open()
    const shop = filledShop({ taken })
    await expect(replayAt(till, file, {}, shop)).rejects.toThrow(refused)
    expect(shop.sent).toEqual([])
    expect(till.orders).toEqual([])
  })
})

describe('renderReport', () => {
  it('says in lines what a replay came to', () => {
    const report = renderReport({
      file: {
        payable: { lines: 530_099, invoices: 19_959, units: 5_588_371, pence: 1_065_562_248 },
        returned: { lines: 9_288, invoices: 3_836, units: 277_574 },
        leftOut: {
          lines: {
            BAD_LINE: 1,
            INVOICE_NOT_NUMERIC: 3,
            QUANTITY_NOT_POSITIVE: 0,
            PRICE_NOT_POSITIVE: 0,
            BEYOND_LIMIT: 0,
          },
          invoices: { INVOICE_NOT_NUMERIC: 3, NO_PAYABLE_LINE: 2_102, BEYOND_LIMIT: 0 },
          badLines: [{ lineNumber: 1_234, detail: 'it has 1 fields instead of 8' }],
        },
      },
      shop: { products: 3_920, options: 15_411, customers: 5_765 },
      orders: 19_959,
      paid: { orders: 18_000, units: 5_000_000, pence: 900_000_000 },
      refused: { BALANCE_INSUFFICIENT: 1_900, STOCK_INSUFFICIENT: 59 },
      compensations: 1_900,
      returned: { returns: 5_000, units: 250_000, pence: 48_000_000 },
      unmatchedReturns: {
        NO_CUSTOMER: { lines: 383, units: 2_766 },
        NOT_BOUGHT: { lines: 1_218, units: 22_311 },
      },
      refusedReturns: { ORDER_NOT_RETURNABLE: 1 },
      seconds: 20,
      paymentsPerSecond: 900,
      latencyMs: { p50: 5, p95: 12, p99: 20 },
      peakMemoryBytes: 200 * 2 ** 20,
    })
    expect(report.split('\n')).toEqual([
      'payable       530,099 lines, 19,959 invoices, 5,588,371 units, 1,065,562,248 pence',
      'came back     9,288 lines, 3,836 invoices, 277,574 units',
      'left out      lines: BAD_LINE 1, INVOICE_NOT_NUMERIC 3',
      '              invoices: INVOICE_NOT_NUMERIC 3, NO_PAYABLE_LINE 2,102',
      '              line 1,234: it has 1 fields instead of 8',
      'shop          3,920 products, 15,411 options, 5,765 customers and guests',
      'orders        19,959',
      'paid          18,000 orders, 5,000,000 units, 900,000,000 pence',
      'refused       1,959 orders: BALANCE_INSUFFICIENT 1,900, STOCK_INSUFFICIENT 59',
      'compensations 1,900',
      'returned      5,000 returns, 250,000 units, 48,000,000 pence',
      'not matched   NO_CUSTOMER 383 lines, 2,766 units; NOT_BOUGHT 1,218 lines, 22,311 units',
      'not returned  ORDER_NOT_RETURNABLE 1',
      'speed         900 payments/s over 20 s',
      'latency       p50 5 ms, p95 12 ms, p99 20 ms',
      'memory        200 MB at most',
    ])
  })
})
