import { describe, expect, it } from 'vitest'
import { product } from '../../../src/actors/product/product.ts'
import { stock } from '../../../src/actors/stock/stock.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { everyRow, openTestRuntime } from '../../runtime/open-test-runtime.ts'

const create = {
  type: 'CreateProduct',
  productId: 51,
  name: 'Cup',
  basePrice: 1_000,
  options: [
    { productOptionId: 61, optionName: 'red', extraPrice: 0 },
    { productOptionId: 62, optionName: 'gold', extraPrice: 500 },
  ],
}
const open = () => openTestRuntime({ actors: [erased(product), erased(stock)] })

describe('CreateProduct', () => {
  it('makes the product with its options, as rows to be found by', async () => {
    const { run, stored, database } = open()
    const { type: _type, ...state } = create
    expect(await run('product/51', create)).toEqual({ type: 'ProductCreated', ...state })
    expect(stored('product/51')).toEqual(state)
    expect(everyRow(database)).toMatchObject({
      products: [{ product_id: 51, name: 'Cup', base_price: 1_000 }],
      product_options: [
        { option_id: 61, product_id: 51, option_name: 'red', extra_price: 0 },
        { option_id: 62, product_id: 51, option_name: 'gold', extra_price: 500 },
      ],
    })
  })

  it('repeated changes nothing, also after a restart', async () => {
    const first = open()
    await first.run('product/51', create)
    const before = everyRow(first.database)
    const second = first.crash()
    expect(await second.run('product/51', { ...create, name: 'Mug' })).toMatchObject({
      type: 'ProductCreated',
      productId: 51,
      name: 'Cup',
    })
    expect(everyRow(second.database)).toEqual(before)
  })

  it('opens the stock of its options where that is asked for', async () => {
    const { run, stored } = open()
    await run('product/51', { ...create, opensStock: true })
    expect([stored('stock/61'), stored('stock/62')]).toEqual([
      { productOptionId: 61, quantity: 0 },
      { productOptionId: 62, quantity: 0 },
    ])
    await run('product/52', {
      ...create,
      productId: 52,
      options: [{ ...create.options[0], productOptionId: 63 }],
    })
    expect(stored('stock/63')).toBeUndefined()
  })
})

async function created() {
  const shop = open()
  await shop.run('product/51', create)
  return shop
}

describe('ChangeProduct', () => {
  it('changes the name, the price or both, for lists as well', async () => {
    const { run, stored, database } = await created()
    expect(await run('product/51', { type: 'ChangeProduct', name: 'Mug' })).toEqual({
      type: 'ProductChanged',
      productId: 51,
      name: 'Mug',
      basePrice: 1_000,
      options: create.options,
    })
    await run('product/51', { type: 'ChangeProduct', basePrice: 0 })
    expect(stored('product/51')).toMatchObject({ name: 'Mug', basePrice: 0, options: create.options })
    expect(everyRow(database)['products']).toEqual([
      { product_id: 51, name: 'Mug', base_price: 0, searched_name: 'MUG' },
    ])
  })

  it('of two at once lets both stand', async () => {
    const { ask, runtime, stored } = await created()
    const answers = [
      ask('product/51', { type: 'ChangeProduct', name: 'Mug' }),
      ask('product/51', { type: 'ChangeProduct', basePrice: 900 }),
    ]
    runtime.runUntilIdle()
    expect((await Promise.all(answers)).map(({ type }) => type)).toEqual(['ProductChanged', 'ProductChanged'])
    expect(stored('product/51')).toMatchObject({ name: 'Mug', basePrice: 900 })
  })

  it('refuses a price at which an option would pass the limit', async () => {
    const { run, stored } = await created()
    expect(await run('product/51', { type: 'ChangeProduct', basePrice: 999_999_501 })).toMatchObject({
      type: 'ChangeProductRejected',
      refusal: { code: 'INVALID_ARGUMENT', facts: { path: 'basePrice' } },
    })
    expect(stored('product/51')).toMatchObject({ basePrice: 1_000 })
    expect(await run('product/51', { type: 'ChangeProduct', basePrice: 999_999_500 })).toMatchObject({
      type: 'ProductChanged',
    })
  })

  it('to what it is already leaves no row', async () => {
    const { run, database } = await created()
    const before = everyRow(database)
    expect(await run('product/51', { type: 'ChangeProduct', name: 'Cup' })).toMatchObject({ name: 'Cup' })
    expect(everyRow(database)).toEqual(before)
  })
})

