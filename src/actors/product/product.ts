import { storeActor } from '../store-actor.ts'
import type { ProductCommand, ProductOption, ProductReply } from './product-messages.ts'

export interface ProductState {
  /** Null until the product is created. */
  readonly productId: number | null
  readonly name: string
  readonly basePrice: number
  readonly options: readonly ProductOption[]
}

/** What is sold, in which options, at which price. Its rows are the read side that orders are quoted from. */
export const product = storeActor<ProductState, ProductCommand>({
  kind: 'product',
  version: 1,
  initial: { productId: null, name: '', basePrice: 0, options: [] },
  on: {
    CreateProduct(state, { productId, name, basePrice, options }, { emit }) {
      emit.reply({ message: { type: 'ProductCreated', productId } satisfies ProductReply })
      if (state.productId !== null) return undefined
      emit.append({ table: 'products', row: { product_id: productId, name, base_price: basePrice } })
      for (const { productOptionId, optionName, extraPrice } of options) {
        emit.append({
          table: 'product_options',
          row: {
            option_id: productOptionId,
            product_id: productId,
            option_name: optionName,
            extra_price: extraPrice,
          },
        })
      }
      return { productId, name, basePrice, options }
    },
  },
})
