import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { OrderCommand, OrderItem, OrderReply, OrderSummary } from '../actors/order/order-messages.ts'
import type { OrderEvent, QuotedLine } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { orderLinesMax, orderTotalMax, quantityMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, positive } from './fields.ts'
import { ownOrder } from './own-order.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const orderStatus = z.enum([
  'CREATED',
  'PAYING',
  'PAID',
  'PARTIALLY_RETURNED',
  'RETURNED',
  'CANCELLED',
  'EXPIRED',
])

const line = z.strictObject({
  productId: positive.openapi({ example: 5001 }),
  productOptionId: positive.openapi({ example: 6001 }),
  quantity: positive.max(quantityMax).openapi({ maximum: quantityMax, example: 2 }),
})

export const order = z
  .object({
    orderId: positive,
    customerId: positive,
    totalPrice: money,
    status: orderStatus,
    createdAt: moment,
    items: z.array(
      z.object({
        productId: positive,
        productOptionId: positive,
        productName: z.string(),
        optionName: z.string(),
        quantity: z.int(),
        subtotalPrice: money,
      }),
    ),
    paymentId: positive.optional().openapi({ description: 'Once a payment was begun.' }),
  })
  .openapi('Order')

const orderEvent = z
  .object({ sequence: z.int(), type: z.string(), status: orderStatus, at: moment, body: z.unknown() })
  .openapi('OrderEvent')

/** Kept as the first answer of a cancellation that takes longer than its caller waits. */
type OrderCancelAccepted = { type: 'OrderCancelAccepted'; orderId: number }

/** A full order of the longest lines needs more than other bodies. */
const orderBodyBytesMax = 256 * 1024

export function orderRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions, newId, settings } = dependencies

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/orders',
    access: 'customer',
    summary: 'Place an order at the prices of now; nothing is reserved',
    work: 'new',
    body: z.strictObject({ customerId: positive, items: z.array(line).max(orderLinesMax) }),
    bodyBytesMax: orderBodyBytesMax,
    success: { 201: { description: 'The order', schema: order } },
    problems: [
      'ORDER_ITEM_EMPTY',
      'CUSTOMER_NOT_FOUND',
      'PRODUCT_NOT_FOUND',
      'PRODUCT_OPTION_NOT_FOUND',
      'STOCK_NOT_FOUND',
      'PRODUCT_OPTION_MISMATCH',
      'STOCK_INSUFFICIENT',
    ],
    command({ customerId, items: lines }) {
      refuseImpossible(lines)
      if (!questions.customerExists(customerId)) throw new Refused('CUSTOMER_NOT_FOUND', { customerId })
      const quote = questions.quoteOptions(lines)
      if ('refusal' in quote) throw new Refused(quote.refusal.code, quote.refusal.facts)
      const orderId = newId()
      const message: OrderCommand = {
        type: 'CreateOrder',
        orderId,
        customerId,
        items: priced(lines, quote.quoted),
        expireAfterMs: settings.orderExpiryMs,
      }
      return sent(orderId, message)
    },
    present: (reply: OrderReply) =>
      reply.type === 'OrderCreated' ? answer(201, showOrder(reply)) : undefined,
  })

  questionRoute(app, dependencies, {
    path: '/orders',
    access: 'customer',
    summary: "A customer's orders, newest first",
    query: { customerId: idText, ...pageQuery() },
    success: { 200: { description: 'A page of orders', schema: z.array(order) } },
    problems: [],
    answer: ({ customerId, ...page }, _caller, c) =>
      answerPage(c, questions.orders(customerId, pageRequest(page)), showOrder),
  })

  questionRoute(app, dependencies, {
    path: '/orders/{id}',
    access: 'customer',
    summary: 'An order',
    params: { id: idText },
    success: { 200: { description: 'The order', schema: order } },
    problems: ['ORDER_NOT_FOUND'],
    answer: ({ id }, caller) => answer(200, showOrder(ownOrder(questions, id, caller))),
  })

  questionRoute(app, dependencies, {
    path: '/orders/{id}/events',
    access: 'customer',
    summary: 'Everything that happened to an order, in order',
    params: { id: idText },
    success: { 200: { description: 'Every event', schema: z.array(orderEvent) } },
    problems: ['ORDER_NOT_FOUND'],
    answer({ id }, caller) {
      ownOrder(questions, id, caller)
      return answer(200, questions.orderEvents(id).map(showEvent))
    },
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/orders/{id}/cancel',
    access: 'customer',
    summary: 'Cancel an order that is not paid',
    params: { id: idText },
    body: z.strictObject({}),
    success: {
      200: { description: 'The cancelled order', schema: order },
      202: {
        description: 'Its payment is being undone; see Location',
        schema: order.pick({ orderId: true }),
      },
    },
    problems: ['ORDER_NOT_FOUND', 'ORDER_NOT_CANCELLABLE'],
    command({ id }, caller) {
      ownOrder(questions, id, caller)
      const message: OrderCommand = { type: 'CancelOrder' }
      const accepted: OrderCancelAccepted = { type: 'OrderCancelAccepted', orderId: id }
      return { ...sent(id, message), accepted }
    },
    present(reply: OrderReply | OrderCancelAccepted) {
      if (reply.type === 'OrderCancelled') return answer(200, showOrder(reply))
      if (reply.type !== 'OrderCancelAccepted') return undefined
      return answer(202, { orderId: reply.orderId }, { Location: `/orders/${reply.orderId}` })
    },
  })

  return app
}