describe('AddOption', () => {
  const add = (optionName: string, extraPrice = 0, productOptionId = 63) => ({
    type: 'AddOption',
    productOptionId,
    optionName,
    extraPrice,
  })

  it('adds an option whose stock is there, with 0 units', async () => {
    const { run, stored } = await created()
    expect(await run('product/51', add('blue', 200))).toEqual({
      type: 'OptionAdded',
      productId: 51,
      productOptionId: 63,
      optionName: 'blue',
      extraPrice: 200,
    })
    expect(stored('product/51')).toMatchObject({ options: [{}, {}, { productOptionId: 63 }] })
    expect(stored('stock/63')).toEqual({ productOptionId: 63, quantity: 0 })
  })

  it('of two of one name at once adds one', async () => {
    const { ask, runtime } = await created()
    const answers = [ask('product/51', add('blue')), ask('product/51', add('blue', 0, 64))]
    runtime.runUntilIdle()
    expect(await Promise.all(answers)).toMatchObject([
      { type: 'OptionAdded' },
      { refusal: { code: 'OPTION_NAME_TAKEN', facts: { productId: 51, optionName: 'blue' } } },
    ])
  })

  it('refuses a unit price above the limit, and more options than the limit', async () => {
    const { run } = await created()
    expect(await run('product/51', add('blue', 999_999_001))).toMatchObject({
      refusal: { code: 'INVALID_ARGUMENT', facts: { path: 'extraPrice' } },
    })
    for (let place = 2; place < 100; place += 1) await run('product/51', add(`no. ${place}`, 0, 100 + place))
    expect(await run('product/51', add('one more'))).toMatchObject({
      refusal: { code: 'INVALID_ARGUMENT', facts: { reason: 'a product has at most 100 options' } },
    })
  })
})

describe('ChangeOption', () => {
  const change = (change: object, productOptionId = 62) => ({
    type: 'ChangeOption',
    productOptionId,
    ...change,
  })

  it('changes the name, the price or both, for lists as well', async () => {
    const { run, stored, database } = await created()
    expect(await run('product/51', change({ optionName: 'golden' }))).toEqual({
      type: 'OptionChanged',
      productId: 51,
      productOptionId: 62,
      optionName: 'golden',
      extraPrice: 500,
    })
    await run('product/51', change({ extraPrice: 400 }))
    expect(stored('product/51')).toMatchObject({
      options: [create.options[0], { productOptionId: 62, optionName: 'golden', extraPrice: 400 }],
    })
    expect(everyRow(database)['product_options']).toMatchObject([
      { option_id: 61 },
      { option_id: 62, option_name: 'golden', extra_price: 400 },
    ])
  })

  it.each([
    [change({ optionName: 'red' }), 'OPTION_NAME_TAKEN'],
    [change({ extraPrice: 999_999_001 }), 'INVALID_ARGUMENT'],
    [change({ optionName: 'blue' }, 99), 'PRODUCT_OPTION_NOT_FOUND'],
  ])('refuses %j', async (message, code) => {
    const { run, stored } = await created()
    const before = stored('product/51')
    expect(await run('product/51', message)).toMatchObject({
      type: 'ChangeOptionRejected',
      refusal: { code },
    })
    expect(stored('product/51')).toEqual(before)
  })

  it('may name the option as it is named', async () => {
    const { run } = await created()
    expect(await run('product/51', change({ optionName: 'gold', extraPrice: 1 }))).toMatchObject({
      type: 'OptionChanged',
    })
  })
})

describe('A product that does not exist', () => {
  it.each([
    { type: 'ChangeProduct', name: 'Mug' },
    { type: 'AddOption', productOptionId: 63, optionName: 'blue', extraPrice: 0 },
    { type: 'ChangeOption', productOptionId: 63, optionName: 'blue' },
  ])('refuses $type and leaves no row', async message => {
    const { run, database } = open()
    expect(await run('product/99', message)).toEqual({
      type: `${message.type}Rejected`,
      refusal: { code: 'PRODUCT_NOT_FOUND', facts: { productId: 99 } },
    })
    expect(everyRow(database)).toMatchObject({ snapshots: [], products: [], product_options: [] })
  })
})
