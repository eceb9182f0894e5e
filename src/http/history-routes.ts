import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { HistoryEntry, HistoryPosting, PaymentHistory } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, moneyOrNull, positive } from './fields.ts'
import { ownPayment } from './own-payment.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const historyEntry = z
  .object({
    position: positive,
    sequence: positive.openapi({ description: 'Of the commit that made it true.' }),
    actor: z.string().openapi({ example: 'stock/6001' }),
    transition: z.int().nullable().openapi({ description: 'Null where the message changed nothing.' }),
    at: moment,
    messageId: z.string(),
    causationId: z.string(),
    from: z.string(),
    message: z.looseObject({ type: z.string() }),
    state: z.string().nullable().openapi({ example: 'paying.deductingBalance' }),
    patch: z.array(z.array(z.unknown())).nullable().openapi({
      description: '`[path, value]`, or `[path]` of what was taken away; the path `[]` is the whole.',
    }),
  })
  .openapi('HistoryEntry')

const ledgerEntry = z
  .object({
    position: positive
      .nullable()
      .openapi({ type: ['integer', 'null'], description: 'Of the entry of the history that posted it.' }),
    key: z.string().openapi({ example: '1001/1/deductBalance' }),
    changeType: z.enum(['USE', 'ROLLBACK', 'REFUND']),
    at: moment,
    lines: z.array(z.object({ account: z.string(), amount: money, totalAfter: moneyOrNull })),
  })
  .openapi('LedgerEntry')

const historyEvent = z
  .object({
    sequence: positive,
    type: z.string().openapi({ example: 'OrderPaid' }),
    status: z.string(),
    at: moment,
    body: z.unknown(),
  })
  .openapi('HistoryEvent')

const history = z
  .object({
    paymentId: positive,
    orderId: positive,
    complete: z
      .boolean()
      .openapi({ description: 'False when the beginning is past its time and was dropped.' }),
    entries: z.array(historyEntry),
    ledger: z.array(ledgerEntry),
    events: z.array(historyEvent).openapi({ description: "The order's own events." }),
    charts: z.object({ payment: z.string(), order: z.string() }),
  })
  .openapi('PaymentHistory')

const route = {
  params: { id: idText },
  success: { 200: { description: 'The history', schema: history } },
  problems: ['PAYMENT_NOT_FOUND'] as const,
}

/** What happened to a payment, step by step: enough to show any moment of it, with the money that had moved by then. */
export function historyRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions } = dependencies

  questionRoute(app, dependencies, {
    ...route,
    path: '/payments/{id}/history',
    access: 'customer',
    summary: 'Every message of a payment with what it changed, and what was posted to the ledger',
    answer({ id }, caller) {
      ownPayment(questions, id, caller)
      return answer(200, showHistory(questions.history(id)))
    },
  })

  questionRoute(app, dependencies, {
    ...route,
    path: '/operator/payments/{id}/history',
    access: 'operator',
    summary: 'The same of any payment',
    answer({ id }) {
      if (questions.payment(id) === undefined) throw new Refused('PAYMENT_NOT_FOUND', { paymentId: id })
      return answer(200, showHistory(questions.history(id)))
    },
  })

  return app
}

function showHistory(shown: PaymentHistory): z.infer<typeof history> {
  const { paymentId, orderId, complete, charts } = shown
  return {
    paymentId,
    orderId,
    complete,
    entries: shown.entries.map(showEntry),
    ledger: shown.ledger.map(showPosting),
    events: shown.events.map(({ sequence, type, status, at, body }) => ({
      sequence,
      type,
      status,
      at: isoTime(at),
      body,
    })),
    charts: { payment: charts.payment, order: charts.order },
  }
}

function showEntry(shown: HistoryEntry): z.infer<typeof historyEntry> {
  const { position, sequence, actor, transition, at, messageId, causationId, from, message, state } = shown
  const patch = shown.patch?.map(change => [...change]) ?? null
  return {
    position,
    sequence,
    actor,
    transition,
    at: isoTime(at),
    messageId,
    causationId,
    from,
    message,
    state,
    patch,
  }
}

function showPosting(shown: HistoryPosting): z.infer<typeof ledgerEntry> {
  const { position, key, changeType, at, lines } = shown
  return {
    position,
    key,
    changeType: changeType as z.infer<typeof ledgerEntry>['changeType'],
    at: isoTime(at),
    lines: lines.map(({ account, amount, totalAfter }) => ({ account, amount, totalAfter })),
  }
}
