import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { StockCommand, StockReply } from '../actors/stock/stock-messages.ts'
import { stockQuantityMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { givenReason, idText, positive } from './fields.ts'
import type { ProblemCode } from './problem.ts'
import { Refused } from './refused.ts'

const stock = z
  .object({
    productOptionId: positive,
    quantity: z.int().openapi({ description: 'Units on hand after it.' }),
  })
  .openapi('Stock')

const quantity = z
  .int()
  .positive()
  .max(stockQuantityMax)
  .openapi({ type: 'integer', minimum: 1, example: 50 })

/** What administrators do with stock: units come in, or are written off. Both leave a row in the audit log. */
export function stockRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { newId, questions } = dependencies

  function stockOperation(
    operation: string,
    type: Extract<StockCommand['type'], 'Restock' | 'WriteOffStock'>,
    summary: string,
    reason: z.ZodType<string | undefined>,
    problems: readonly ProblemCode[],
  ): void {
    commandRoute(app, dependencies, {
      method: 'post',
      path: `/stocks/{productOptionId}/${operation}`,
      access: 'administrator',
      summary,
      params: { productOptionId: idText },
      body: z.strictObject({ quantity, reason }),
      success: { 200: { description: 'The stock', schema: stock } },
      problems: ['PRODUCT_OPTION_NOT_FOUND', ...problems],
      command({ productOptionId, quantity, reason }, { name }) {
        if (!questions.optionExists(productOptionId)) {
          throw new Refused('PRODUCT_OPTION_NOT_FOUND', { productOptionId })
        }
        return {
          to: addressOf('stock', productOptionId),
          message: { type, quantity },
          correlationId: `http/${newId()}`,
          operator: { name, reason: reason ?? '' },
        }
      },
      present(reply: StockReply) {
        if (reply.type !== 'Restocked' && reply.type !== 'StockWrittenOff') return undefined
        return answer(200, { productOptionId: reply.productOptionId, quantity: reply.quantity })
      },
    })
  }
  stockOperation('restock', 'Restock', 'Units have come in', givenReason.optional(), [])
  stockOperation('write-off', 'WriteOffStock', 'Units are lost or broken, and why', givenReason, [
    'STOCK_NOT_FOUND',
    'STOCK_INSUFFICIENT',
  ])

  return app
}
