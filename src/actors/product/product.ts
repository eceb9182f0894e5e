import { foldedText } from '../../folded-text.ts'
import { productOptionsMax, unitPriceMax } from '../../money.ts'
import { type Refusal, refuse } from '../../refusal.ts'
import type { Effect } from '../../runtime/actor.ts'
import { addressOf, idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import type { ProductCommand, ProductOption, ProductReply } from './product-messages.ts'

/*
 * What is sold, in which options, at which price. No two options of it have the same name, and no unit price is above the
 * limit, whoever changes what at the same time. Its rows are what lists are made of; an order is quoted from the state.
 */

export interface ProductState {
  /** Null until the product is created. */
  readonly productId: number | null
  readonly name: string
  readonly basePrice: number
  readonly options: readonly ProductOption[]
}

type Created = ProductState & { readonly productId: number }
type Append = Omit<Extract<Effect, { type: 'append' }>, 'type'>

const reply = (message: ProductReply) => ({ message })

const rowOf = ({ productId, name, basePrice }: Created): Append => ({
  table: 'products',
  row: { product_id: productId, name, base_price: basePrice, searched_name: foldedText(name) },
})

const optionRowOf = (
  { productId }: Created,
  { productOptionId, optionName, extraPrice }: ProductOption,
): Append => ({
  table: 'product_options',
  row: {
    option_id: productOptionId,
    product_id: productId,
    option_name: optionName,
    extra_price: extraPrice,
  },
})

function isCreated(state: ProductState): state is Created {
  return state.productId !== null
}

const notFound = (self: string) => refuse('PRODUCT_NOT_FOUND', { productId: Number(idOf(self)) })

/** Why a product may not become what it would be, or `undefined`; `path` is the field that asked for it. */
function priceRefusal({ basePrice, options }: ProductState, path: string): Refusal | undefined {
  const dearest = options.reduce((most, { extraPrice }) => Math.max(most, extraPrice), 0)
  if (basePrice + dearest <= unitPriceMax) return undefined
  return refuse('INVALID_ARGUMENT', { path, reason: `the unit price is at most ${unitPriceMax}` })
}

function optionRefusal(state: Created, { productOptionId, optionName }: ProductOption): Refusal | undefined {
  const { productId, options } = state
  const taken = options.some(
    other => other.optionName === optionName && other.productOptionId !== productOptionId,
  )
  return taken ? refuse('OPTION_NAME_TAKEN', { productId, optionName }) : priceRefusal(state, 'extraPrice')
}

export const product = storeActor<ProductState, ProductCommand>({
  kind: 'product',
  version: 1,
  initial: { productId: null, name: '', basePrice: 0, options: [] },
  on: {
    CreateProduct(state, { productId, name, basePrice, options, opensStock }, { emit }) {
      const created = isCreated(state) ? state : { productId, name, basePrice, options }
      emit.reply(reply({ type: 'ProductCreated', ...created }))
      if (isCreated(state)) return undefined
      emit.append(rowOf(created))
      for (const option of options) {
        emit.append(optionRowOf(created, option))
        if (opensStock) emit.send(openingOf(option))
      }
      return created
    },

    ChangeProduct(state, { name = state.name, basePrice = state.basePrice, meta }, { emit }) {
      if (!isCreated(state)) {
        emit.reply(reply({ type: 'ChangeProductRejected', refusal: notFound(meta.self) }))
        return undefined
      }
      const changed = { ...state, name, basePrice }
      const refusal = priceRefusal(changed, 'basePrice')
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'ChangeProductRejected', refusal }))
        return undefined
      }
      emit.reply(reply({ type: 'ProductChanged', ...changed }))
      if (name === state.name && basePrice === state.basePrice) return undefined
      emit.append(rowOf(changed))
      return changed
    },

    AddOption(state, { productOptionId, optionName, extraPrice, meta }, { emit }) {
      if (!isCreated(state)) {
        emit.reply(reply({ type: 'AddOptionRejected', refusal: notFound(meta.self) }))
        return undefined
      }
      const added = { productOptionId, optionName, extraPrice }
      const next = { ...state, options: [...state.options, added] }
      const refusal =
        next.options.length > productOptionsMax
          ? refuse('INVALID_ARGUMENT', { reason: `a product has at most ${productOptionsMax} options` })
          : optionRefusal(next, added)
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'AddOptionRejected', refusal }))
        return undefined
      }
      emit.append(optionRowOf(next, added))
      emit.send(openingOf(added))
      emit.reply(reply({ type: 'OptionAdded', productId: next.productId, ...added }))
      return next
    },

    ChangeOption(state, { productOptionId, meta, ...change }, { emit }) {
      const option = state.options.find(other => other.productOptionId === productOptionId)
      if (!isCreated(state) || option === undefined) {
        const refusal = isCreated(state)
          ? refuse('PRODUCT_OPTION_NOT_FOUND', { productOptionId })
          : notFound(meta.self)
        emit.reply(reply({ type: 'ChangeOptionRejected', refusal }))
        return undefined
      }
      const { optionName = option.optionName, extraPrice = option.extraPrice } = change
      const changed = { productOptionId, optionName, extraPrice }
      const options = state.options.map(other => (other === option ? changed : other))
      const next = { ...state, options }
      const refusal = optionRefusal(next, changed)
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'ChangeOptionRejected', refusal }))
        return undefined
      }
      emit.reply(reply({ type: 'OptionChanged', productId: next.productId, ...changed }))
      if (optionName === option.optionName && extraPrice === option.extraPrice) return undefined
      emit.append(optionRowOf(next, changed))
      return next
    },
  },
})

/** Opening the same stock twice changes nothing, so it needs no key. */
const openingOf = ({ productOptionId }: ProductOption) => ({
  to: addressOf('stock', productOptionId),
  message: { type: 'OpenStock' },
})
