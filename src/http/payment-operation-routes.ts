import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { BulkPreview } from '../actors/console-questions.ts'
import {
  type OperationPreview,
  operationCommands,
  type PaymentOperation,
  paymentOperations,
} from '../actors/payment/payment-operations.ts'
import { isoTime } from '../clock.ts'
import type { Refusal } from '../refusal.ts'
import { addressOf, type Operator } from '../runtime/envelope.ts'
import { Faulted, Unavailable } from '../runtime/faults.ts'
import { CommitRefused } from '../runtime/store.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { directRoute } from './direct-route.ts'
import { idText, moment, positiveText, givenReason as reason } from './fields.ts'
import { deadLetter, operatedPayment, showDeadLetter, showOperatedPayment } from './operator-routes.ts'
import { paymentFilter, paymentFilterBody, paymentFilterQuery } from './payment-filter-query.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const sentMessage = z.object({
  to: z.string().openapi({ example: 'balance/1' }),
  type: z.string().openapi({ example: 'RefundBalance' }),
})

const preview = z
  .object({
    status: operatedPayment.shape.status,
    step: z.string(),
    sends: z.array(sentMessage).openapi({ description: 'What would be sent at once.' }),
    undoes: z.array(sentMessage).openapi({ description: 'What would be undone from here on, in order.' }),
    events: z.array(z.string()).openapi({ description: 'What would leave for the outside, or stay owed.' }),
    answers: z.string().nullable().openapi({ description: 'What whoever waits would be told.' }),
    resendAfterMs: z.int().nullable(),
  })
  .openapi('OperationPreview')

const offeredOperations = z
  .object({
    payment: operatedPayment,
    since: moment.nullable(),
    operations: z.array(z.object({ operation: z.enum(paymentOperations), preview })),
    blockedBy: z.array(z.int()).openapi({
      description: 'Dead letters of the payment itself: until they are resolved it takes nothing.',
    }),
    deadLetters: z.array(
      deadLetter.extend({
        attempts: z.int().openapi({ description: 'How often it was handled in vain.' }),
        operations: z.array(z.enum(['retry', 'skip', 'edit'])),
      }),
    ),
  })
  .openapi('OfferedOperations')

const tally = z.record(z.string(), z.int())

const bulkPreview = z
  .object({
    total: z.int().openapi({ description: 'How many the filter finds.' }),
    able: z.int().openapi({ description: 'Of the newest so many, those that can take it.' }),
    unable: z.int(),
    steps: tally.openapi({ description: 'How many would be in each state at once.' }),
    sends: tally.openapi({ description: 'How many messages of each type would be sent at once.' }),
    undoes: tally.openapi({ description: 'How many would undo something from here on.' }),
  })
  .openapi('BulkPreview')

const bulkMax = 500
/** So many are asked together, to share commits; what comes from customers is let in between. */
const togetherMax = 50

const bulkBody = z.strictObject({
  operation: z.enum(paymentOperations),
  filter: paymentFilterBody.openapi({ example: { status: 'COMPENSATING', attention: true } }),
  reason,
  expectedCount: z.int().min(0).openapi({ description: 'What the filter found when it was looked at.' }),
  limit: z.int().min(1).max(bulkMax).default(bulkMax),
})

const bulkResult = z
  .object({
    total: z.int(),
    done: z.int(),
    refused: z.int().openapi({ description: 'That could not take it, or no longer.' }),
    left: z.int().openapi({ description: 'Beyond the limit.' }),
    payments: z.array(
      z.object({
        paymentId: z.int(),
        outcome: z.string().openapi({ example: 'PaymentCompensating' }),
      }),
    ),
  })
  .openapi('BulkResult')

