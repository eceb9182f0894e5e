import { OpenAPIHono, z } from '@hono/zod-openapi'
import { hitKinds, type SearchHit } from '../actors/shop-search.ts'
import type { Message } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { positive, positiveText } from './fields.ts'
import { questionRoute } from './question-route.ts'
import { keyForm, requestScope } from './request-key.ts'

/** The routes on which customers send an Idempotency-Key, as its actor names them. */
export const customerRoutesWithKeys = [
  'post /payments',
  'post /orders',
  'post /orders/:id/cancel',
  'post /orders/:id/returns',
  'patch /balances/charge',
  'post /coupons/issue',
]

/** Of a key only a hash is stored that says who sent it: so many customers, the newest, are tried. */
const customersTriedMax = 2_000

const searchHit = z
  .object({
    kind: z.enum(hitKinds),
    id: z.string(),
    label: z.string(),
    payments: z
      .int()
      .nullable()
      .openapi({ description: 'How many payments it leads to, where that is known.' }),
    paymentId: positive.nullable().openapi({ type: ['integer', 'null'] }),
  })
  .openapi('SearchHit')

/** One box for everything that has an id or a name. */
export function searchRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { consoleQuestions } = dependencies

  function requestsOf(key: string, customerId: number | undefined): SearchHit[] {
    const customers =
      customerId === undefined ? consoleQuestions.newestCustomers(customersTriedMax) : [customerId]
    return [undefined, ...customers].flatMap(customer =>
      customerRoutesWithKeys.flatMap(route => {
        const scope = requestScope(customer, route, key)
        const stored = dependencies.storedRequest(scope)
        if (stored === undefined) return []
        return [consoleQuestions.requestHit(scope, route, customer, paymentTold(stored.answer))]
      }),
    )
  }

  questionRoute(app, dependencies, {
    path: '/operator/search',
    access: 'operator',
    summary:
      'Everything with this id or name: payments, orders, customers, coupons, products, options, requests',
    query: {
      q: z.string().trim().min(1).max(255).openapi({ description: 'An id, a name, or an Idempotency-Key.' }),
      customer: positiveText()
        .optional()
        .openapi({
          description: `Who sent the Idempotency-Key, where they are not among the newest ${customersTriedMax}.`,
        }),
    },
    success: { 200: { description: 'What it may mean, the likeliest first', schema: z.array(searchHit) } },
    problems: [],
    answer({ q, customer }) {
      const hits = consoleQuestions.search(q)
      const mayBeKey = keyForm.test(q) && hits.length === 0
      return answer(200, mayBeKey ? requestsOf(q, customer) : hits)
    },
  })

  return app
}

/** The payment that an answer names. */
function paymentTold(message: Message | undefined): number | undefined {
  const told = message as {
    paymentId?: unknown
    orderId?: unknown
    refusal?: { facts?: { orderId?: unknown } }
  }
  const id = told?.paymentId ?? told?.orderId ?? told?.refusal?.facts?.orderId
  return typeof id === 'number' ? id : undefined
}
