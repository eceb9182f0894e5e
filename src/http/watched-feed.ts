import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { FeedEvent } from '../actors/journal-feed.ts'
import type { Dependencies } from './dependencies.ts'
import { idText } from './fields.ts'
import { Refused } from './refused.ts'

const position = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, 'a position of the journal is needed')
  .transform(Number)
  .pipe(z.int())
  .openapi({ type: 'integer', minimum: 0, example: 4711 })

const names = (what: RegExp, example: string) =>
  z.string().max(200).regex(what, `one like ${example} is needed`).openapi({ example })

/** What of the feed is watched, and from where on. */
export const feedQuery = {
  kind: names(/^[a-zA-Z]+(,[a-zA-Z]+)*$/, 'payment,order').optional(),
  state: names(/^[a-zA-Z]+(\.[a-zA-Z]+)*$/, 'compensating').optional(),
  order: idText.optional(),
  customer: idText.optional(),
  after: position.optional().openapi({ description: 'As `Last-Event-ID`, which comes first.' }),
  last: position.optional().openapi({ description: 'Begins with so many of the newest rows, 400 at most.' }),
}

type FeedQuery = z.infer<z.ZodObject<typeof feedQuery>>

export interface WatchedFeed {
  /** `undefined` is the end. */
  next(): Promise<readonly FeedEvent[] | undefined>
  close(): void
  /** Once it is closed, by whomever. */
  readonly gone: Promise<void>
}

/**
 * Begins to watch for an operator. With each heartbeat it asks again whether they would be let in now, and ends when they
 * would not: their session or their role may be gone. Throws `Refused`.
 */
export async function watchedFeed(
  c: Context,
  { authenticate, feed }: Pick<Dependencies, 'authenticate' | 'feed'>,
  { kind, state, order: orderId, customer: customerId, after, last: newest }: FeedQuery,
  follow: boolean,
): Promise<WatchedFeed> {
  const viewer = feed.watch({
    filter: {
      ...(kind !== undefined && { kinds: new Set(kind.split(',')) }),
      ...(state !== undefined && { state }),
      ...(orderId !== undefined && { orderId }),
      ...(customerId !== undefined && { customerId }),
    },
    after: lastSeen(c) ?? after,
    newest,
    follow,
  })
  if (viewer === undefined) throw new Refused('TOO_MANY_VIEWERS', {})
  let first = await viewer.next()
  if (first === undefined) throw new Refused('SHUTTING_DOWN', {})

  async function isStillAllowed(): Promise<boolean> {
    try {
      await authenticate(c, 'operator')
      return true
    } catch (error) {
      if (error instanceof Refused) return false
      throw error
    }
  }

  return {
    async next() {
      if (first !== undefined) {
        const events = first
        first = undefined
        return events
      }
      const events = await viewer.next()
      if (events === undefined || !events.some(isHeartbeat) || (await isStillAllowed())) return events
      viewer.close()
      return undefined
    },
    close: viewer.close,
    gone: viewer.gone,
  }
}

export function isHeartbeat({ type }: FeedEvent): boolean {
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
