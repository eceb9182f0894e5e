import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { FeedFilter } from '../actors/feed-filter.ts'
import type { FeedEvent } from '../actors/journal-feed.ts'
import type { Dependencies } from './dependencies.ts'
import { eventStream, eventStreamHead, eventStreamType } from './event-stream.ts'
import { feedFrame } from './feed-frames.ts'
import { idText } from './fields.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

/** After so long a client comes back that lost its stream, in milliseconds. */
const retryMs = 1_000

const position = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, 'a position of the journal is needed')
  .transform(Number)
  .pipe(z.int())
  .openapi({ type: 'integer', minimum: 0, example: 4711 })

const names = (what: RegExp, example: string) =>
  z.string().max(200).regex(what, `one like ${example} is needed`).openapi({ example })

export const feedFilterQuery = {
  kind: names(/^[a-zA-Z]+(,[a-zA-Z]+)*$/, 'payment,order').optional(),
  state: names(/^[a-zA-Z]+(\.[a-zA-Z]+)*$/, 'compensating').optional(),
  order: idText.optional(),
  customer: idText.optional(),
}

const feedQuery = {
  ...feedFilterQuery,
  after: position.optional().openapi({ description: 'As `Last-Event-ID`, which comes first.' }),
  last: position.optional().openapi({ description: 'Begins with so many of the newest rows, 400 at most.' }),
}

const entry = z.object({
  actor: z.string().openapi({ example: 'payment/1001' }),
  transition: z.int().nullable(),
  at: z.iso.datetime(),
  from: z.string(),
  message: z.looseObject({ type: z.string() }),
  state: z.string().nullable().openapi({ example: 'paying.deductingBalance' }),
})

/** The data of the frames, for the API document: an event stream has no schema there. */
const frames = z
  .union([
    z
      .object({ sequence: z.int(), saga: z.string(), at: z.iso.datetime(), entries: z.array(entry) })
      .openapi('FeedTransitions'),
    z
      .object({
        after: z.int(),
        until: z.int(),
        reason: z.enum(['BEHIND', 'DROPPED', 'UNKNOWN_POSITION', 'DAMAGED']),
      })
      .openapi('FeedGap'),
    z.object({ at: z.iso.datetime(), position: z.int() }).openapi('FeedHeartbeat'),
  ])
  .openapi({ description: 'The data of frames named transitions, gap and heartbeat, as text/event-stream.' })

/** The journal as it grows, for operators who watch. */
export function feedRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { authenticate, feed } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/feed',
    access: 'operator',
    summary:
      'What was committed, as it happens; without Accept: text/event-stream, what there is, and then the end',
    query: feedQuery,
    success: { 200: { description: 'Server-sent events', schema: frames } },
    problems: ['TOO_MANY_VIEWERS', 'SHUTTING_DOWN'],
    async answer(query, _caller, c) {
      const after = lastSeen(c) ?? query.after
      if (c.req.method === 'HEAD') return eventStreamHead()
      const viewer = feed.watch({
        filter: feedFilterOf(query),
        after,
        newest: query.last,
        follow: c.req.header('accept')?.includes(eventStreamType) === true,
      })
      if (viewer === undefined) throw new Refused('TOO_MANY_VIEWERS', {})
      let first = await viewer.next()
      if (first === undefined) throw new Refused('SHUTTING_DOWN', {})
      const prefix = `retry: ${retryMs}\n\n`

      return eventStream(async () => {
        const events = first ?? (await viewer.next())
        const text = first === undefined ? '' : prefix
        first = undefined
        if (events === undefined) return undefined
        if (text === '' && events.some(isHeartbeat) && !(await isStillAllowed(c))) {
          viewer.close()
          return undefined
        }
        return text + events.map(feedFrame).join('')
      }, viewer.close)
    },
  })

  /** Whether whoever began to watch would be let in now: their session may have ended, or their role. */
  async function isStillAllowed(c: Context): Promise<boolean> {
    try {
      await authenticate(c, 'operator')
      return true
    } catch (error) {
      if (error instanceof Refused) return false
      throw error
    }
  }

  return app
}

export function feedFilterOf({
  kind,
  state,
  order: orderId,
  customer: customerId,
}: {
  kind?: string | undefined
  state?: string | undefined
  order?: number | undefined
  customer?: number | undefined
}): FeedFilter {
  return {
    ...(kind !== undefined && { kinds: new Set(kind.split(',')) }),
    ...(state !== undefined && { state }),
    ...(orderId !== undefined && { orderId }),
    ...(customerId !== undefined && { customerId }),
  }
}

function isHeartbeat({ type }: FeedEvent): boolean {
  return type === 'heartbeat'
}

/** Where a client that comes back has been. Throws `Refused` with INVALID_ARGUMENT. */
function lastSeen(c: Context): number | undefined {
  const header = c.req.header('last-event-id')
  if (header === undefined || header === '') return undefined
  const parsed = position.safeParse(header)
  if (parsed.success) return parsed.data
  throw new Refused('INVALID_ARGUMENT', {
    path: 'Last-Event-ID',
    reason: 'a position of the journal is needed',
  })
}
