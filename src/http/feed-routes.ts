import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Dependencies } from './dependencies.ts'
import { eventStream, eventStreamHead, wantsEventStream } from './event-stream.ts'
import { feedFrame } from './feed-frames.ts'
import { questionRoute } from './question-route.ts'
import { feedQuery, watchedFeed } from './watched-feed.ts'

/** After so long a client comes back that lost its stream, in milliseconds. */
const retryMs = 1_000

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

  questionRoute(app, dependencies, {
    path: '/operator/feed',
    access: 'operator',
    summary:
      'What was committed, as it happens; without Accept: text/event-stream, what there is, and then the end',
    query: feedQuery,
    success: { 200: { description: 'Server-sent events', schema: frames } },
    problems: ['TOO_MANY_VIEWERS', 'SHUTTING_DOWN'],
    async answer(query, _caller, c) {
      if (c.req.method === 'HEAD') return eventStreamHead()
      const feed = await watchedFeed(c, dependencies, query, wantsEventStream(c))
      let prefix = `retry: ${retryMs}\n\n`
      return eventStream(c, {
        ...feed,
        async next() {
          const events = await feed.next()
          if (events === undefined) return undefined
          const text = prefix + events.map(feedFrame).join('')
          prefix = ''
          return text
        },
      })
    },
  })

  return app
}
