import { dayOf } from '../../clock.ts'
import type { ActorDefinition } from '../../runtime/actor.ts'
import { storeActor } from '../store-actor.ts'
import type { Sale, StatisticsCommand, StatisticsReply } from './statistics-messages.ts'

interface StatisticsState {
  readonly recorded: boolean
  /** How many returns were taken off. */
  readonly returns: number
}

const reply = (message: StatisticsReply) => ({ message })

function unitsByProduct(sales: readonly Sale[]): Map<number, number> {
  const units = new Map<number, number>()
  for (const { productId, quantity } of sales) units.set(productId, (units.get(productId) ?? 0) + quantity)
  return units
}

/** The sales of one order, counted once, as rows per product and day of `timeZone`. One actor per order: no hot spot. */
export function statistics(timeZone: string): ActorDefinition<StatisticsState> {
  function salesRows({ orderId, paidAt, sales }: StatisticsCommand, sign: 1 | -1) {
    const day = dayOf(paidAt, timeZone)
    return [...unitsByProduct(sales)].map(([productId, units]) => ({
      table: 'sales',
      row: { product_id: productId, day, quantity: sign * units, order_id: orderId },
    }))
  }

  return storeActor<StatisticsState, StatisticsCommand>({
    kind: 'statistics',
    version: 1,
    initial: { recorded: false, returns: 0 },
    on: {
      RecordSale(state, command, { emit }) {
        emit.reply(reply({ type: 'SaleRecorded' }))
        if (state.recorded) return undefined
        for (const row of salesRows(command, 1)) emit.append(row)
        return { ...state, recorded: true }
      },
      ReverseSale(state, command, { emit }) {
        emit.reply(reply({ type: 'SaleReversed' }))
        // The sale itself may still be owed; when it comes the sum is right.
        for (const row of salesRows(command, -1)) emit.append(row)
        return { ...state, returns: state.returns + 1 }
      },
    },
  })
}
