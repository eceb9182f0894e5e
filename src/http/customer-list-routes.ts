import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { KeptCustomer, LedgerLine } from '../actors/shopkeeping-questions.ts'
import { isoTime } from '../clock.ts'
import { answer } from './answer.ts'
import { ownedCoupon, showOwnedCoupon } from './coupon-routes.ts'
import { account, showAccount } from './customer-routes.ts'
import type { Dependencies } from './dependencies.ts'
import { atMost, idText, moment, money, moneyOrNull, positive } from './fields.ts'
import { order, showOrder } from './order-routes.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const keptCustomer = account
  .extend({ balance: moneyOrNull.openapi({ description: 'Null when it was altered on disk.' }) })
  .openapi('KeptCustomer')

const customerDetail = keptCustomer.extend({ coupons: z.array(ownedCoupon) }).openapi('CustomerDetail')

export const orderIdOrNull = positive.nullable().openapi({
  type: ['integer', 'null'],
  description: 'The order, and payment, that it was about.',
})

const ledgerLine = z
  .object({
    sequence: positive,
    changeType: z.enum(['CHARGE', 'USE', 'ROLLBACK', 'REFUND']),
    amount: money.openapi({ description: 'Signed.' }),
    totalAfter: money,
    at: moment,
    orderId: orderIdOrNull,
  })
  .openapi('LedgerLine')

/** Customers as operators find them. What their owners tell about themselves is no part of it. */
export function customerListRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { shopkeepingQuestions, questions } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/customers',
    access: 'operator',
    summary: 'Customers, newest first',
    query: {
      query: atMost(255)
        .optional()
        .openapi({ description: 'The id, or how the username begins.', example: 'min' }),
      ...pageQuery(),
    },
    success: { 200: { description: 'A page of customers', schema: z.array(keptCustomer) } },
    problems: [],
    answer: ({ query, ...page }, _caller, c) =>
      answerPage(
        c,
        shopkeepingQuestions.customers(query?.trim() || undefined, pageRequest(page)),
        showKeptCustomer,
      ),
  })

  function known(customerId: number): KeptCustomer {
    const found = shopkeepingQuestions.customer(customerId)
    if (found === undefined) throw new Refused('CUSTOMER_NOT_FOUND', { customerId })
    return found
  }

  questionRoute(app, dependencies, {
    path: '/operator/customers/{id}',
    access: 'operator',
    summary: 'A customer with balance and coupons, without what they tell about themselves',
    params: { id: idText },
    success: { 200: { description: 'The customer', schema: customerDetail } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer({ id }) {
      const shown = showKeptCustomer(known(id))
      return answer(200, { ...shown, coupons: questions.ownedCoupons(id).map(showOwnedCoupon) })
    },
  })

  questionRoute(app, dependencies, {
    path: '/operator/customers/{id}/ledger',
    access: 'operator',
    summary: "Every line of a customer's balance, newest first",
    params: { id: idText },
    query: pageQuery(),
    success: { 200: { description: 'A page of lines', schema: z.array(ledgerLine) } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer({ id, ...page }, _caller, c) {
      known(id)
      return answerPage(c, shopkeepingQuestions.ledger(id, pageRequest(page)), showLedgerLine)
    },
  })

  questionRoute(app, dependencies, {
    path: '/operator/customers/{id}/orders',
    access: 'operator',
    summary: "A customer's orders, newest first",
    params: { id: idText },
    query: pageQuery(),
    success: { 200: { description: 'A page of orders', schema: z.array(order) } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer({ id, ...page }, _caller, c) {
      known(id)
      return answerPage(c, questions.orders(id, pageRequest(page)), showOrder)
    },
  })

  return app
}

function showKeptCustomer(shown: KeptCustomer): z.infer<typeof keptCustomer> {
  return { ...showAccount(shown), balance: shown.balance }
}

function showLedgerLine(shown: LedgerLine): z.infer<typeof ledgerLine> {
  const { sequence, changeType, amount, totalAfter, at, orderId } = shown
  return { sequence, changeType, amount, totalAfter, at: isoTime(at), orderId }
}
