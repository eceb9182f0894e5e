import { OpenAPIHono, z } from '@hono/zod-openapi'
import { isoTime } from '../clock.ts'
import type { Operator } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { bodyBytesMax, readBody } from './body.ts'
import type { Dependencies } from './dependencies.ts'
import { moment } from './fields.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'
import { documentRoute } from './route-document.ts'

/** What operators see of the outbox and do with it. Times in milliseconds. */
export interface OutboxOperations {
  /** What waits, by topic; `oldestAt` is when the oldest of it was made. */
  backlog(): readonly { topic: string; owed: number; parked: number; oldestAt: number }[]
  /** Events that were given up, oldest first. */
  parked(limit: number): readonly {
    eventId: string
    topic: string
    key: string
    type: string
    attempts: number
    error: string
    createdAt: number
    parkedAt: number
  }[]
  /** Of each topic that somebody takes. */
  breakers(): Readonly<Record<string, 'closed' | 'open' | 'half-open'>>
  /** Has events delivered again, and resolves with how many. */
  replay(
    selection: { type: 'parked' } | { type: 'event'; eventId: string } | { type: 'since'; at: number },
    operator: Operator,
  ): Promise<number>
}

const parkedShownMax = 200

const outboxShown = z
  .object({
    topics: z.array(
      z.object({
        topic: z.string().openapi({ example: 'payments' }),
        breaker: z.enum(['closed', 'open', 'half-open']),
        owed: z.int(),
        parked: z.int(),
        oldestAt: moment.nullable(),
      }),
    ),
    parked: z.array(
      z.object({
        eventId: z.string().openapi({ example: 'payment/1001#9#2' }),
        topic: z.string(),
        key: z.string().openapi({ example: 'order/1001' }),
        type: z.string().openapi({ example: 'PaymentCompleted' }),
        attempts: z.int(),
        error: z.string(),
        createdAt: moment,
        parkedAt: moment,
      }),
    ),
  })
  .openapi('Outbox')

const replayBody = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).openapi({ example: 'The platform was restored.' }),
    eventId: z.string().min(1).max(500).optional(),
    parked: z.literal(true).optional(),
    since: z.iso.datetime().optional().openapi({ example: '2026-01-31T09:00:00.000Z' }),
  })
  .refine(
    ({ eventId, parked, since }) =>
      [eventId, parked, since].filter(given => given !== undefined).length === 1,
    'name one of eventId, parked and since',
  )
  .openapi({ example: { reason: 'The platform was restored.', parked: true } })

/** Events for the outside: what waits, what was given up, and how to have them delivered again. */
export function outboxRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { outbox, authenticate } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/outbox',
    access: 'operator',
    summary: 'Events that are owed to the outside, and those that were given up',
    success: { 200: { description: 'The outbox', schema: outboxShown } },
    problems: [],
    answer: () => answer(200, showOutbox(outbox)),
  })

  const path = documentRoute(app, {
    method: 'post',
    path: '/operator/outbox/replay',
    access: 'operator',
    summary: 'Deliver parked events, one event, or all since a moment again, under the ids they had',
    body: replayBody,
    success: { 200: { description: 'How many', schema: z.object({ replayed: z.int() }) } },
    problems: ['INVALID_ARGUMENT', 'FORBIDDEN', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
  })
  app.post(path, async c => {
    const { name } = await authenticate(c, 'operator')
    const { reason, eventId, since } = await readBody(c, replayBody, bodyBytesMax)
    const replayed = await outbox
      .replay(selectionOf(eventId, since), { name, reason })
      // What could not be written may be asked for again: the events keep their ids.
      .catch(() => Promise.reject(new Refused('UNAVAILABLE', {})))
    return answer(200, { replayed })
  })

  return app
}

function selectionOf(eventId: string | undefined, since: string | undefined) {
  if (eventId !== undefined) return { type: 'event', eventId } as const
  return since === undefined
    ? ({ type: 'parked' } as const)
    : ({ type: 'since', at: Date.parse(since) } as const)
}

function showOutbox(outbox: OutboxOperations): z.infer<typeof outboxShown> {
  const backlog = outbox.backlog()
  const breakers = outbox.breakers()
  const names = new Set([...Object.keys(breakers), ...backlog.map(({ topic }) => topic)])
  return {
    topics: [...names].map(topic => {
      const waiting = backlog.find(each => each.topic === topic)
      return {
        topic,
        breaker: breakers[topic] ?? 'closed',
        owed: waiting?.owed ?? 0,
        parked: waiting?.parked ?? 0,
        oldestAt: waiting === undefined ? null : isoTime(waiting.oldestAt),
      }
    }),
    parked: outbox.parked(parkedShownMax).map(event => ({
      eventId: event.eventId,
      topic: event.topic,
      key: event.key,
      type: event.type,
      attempts: event.attempts,
      error: event.error,
      createdAt: isoTime(event.createdAt),
      parkedAt: isoTime(event.parkedAt),
    })),
  }
}