/** What can be done about payments, to one and to many, with what would happen before it does. */
export function paymentOperationRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { consoleQuestions } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/payments/{id}/operations',
    access: 'operator',
    summary: 'What can be done about a payment now, and what would happen then; nothing is done',
    params: { id: idText },
    success: { 200: { description: 'What it can take', schema: offeredOperations } },
    problems: ['PAYMENT_NOT_FOUND'],
    answer({ id: paymentId }) {
      const found = consoleQuestions.operations(paymentId)
      if (found === undefined) throw new Refused('PAYMENT_NOT_FOUND', { paymentId })
      const { payment, since, operations, blockedBy, deadLetters } = found
      return answer(200, {
        payment: showOperatedPayment(payment),
        since: since === null ? null : isoTime(since),
        operations: operations.map(each => ({ ...each, preview: showPreview(each.preview) })),
        blockedBy,
        deadLetters: deadLetters.map(letter => ({
          ...showDeadLetter(letter),
          attempts: letter.attempts,
          operations: ['retry', 'skip', 'edit'],
        })),
      })
    },
  })

  questionRoute(app, dependencies, {
    path: '/operator/payments/bulk',
    access: 'operator',
    summary: 'What an operation would do to all payments that the filters find; nothing is done',
    query: {
      ...paymentFilterQuery,
      operation: z.enum(paymentOperations).default('retry'),
      limit: positiveText(bulkMax).default(bulkMax),
    },
    success: { 200: { description: 'What would happen', schema: bulkPreview } },
    problems: [],
    answer: ({ operation, limit, ...query }) =>
      answer(200, showBulk(consoleQuestions.bulkPreview(operation, paymentFilter(query), limit))),
  })

  /** Does it to one, and says what it answered; each leaves its row in the audit log. */
  async function operate(paymentId: number, operation: PaymentOperation, operator: Operator) {
    try {
      const reply = await dependencies.ask(addressOf('payment', paymentId), operationCommands[operation], {
        correlationId: addressOf('order', paymentId),
        operator,
      })
      return (reply as { refusal?: Refusal }).refusal?.code ?? reply.type
    } catch (error) {
      // The others go on; this one can be asked again.
      const passing =
        error instanceof Unavailable || error instanceof Faulted || error instanceof CommitRefused
      if (passing) return 'UNAVAILABLE'
      throw error
    }
  }

  directRoute(app, dependencies, {
    method: 'post',
    path: '/operator/payments/bulk',
    access: 'operator',
    summary: 'Do one thing to every payment that the filters find, if they still find as many',
    body: bulkBody,
    success: { 200: { description: 'What became of each', schema: bulkResult } },
    problems: ['PAYMENT_COUNT_CHANGED'],
    async run({ operation, filter, reason, expectedCount: expected, limit }, { name }) {
      const { total, able, unable } = consoleQuestions.bulkPreview(operation, paymentFilter(filter), limit)
      if (total !== expected) throw new Refused('PAYMENT_COUNT_CHANGED', { expected, actual: total })
      const payments: z.infer<typeof bulkResult>['payments'] = []
      for (let first = 0; first < able.length; first += togetherMax) {
        const together = able.slice(first, first + togetherMax)
        payments.push(
          ...(await Promise.all(
            together.map(async paymentId => ({
              paymentId,
              outcome: await operate(paymentId, operation, { name, reason }),
            })),
          )),
        )
      }
      const done = payments.filter(({ outcome }) => !/^[A-Z_]+$/.test(outcome)).length
      return answer(200, {
        total,
        done,
        refused: unable + payments.length - done,
        left: total - able.length - unable,
        payments,
      })
    },
  })

  return app
}

function showPreview(shown: OperationPreview): z.infer<typeof preview> {
  return {
    status: shown.status,
    step: shown.step,
    sends: [...shown.sends],
    undoes: [...shown.undoes],
    events: [...shown.events],
    answers: shown.answers,
    resendAfterMs: shown.resendAfterMs,
  }
}

function showBulk({ able, ...shown }: BulkPreview): z.infer<typeof bulkPreview> {
  return { ...shown, able: able.length }
}
