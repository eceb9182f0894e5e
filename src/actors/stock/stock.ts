import { stockQuantityMax } from '../../money.ts'
import { type Refusal, refuse } from '../../refusal.ts'
import type { Effect, Incoming } from '../../runtime/actor.ts'
import { idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import type { StockCommand, StockReply } from './stock-messages.ts'

/*
 * How much of one option is there, and the only writer of it: never negative, so nothing is sold that is not there.
 * Every change appends one movement; the quantity is the sum of them.
 */

interface StockState {
  /** Null until it is stocked for the first time. */
  readonly productOptionId: number | null
  readonly quantity: number
}

const reply = (message: StockReply) => ({ message })

function movement(
  productOptionId: number,
  kind: 'RESTOCK' | 'WRITE_OFF' | 'DECREASE' | 'RESTORE' | 'RETURN',
  quantity: number,
  { meta }: Incoming,
): Omit<Extract<Effect, { type: 'append' }>, 'type'> {
  return {
    table: 'stock_movements',
    row: {
      option_id: productOptionId,
      movement: kind,
      quantity,
      key: meta.key === undefined ? '' : `${meta.key.scope}/${meta.key.name}`,
      at: meta.at,
    },
  }
}

/** Why so many units cannot be taken out of this stock, or `undefined` when they can. */
function shortageOf(state: StockState, command: Incoming & { quantity: number }): Refusal | undefined {
  const { productOptionId } = state
  if (productOptionId === null) {
    return refuse('STOCK_NOT_FOUND', { productOptionId: Number(idOf(command.meta.self)) })
  }
  if (command.quantity > state.quantity) {
    return refuse('STOCK_INSUFFICIENT', {
      productOptionId,
      available: state.quantity,
      requested: command.quantity,
    })
  }
  return undefined
}

export const stock = storeActor<StockState, StockCommand>({
  kind: 'stock',
  version: 1,
  initial: { productOptionId: null, quantity: 0 },
  on: {
    OpenStock(state, { meta }) {
      if (state.productOptionId !== null) return undefined
      return { productOptionId: Number(idOf(meta.self)), quantity: 0 }
    },

    Restock(state, command, { emit }) {
      const productOptionId = Number(idOf(command.meta.self))
      const next = { productOptionId, quantity: state.quantity + command.quantity }
      if (next.quantity > stockQuantityMax) {
        const reason = `a stock is filled up to ${stockQuantityMax} units`
        const refusal = refuse('INVALID_ARGUMENT', { path: 'quantity', reason })
        emit.reply(reply({ type: 'RestockRejected', refusal }))
        return undefined
      }
      emit.append(movement(productOptionId, 'RESTOCK', command.quantity, command))
      emit.reply(reply({ type: 'Restocked', productOptionId, quantity: next.quantity }))
      return next
    },

    WriteOffStock(state, command, { emit }) {
      const refusal = shortageOf(state, command)
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'WriteOffStockRejected', refusal }))
        return undefined
      }
      const productOptionId = Number(idOf(command.meta.self))
      const quantity = state.quantity - command.quantity
      emit.append(movement(productOptionId, 'WRITE_OFF', command.quantity, command))
      emit.reply(reply({ type: 'StockWrittenOff', productOptionId, quantity }))
      return { productOptionId, quantity }
    },

    DecreaseStock(state, command, { emit }) {
      const refusal = shortageOf(state, command)
      if (refusal !== undefined) {
        emit.reply(reply({ type: 'DecreaseStockRejected', refusal }))
        return undefined
      }
      const productOptionId = Number(idOf(command.meta.self))
      emit.append(movement(productOptionId, 'DECREASE', command.quantity, command))
      emit.reply(reply({ type: 'StockDecreased', productOptionId }))
      return { productOptionId, quantity: state.quantity - command.quantity }
    },

    RestoreStock(state, command, { emit }) {
      const productOptionId = state.productOptionId ?? Number(idOf(command.meta.self))
      emit.reply(reply({ type: 'StockRestored', productOptionId }))
      if (command.meta.undone?.type !== 'StockDecreased') return undefined
      emit.append(movement(productOptionId, 'RESTORE', command.quantity, command))
      return { productOptionId, quantity: state.quantity + command.quantity }
    },

    ReturnStock(state, command, { emit }) {
      const productOptionId = state.productOptionId ?? Number(idOf(command.meta.self))
      emit.append(movement(productOptionId, 'RETURN', command.quantity, command))
      emit.reply(reply({ type: 'StockReturned', productOptionId }))
      return { productOptionId, quantity: state.quantity + command.quantity }
    },
  },
})
