import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { DeadLetterCommand, DeadLetterReply } from '../actors/operator/dead-letter-messages.ts'
import type { DeadLetterRow, OperatedPayment } from '../actors/operator-questions.ts'
import type { OperatorReply, PaymentCommand } from '../actors/payment/payment-messages.ts'
import { isoTime } from '../clock.ts'
import { addressOf, type Message } from '../runtime/envelope.ts'
import type { AuditEntry, Resolution } from '../runtime/store.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { directRoute } from './direct-route.ts'
import { idText, moment, givenReason as reason } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { payment, showPayment } from './payment-routes.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

export const operatedPayment = payment
  .extend({
    resends: z.int().openapi({ description: 'How often its step has been asked again.' }),
    nextResendAt: moment.nullable(),
    attention: z.array(z.enum(['SUSPENDED', 'UNDO_UNANSWERED', 'DAMAGED'])),
    givenUpAt: moment.nullable().openapi({ description: 'Until when its step may stay silent.' }),
    deadLetterIds: z.array(z.int()),
  })
  .openapi('OperatedPayment')

const message = z.looseObject({ type: z.string().min(1) })

export const deadLetter = z
  .object({
    id: z.int(),
    actor: z.string().openapi({ example: 'stock/6001' }),
    from: z.string(),
    saga: z.string().openapi({ example: 'order/1001' }),
    message,
    error: z.string(),
    stack: z.string(),
    at: moment,
    resolution: z.enum(['REFUSED', 'RETRIED', 'EDITED', 'SKIPPED']).nullable(),
    resolvedAt: moment.nullable(),
  })
  .openapi('DeadLetter')

const handlingPreview = z
  .object({
    known: z.boolean().openapi({ description: 'False where the step alone cannot tell.' }),
    error: z.string().nullable().openapi({ description: 'Why it would be set aside again.' }),
    changes: z.boolean(),
    sends: z.array(z.object({ to: z.string(), type: z.string() })),
  })
  .openapi('HandlingPreview')

const unknownHandling = { error: null, changes: false, sends: [] }

const auditText = z.string().min(1).max(200)

const auditEntry = z
  .object({
    at: moment,
    operator: z.string(),
    action: z.string().openapi({ example: 'RetryStep' }),
    subject: z.string().openapi({ example: 'payment/1001' }),
    reason: z.string(),
    outcome: z.string().openapi({ example: 'StepRetried' }),
  })
  .openapi('AuditEntry')

