import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Inspection } from '../actors/inspection.ts'
import type { Dependencies } from './dependencies.ts'
import { eventStream, eventStreamHead, wantsEventStream } from './event-stream.ts'
import { refuseForeignOrigin } from './foreign-page.ts'
import { questionRoute } from './question-route.ts'
import { feedQuery, isHeartbeat, type WatchedFeed, watchedFeed } from './watched-feed.ts'
import { closeCodes, type WebSocketSide } from './web-socket.ts'
import type { WebSocketUpgrade } from './web-socket-upgrade.ts'

const inspectionEvent = z
  .looseObject({
    type: z.enum(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
    sessionId: z.string().openapi({ example: 'payment/1001' }),
  })
  .openapi('InspectionEvent', { description: 'As @statelyai/inspect 0.7.2 writes and reads them.' })

/** The feed for the tools of XState, over a WebSocket as they read it, or as server-sent events. */
export function inspectionRoutes(dependencies: Dependencies, inspection: Inspection): OpenAPIHono {
  const app = new OpenAPIHono()

  questionRoute(app, dependencies, {
    path: '/operator/inspection',
    access: 'operator',
    summary: 'What was committed, for the tools of XState; by WebSocket or as server-sent events',
    query: feedQuery,
    success: { 200: { description: 'Inspection events', schema: inspectionEvent } },
    problems: ['TOO_MANY_VIEWERS', 'SHUTTING_DOWN'],
    async answer(query, _caller, c) {
      if (c.req.method === 'HEAD') return eventStreamHead()
      const upgrade = upgradeOf(c)
      if (upgrade !== undefined) refuseForeignOrigin(c, dependencies.settings.allowedOrigins)
      const feed = await watchedFeed(c, dependencies, query, upgrade !== undefined || wantsEventStream(c))
      const inspected = inspection.begin()
      if (upgrade !== undefined) {
        // What could not be read just now can be, in a moment: the other side sees the end and comes again.
        sendAll(upgrade.accept(), feed, inspected).catch(() => {})
        return new Response(null)
      }
      return eventStream(c, {
        ...feed,
        async next() {
          const events = await feed.next()
          if (events === undefined) return undefined
          const texts = inspected(events).map(text => `data: ${text}\n\n`)
          // A comment where there is nothing to tell: a stream that is silent may be cut on the way.
          return texts.join('') || ':\n\n'
        },
      })
    },
  })

  return app
}

function upgradeOf({ env }: Context): WebSocketUpgrade | undefined {
  return (env as { upgrade?: WebSocketUpgrade } | undefined)?.upgrade
}

/** Every event is a message of its own, sent once the one before was taken. */
async function sendAll(
  socket: WebSocketSide,
  feed: WatchedFeed,
  inspected: ReturnType<Inspection['begin']>,
): Promise<void> {
  void socket.gone.then(feed.close)
  void feed.gone.then(() => socket.close(closeCodes.goingAway))
  try {
    for (let events = await feed.next(); events !== undefined; events = await feed.next()) {
      for (const text of inspected(events)) await socket.send(text)
      if (events.some(isHeartbeat)) socket.ping()
    }
  } finally {
    feed.close()
  }
}
