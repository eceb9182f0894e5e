import { OpenAPIHono, z } from '@hono/zod-openapi'
import { paymentStatuses } from '../actors/payment/payment-filter.ts'
import type { ListedPayment } from '../actors/payment/payment-list.ts'
import { isoTime } from '../clock.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { moment } from './fields.ts'
import { operatedPayment, showOperatedPayment } from './operator-routes.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { paymentFilter, paymentFilterQuery } from './payment-filter-query.ts'
import { questionRoute } from './question-route.ts'

const listedPayment = operatedPayment
  .extend({
    since: moment
      .nullable()
      .openapi({ description: 'When it came into its state, as far as that is known.' }),
  })
  .openapi('ListedPayment')

const paymentCounts = z
  .object({
    total: z.int().openapi({ description: 'How many the whole filter finds.' }),
    statuses: z
      .object(Object.fromEntries(paymentStatuses.map(status => [status, z.int()])))
      .openapi({ description: 'How many of each status the other filters find.' }),
    open: z.int().openapi({ description: 'How many that have not ended the other filters find.' }),
    attention: z.int().openapi({ description: 'Of `total`, those that somebody has to look at.' }),
    newestOnly: z.int().nullable().openapi({
      description:
        'How many of a status were looked at, the newest, where there are more; null when all were.',
    }),
  })
  .openapi('PaymentCounts')

/** Payments as operators find them. */
export function paymentListRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { consoleQuestions } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/payments',
    access: 'operator',
    summary: 'Payments, newest first; those that have not ended unless others are asked for',
    query: { ...pageQuery(), ...paymentFilterQuery },
    success: { 200: { description: 'Payments', schema: z.array(listedPayment) } },
    problems: [],
    answer: (query, _caller, c) =>
      answerPage(c, consoleQuestions.payments(paymentFilter(query), pageRequest(query)), showListedPayment),
  })

  questionRoute(app, dependencies, {
    path: '/operator/payments/counts',
    access: 'operator',
    summary: 'How many payments the filters of the list find',
    query: paymentFilterQuery,
    success: { 200: { description: 'Counts', schema: paymentCounts } },
    problems: [],
    answer: query => answer(200, consoleQuestions.paymentCounts(paymentFilter(query))),
  })

  return app
}

function showListedPayment(shown: ListedPayment): z.infer<typeof listedPayment> {
  return {
    ...showOperatedPayment(shown),
    since: shown.since === null ? null : isoTime(shown.since),
  }
}