/** What operators see and do. Everything done carries a reason and leaves a row in the audit log, refused or not. */
export function operatorRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { operatorQuestions } = dependencies

  function knownPayment(paymentId: number): OperatedPayment {
    const found = operatorQuestions.payment(paymentId)
    if (found === undefined) throw new Refused('PAYMENT_NOT_FOUND', { paymentId })
    return found
  }

  function knownDeadLetter(deadLetterId: number): DeadLetterRow {
    const found = operatorQuestions.deadLetter(deadLetterId)
    if (found === undefined) throw new Refused('DEAD_LETTER_NOT_FOUND', { deadLetterId })
    return found
  }

  questionRoute(app, dependencies, {
    path: '/operator/payments/{id}',
    access: 'operator',
    summary: 'A payment, in whatever state it is, with why it needs somebody',
    params: { id: idText },
    success: { 200: { description: 'The payment', schema: operatedPayment } },
    problems: ['PAYMENT_NOT_FOUND'],
    answer: ({ id }) => answer(200, showOperatedPayment(knownPayment(id))),
  })

  questionRoute(app, dependencies, {
    path: '/operator/dead-letters',
    access: 'operator',
    summary: 'Messages that could not be handled; those that wait, unless all are asked for',
    query: { ...pageQuery(), all: z.enum(['true', 'false']).default('false') },
    success: { 200: { description: 'Dead letters', schema: z.array(deadLetter) } },
    problems: [],
    answer: (query, _caller, c) =>
      answerPage(c, operatorQuestions.deadLetters(query.all === 'true', pageRequest(query)), showDeadLetter),
  })

  questionRoute(app, dependencies, {
    path: '/operator/audit',
    access: 'operator',
    summary: 'What operators did and why, oldest first unless the newest are asked for first',
    query: {
      ...pageQuery(),
      operator: auditText.optional(),
      subject: auditText
        .optional()
        .openapi({ description: 'An address, `payment/1001`, or the kind of one, `payment`.' }),
      action: auditText.optional(),
      order: z.enum(['oldest', 'newest']).default('oldest'),
    },
    success: { 200: { description: 'Audit log', schema: z.array(auditEntry) } },
    problems: [],
    answer(query, _caller, c) {
      const { operator = null, subject = null, action = null, order } = query
      const filter = { operator, subject, action, newestFirst: order === 'newest' }
      return answerPage(c, operatorQuestions.auditLog(filter, pageRequest(query)), showAuditEntry)
    },
  })

  function paymentOperation(operation: string, summary: string, command: PaymentCommand): void {
    commandRoute(app, dependencies, {
      method: 'post',
      path: `/operator/payments/{id}/${operation}`,
      summary,
      access: 'operator',
      params: { id: idText },
      body: z.strictObject({ reason }),
      success: { 200: { description: 'The payment', schema: operatedPayment } },
      problems: ['PAYMENT_NOT_FOUND', 'OPERATION_NOT_APPLICABLE'],
      command({ id, reason }, { name }) {
        knownPayment(id)
        return {
          to: addressOf('payment', id),
          message: command,
          correlationId: addressOf('order', id),
          operator: { name, reason },
        }
      },
      present: (_reply: OperatorReply, { id }) => answer(200, showOperatedPayment(knownPayment(id))),
    })
  }
  paymentOperation('retry', 'Ask the silent step of a payment again now', { type: 'RetryStep' })
  paymentOperation('skip', 'Go on without the statistics; the sale stays owed', { type: 'SkipStep' })
  paymentOperation('compensate', 'Give an attempt up and undo it', { type: 'CompensatePayment' })

  directRoute(app, dependencies, {
    method: 'post',
    path: '/operator/dead-letters/{id}/preview',
    access: 'operator',
    summary: 'What would happen if the message, or another in its place, were handled now; nothing is done',
    params: { id: idText },
    body: z.strictObject({ message: message.optional() }),
    success: { 200: { description: 'What would happen', schema: handlingPreview } },
    problems: ['DEAD_LETTER_NOT_FOUND', 'DEAD_LETTER_RESOLVED'],
    async run({ id: deadLetterId, message }) {
      const found = knownDeadLetter(deadLetterId)
      if (found.resolution !== null) throw new Refused('DEAD_LETTER_RESOLVED', { deadLetterId })
      const preview = dependencies.consoleQuestions.handling(found, message as Message | undefined)
      return answer(200, { known: preview !== undefined, ...(preview ?? unknownHandling) })
    },
  })

  function deadLetterOperation(
    operation: string,
    summary: string,
    resolution: Resolution,
    edited: { message?: typeof message } = {},
  ): void {
    commandRoute(app, dependencies, {
      method: 'post',
      path: `/operator/dead-letters/{id}/${operation}`,
      summary,
      access: 'operator',
      params: { id: idText },
      body: z.strictObject({ reason, ...edited }),
      success: { 200: { description: 'The dead letter', schema: deadLetter } },
      problems: ['DEAD_LETTER_NOT_FOUND', 'DEAD_LETTER_RESOLVED'],
      command(input, { name }) {
        const { id: deadLetterId, reason } = input
        const found = knownDeadLetter(deadLetterId)
        if (found.resolution !== null) throw new Refused('DEAD_LETTER_RESOLVED', { deadLetterId })
        const command: DeadLetterCommand = { type: 'ResolveDeadLetter', resolution }
        if ('message' in input) command.message = input.message as Message
        return {
          to: addressOf('deadLetter', deadLetterId),
          message: command,
          correlationId: found.envelope.correlationId,
          operator: { name, reason },
        }
      },
      present: (_reply: DeadLetterReply, { id }) => answer(200, showDeadLetter(knownDeadLetter(id))),
    })
  }
  deadLetterOperation('retry', 'Handle the message again, then those behind it', 'RETRIED')
  deadLetterOperation('skip', 'Drop the message and go on with those behind it', 'SKIPPED')
  deadLetterOperation('edit', 'Handle another message in its place', 'EDITED', { message })

  return app
}

export function showOperatedPayment(shown: OperatedPayment): z.infer<typeof operatedPayment> {
  return {
    ...showPayment(shown),
    resends: shown.resends,
    nextResendAt: shown.nextResendAt === null ? null : isoTime(shown.nextResendAt),
    givenUpAt: shown.givenUpAt === null ? null : isoTime(shown.givenUpAt),
    attention: [...shown.attention],
    deadLetterIds: [...shown.deadLetterIds],
  }
}

export function showDeadLetter(shown: DeadLetterRow): z.infer<typeof deadLetter> {
  const { id, actor, envelope, error, stack, at, resolution, resolvedAt } = shown
  return {
    id,
    actor,
    from: envelope.from,
    saga: envelope.correlationId,
    message: envelope.message,
    error,
    stack,
    at: isoTime(at),
    resolution: resolution as z.infer<typeof deadLetter>['resolution'],
    resolvedAt: resolvedAt === null ? null : isoTime(resolvedAt),
  }
}

function showAuditEntry(shown: AuditEntry): z.infer<typeof auditEntry> {
  const { at, operator, action, subject, reason, outcome } = shown
  return { at: isoTime(at), operator, action, subject, reason, outcome }
}
