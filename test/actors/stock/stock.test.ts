import { describe, expect, it } from 'vitest'
import { stock } from '../../../src/actors/stock/stock.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type Sent, type TestRuntime } from '../../runtime/open-test-runtime.ts'

const option = 'stock/61'
const key = { scope: '1001/1', name: 'decreaseStock/61' }
const restock = (quantity: number) => ({ type: 'Restock', quantity })
const decrease = (quantity: number): Sent => ({
  to: option,
  message: { type: 'DecreaseStock', quantity },
  key,
  resent: true,
})
const restore = (quantity: number): Sent => ({
  to: option,
  message: { type: 'RestoreStock', quantity },
  key: { ...key, name: 'restoreStock/61' },
  undoes: key,
  resent: true,
})

async function stockOf(quantity: number): Promise<TestRuntime> {
  const runtime = openTestRuntime({ actors: [erased(stock)] })
  await runtime.run(option, restock(quantity))
  return runtime
}

const quantityOf = ({ stored }: TestRuntime) => (stored(option) as { quantity: number }).quantity

const movements = ({ database }: TestRuntime) =>
  database.prepare('SELECT movement, quantity, key FROM stock_movements ORDER BY sequence').raw().all()

describe('Restock', () => {
  it('adds to what is there, and notes the movement', async () => {
    const runtime = await stockOf(20)
    expect(await runtime.run(option, restock(5))).toEqual({
      type: 'Restocked',
      productOptionId: 61,
      quantity: 25,
    })
    expect(movements(runtime)).toEqual([
      ['RESTOCK', 20, ''],
      ['RESTOCK', 5, ''],
    ])
  })

  it('fills it up to a limit', async () => {
    const runtime = await stockOf(20)
    expect(await runtime.run(option, restock(999_999_981))).toMatchObject({
      refusal: { code: 'INVALID_ARGUMENT', facts: { path: 'quantity' } },
    })
    expect(await runtime.run(option, restock(999_999_980))).toMatchObject({ quantity: 1_000_000_000 })
  })
})

describe('OpenStock', () => {
  it('makes it known with 0 units, and changes nothing about one that is', async () => {
    const runtime = openTestRuntime({ actors: [erased(stock)] })
    await runtime.tell({ to: option, message: { type: 'OpenStock' } })
    expect(runtime.stored(option)).toEqual({ productOptionId: 61, quantity: 0 })
    await runtime.run(option, restock(5))
    await runtime.tell({ to: option, message: { type: 'OpenStock' } })
    expect(quantityOf(runtime)).toBe(5)
    expect(movements(runtime)).toEqual([['RESTOCK', 5, '']])
  })
})

describe('WriteOffStock', () => {
  const writeOff = (quantity: number) => ({ type: 'WriteOffStock', quantity })

  it.each([1, 20])('takes %d of 20 out, and notes the movement', async quantity => {
    const runtime = await stockOf(20)
    expect(await runtime.run(option, writeOff(quantity))).toEqual({
      type: 'StockWrittenOff',
      productOptionId: 61,
      quantity: 20 - quantity,
    })
    expect(quantityOf(runtime)).toBe(20 - quantity)
    expect(movements(runtime).at(-1)).toEqual(['WRITE_OFF', quantity, ''])
  })

  it('refuses more than is there, and what was never stocked', async () => {
    const runtime = await stockOf(20)
    expect(await runtime.run(option, writeOff(21))).toEqual({
      type: 'WriteOffStockRejected',
      refusal: { code: 'STOCK_INSUFFICIENT', facts: { productOptionId: 61, available: 20, requested: 21 } },
    })
    expect(await runtime.run('stock/99', writeOff(1))).toMatchObject({ refusal: { code: 'STOCK_NOT_FOUND' } })
    expect(movements(runtime)).toHaveLength(1)
  })
})

describe('DecreaseStock', () => {
  it.each([1, 20])('takes %d of 20', async quantity => {
    const runtime = await stockOf(20)
    expect(await runtime.tell(decrease(quantity))).toEqual([{ type: 'StockDecreased', productOptionId: 61 }])
    expect(quantityOf(runtime)).toBe(20 - quantity)
    expect(movements(runtime).at(-1)).toEqual(['DECREASE', quantity, '1001/1/decreaseStock/61'])
  })

  it('refuses more than is there', async () => {
    const runtime = await stockOf(20)
    expect(await runtime.tell(decrease(21))).toEqual([
      {
        type: 'DecreaseStockRejected',
        refusal: { code: 'STOCK_INSUFFICIENT', facts: { productOptionId: 61, available: 20, requested: 21 } },
      },
    ])
    expect(quantityOf(runtime)).toBe(20)
    expect(movements(runtime)).toHaveLength(1)
  })

  it('refuses what was never stocked', async () => {
    const runtime = openTestRuntime({ actors: [erased(stock)] })
    expect(await runtime.tell(decrease(1))).toEqual([
      {
        type: 'DecreaseStockRejected',
        refusal: { code: 'STOCK_NOT_FOUND', facts: { productOptionId: 61 } },
      },
    ])
  })

  it('repeated takes once, also after a restart', async () => {
    const first = await stockOf(20)
    await first.tell(decrease(5), decrease(5))
    const second = first.crash()
    await second.tell(decrease(5))
    expect(quantityOf(second)).toBe(15)
  })

  it('of two at once for the last one gives it to the first', async () => {
    const runtime = await stockOf(1)
    const other = { ...decrease(1), key: { ...key, scope: '1002/1' } }
    expect((await runtime.tell(decrease(1), other)).map(({ type }) => type)).toEqual([
      'StockDecreased',
      'DecreaseStockRejected',
    ])
  })
})

describe('RestoreStock', () => {
  it('puts back what was taken', async () => {
    const runtime = await stockOf(20)
    await runtime.tell(decrease(5))
    expect(await runtime.tell(restore(5), restore(5))).toEqual([
      { type: 'StockRestored', productOptionId: 61 },
      { type: 'StockRestored', productOptionId: 61 },
    ])
    expect(quantityOf(runtime)).toBe(20)
    expect(movements(runtime).at(-1)).toEqual(['RESTORE', 5, '1001/1/restoreStock/61'])
  })

  it.each([
    ['never came', []],
    ['was refused', [decrease(99)]],
  ])('of a decrease that %s changes nothing', async (_case, earlier) => {
    const runtime = await stockOf(20)
    await runtime.tell(...earlier)
    expect(await runtime.tell(restore(5))).toEqual([{ type: 'StockRestored', productOptionId: 61 }])
    expect(quantityOf(runtime)).toBe(20)
    expect(movements(runtime)).toHaveLength(1)
  })
})
