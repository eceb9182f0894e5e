import { describe, expect, it } from 'vitest'
import { product } from '../../../src/actors/product/product.ts'
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
const open = () => openTestRuntime({ actors: [erased(product)] })

describe('CreateProduct', () => {
  it('makes the product with its options, as rows to be found by', async () => {
    const { run, stored, database } = open()
    expect(await run('product/51', create)).toEqual({ type: 'ProductCreated', productId: 51 })
    const { type: _type, ...state } = create
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
    expect(await second.run('product/51', { ...create, name: 'Mug' })).toEqual({
      type: 'ProductCreated',
      productId: 51,
    })
    expect(everyRow(second.database)).toEqual(before)
  })
})
