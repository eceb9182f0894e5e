import { describe, expect, it } from 'vitest'
import { CatalogueCache } from '../../../src/actors/product/catalogue-cache.ts'
import type { ListedProduct, Questions } from '../../../src/actors/questions.ts'

const sizes = { productsMax: 3, pagesMax: 3 }

/** A database whose reads are counted; product 9 is not there. */
function open(
  sourceOf?: (
    read: (id: number) => ListedProduct | undefined,
  ) => (id: number) => Promise<ListedProduct | undefined>,
) {
  const reads: unknown[] = []
  const prices = new Map<number, number>()
  const stocks = new Map<number, number>()
  const read = (id: number): ListedProduct | undefined => {
    reads.push(id)
    if (id === 9) return undefined
    const options = [{ id: id * 10, optionName: 'M', extraPrice: 5 }]
    return { id, name: `Cup ${id}`, basePrice: prices.get(id) ?? 100, options }
  }
  const questions = {
    listedProduct: read,
    stockOf: (id: number) => stocks.get(id) ?? 0,
    products(query?: string, page?: object) {
      reads.push([query, page])
      return { items: [{ id: 1, name: 'Cup 1', basePrice: prices.get(1) ?? 100 }] }
    },
  } as Partial<Questions> as Questions
  return { cache: new CatalogueCache(questions, sizes, sourceOf?.(read)), reads, prices, stocks }
}

describe('A catalogue that is kept in memory', () => {
  it('reads a product once, and its stock every time', () => {
    const { cache, reads, stocks } = open()
    stocks.set(10, 7)
    expect(cache.product(1)).toEqual({
      id: 1,
      name: 'Cup 1',
      basePrice: 100,
      options: [{ id: 10, optionName: 'M', extraPrice: 5, stock: 7 }],
    })
    stocks.set(10, 6)
    expect(cache.product(1)).toMatchObject({ options: [{ stock: 6 }] })
    expect(reads).toEqual([1])
  })

  it('reads again what was changed, and pages of lists with it', () => {
    const { cache, reads, prices } = open()
    const page = { limit: 20 }
    const seen = () => [cache.product(1), cache.product(2), ...cache.products('cup', page).items]
    expect(seen()).toMatchObject([{ basePrice: 100 }, {}, { basePrice: 100 }])
    prices.set(1, 120)
    cache.forget(1)
    expect(seen()).toMatchObject([{ basePrice: 120 }, {}, { basePrice: 120 }])
    expect(reads).toEqual([1, 2, ['cup', page], 1, ['cup', page]])
  })

  it('tells pages by query, size and cursor', () => {
    const { cache, reads } = open()
    for (const query of [undefined, 'a', 'a'])
      for (const page of [{ limit: 1 }, { limit: 1, cursor: 'x' }]) cache.products(query, page)
    expect(reads).toHaveLength(4)
  })

  it('keeps so many, those asked for last', () => {
    const { cache, reads } = open()
    for (const id of [1, 2, 3, 1, 4, 1, 2]) void cache.product(id)
    expect(reads).toEqual([1, 2, 3, 4, 2])
  })

  it('does not keep that something is not there', () => {
    const { cache, reads } = open()
    expect([cache.product(9), cache.product(9)]).toEqual([undefined, undefined])
    expect(reads).toEqual([9, 9])
  })
})

describe('A catalogue over a layer that answers later', () => {
  /** Loads wait until they are let go. */
  function openLate() {
    const waiting: (() => void)[] = []
    const opened = open(read => id => {
      // What it answers is what was there when it was asked.
      const found = read(id)
      return new Promise(resolve => waiting.push(() => resolve(found)))
    })
    return { ...opened, waiting }
  }

  it('loads a product once, however many ask for it meanwhile', async () => {
    const { cache, reads, waiting } = openLate()
    const asked = Array.from({ length: 100 }, () => cache.product(1))
    expect(waiting).toHaveLength(1)
    waiting[0]?.()
    expect(new Set((await Promise.all(asked)).map(found => found?.name))).toEqual(new Set(['Cup 1']))
    expect(await cache.product(1)).toMatchObject({ id: 1 })
    expect(reads).toEqual([1])
  })

  it('does not keep what was loaded before a change, whichever load ends first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { cache, prices, waiting } = openLate()
      const before = cache.product(1)
      prices.set(1, 120)
      cache.forget(1)
      const after = cache.product(1)
      for (const place of order) waiting[place]?.()
      expect([await before, await after]).toMatchObject([{ basePrice: 100 }, { basePrice: 120 }])
      expect(await cache.product(1)).toMatchObject({ basePrice: 120 })
      expect(waiting).toHaveLength(2)
    }
  })

  it('asks again after a load that failed', async () => {
    let failing = true
    const { cache } = open(read => async id => {
      if (failing) throw new Error('It is gone')
      return read(id)
    })
    await expect(Promise.all([cache.product(1), cache.product(1)])).rejects.toThrow('It is gone')
    failing = false
    expect(await cache.product(1)).toMatchObject({ id: 1 })
  })
})
