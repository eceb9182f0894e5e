import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { PaymentCommand, PaymentReply } from '../actors/payment/payment-messages.ts'
import type { OrderReturn } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { orderLinesMax, quantityMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, positive } from './fields.ts'
import { ownOrder } from './own-order.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const returnedItem = z.strictObject({
  productOptionId: positive.openapi({ example: 6001 }),
  quantity: positive.max(quantityMax).openapi({ maximum: quantityMax, example: 1 }),
})

const orderReturn = z
  .object({
    returnId: positive,
    orderId: positive,
    items: z.array(returnedItem),
    refundAmount: money,
    returnedAt: moment,
  })
  .openapi('OrderReturn')

/** Kept as the first answer of a return that takes longer than its caller waits. */
type ReturnAccepted = { type: 'ReturnAccepted'; orderId: number; returnId: number }

export function returnRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions, newId } = dependencies

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/orders/{id}/returns',
    access: 'customer',
    summary: 'Return some of a paid order, or without items all that is left; an Idempotency-Key is required',
    params: { id: idText },
    body: z.strictObject({ items: z.array(returnedItem).max(orderLinesMax).optional() }),
    keyRequired: true,
    success: {
      201: { description: 'The return; the money is back', schema: orderReturn },
      202: {
        description: 'The return is under way; see Location',
        schema: orderReturn.pick({ returnId: true, orderId: true }),
      },
    },
    problems: [
      'IDEMPOTENCY_KEY_REQUIRED',
      'ORDER_ITEM_EMPTY',
      'ORDER_NOT_FOUND',
      'ORDER_NOT_RETURNABLE',
      'RETURN_EXCEEDS_PURCHASE',
    ],
    command({ id: orderId, items = null }, caller) {
      if (items?.length === 0) throw new Refused('ORDER_ITEM_EMPTY', {})
      ownOrder(questions, orderId, caller)
      const returnId = newId()
      const message: PaymentCommand = { type: 'ReturnItems', orderId, returnId, items }
      const accepted: ReturnAccepted = { type: 'ReturnAccepted', orderId, returnId }
      const correlationId = addressOf('order', orderId)
      return { to: addressOf('payment', orderId), message, correlationId, accepted }
    },
    present(reply: PaymentReply | ReturnAccepted) {
      if (reply.type === 'ItemsReturned') return answer(201, showReturn(reply))
      if (reply.type !== 'ReturnAccepted') return undefined
      const { orderId, returnId } = reply
      return answer(202, { returnId, orderId }, { Location: `/orders/${orderId}/returns` })
    },
  })

  questionRoute(app, dependencies, {
    path: '/orders/{id}/returns',
    access: 'customer',
    summary: 'What of an order was returned, in order',
    params: { id: idText },
    success: { 200: { description: 'Every return that is done', schema: z.array(orderReturn) } },
    problems: ['ORDER_NOT_FOUND'],
    answer({ id }, caller) {
      ownOrder(questions, id, caller)
      return answer(200, questions.returns(id).map(showReturn))
    },
  })

  return app
}

function showReturn({
  returnId,
  orderId,
  items,
  refundAmount,
  returnedAt,
}: OrderReturn): z.infer<typeof orderReturn> {
  return {
    returnId,
    orderId,
    items: items.map(({ productOptionId, quantity }) => ({ productOptionId, quantity })),
    refundAmount,
    returnedAt: isoTime(returnedAt),
  }
}