function sent(orderId: number, message: OrderCommand) {
  const address = addressOf('order', orderId)
  return { to: address, message, correlationId: address }
}

type Line = z.infer<typeof line>

/** What the lines say together: none, or more of an option than one order may hold. */
function refuseImpossible(lines: readonly Line[]): void {
  if (lines.length === 0) throw new Refused('ORDER_ITEM_EMPTY', {})
  const quantities = new Map<number, number>()
  for (const { productOptionId, quantity } of lines) {
    const sum = quantity + (quantities.get(productOptionId) ?? 0)
    if (sum > quantityMax) {
      const reason = `at most ${quantityMax} of product option ${productOptionId} fit in an order`
      throw new Refused('INVALID_ARGUMENT', { path: 'items', reason })
    }
    quantities.set(productOptionId, sum)
  }
}

/** The lines at their quoted prices. */
function priced(lines: readonly Line[], quoted: readonly QuotedLine[]): OrderItem[] {
  let totalPrice = 0
  return lines.map(({ quantity }, index) => {
    const quote = quoted[index]
    if (quote === undefined) throw new Error('A quote has fewer lines than were asked for')
    const subtotalPrice = quote.unitPrice * quantity
    totalPrice += subtotalPrice
    // At every line, before the sum can grow past what a number holds exactly.
    if (totalPrice > orderTotalMax) {
      throw new Refused('INVALID_ARGUMENT', {
        path: 'items',
        reason: `an order may come to ${orderTotalMax} at most`,
      })
    }
    return {
      productId: quote.productId,
      productOptionId: quote.productOptionId,
      productName: quote.productName,
      optionName: quote.optionName,
      quantity,
      subtotalPrice,
    }
  })
}

export function showOrder(shown: OrderSummary): z.infer<typeof order> {
  return {
    orderId: shown.orderId,
    customerId: shown.customerId,
    totalPrice: shown.totalPrice,
    status: shown.status,
    createdAt: isoTime(shown.createdAt),
    items: shown.items.map(item => ({
      productId: item.productId,
      productOptionId: item.productOptionId,
      productName: item.productName,
      optionName: item.optionName,
      quantity: item.quantity,
      subtotalPrice: item.subtotalPrice,
    })),
    paymentId: shown.paymentId,
  }
}

function showEvent({ sequence, type, status, at, body }: OrderEvent): z.infer<typeof orderEvent> {
  return { sequence, type, status, at: isoTime(at), body }
}
