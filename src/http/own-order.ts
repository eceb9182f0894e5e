import type { OrderSummary } from '../actors/order/order-messages.ts'
import type { Questions } from '../actors/questions.ts'
import type { Caller } from './access.ts'
import { Refused } from './refused.ts'

/**
 * The order, if it is there and the caller may see it. Throws `Refused` with ORDER_NOT_FOUND: another's is as good as
 * missing.
 */
export function ownOrder(questions: Questions, orderId: number, { customerId }: Caller): OrderSummary {
  const order = questions.order(orderId)
  if (order === undefined || (customerId !== undefined && order.customerId !== customerId)) {
    throw new Refused('ORDER_NOT_FOUND', { orderId })
  }
  return order
}
