import type { Context } from 'hono'
import { guardHeaders } from './answer.ts'

const eventStreamType = 'text/event-stream'

const headers = {
  ...guardHeaders,
  'Content-Type': eventStreamType,
  // Proxies that collect answers before they pass them on would hold it for ever.
  'X-Accel-Buffering': 'no',
}

/** Whoever does not say so is given an answer that ends. */
export function wantsEventStream(c: Context): boolean {
  return c.req.header('accept')?.includes(eventStreamType) === true
}

/**
 * An answer that goes on: what `next` gives is sent once what was sent before has been taken, until it gives `undefined`.
 * `close` is called when the other side is gone.
 */
export function eventStream(next: () => Promise<string | undefined>, close: () => void): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await next()
        if (text === undefined) controller.close()
        else controller.enqueue(encoder.encode(text))
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers })
}

/** What is said before somebody who asked only for the head of it is sent away. */
export function eventStreamHead(): Response {
  return new Response(null, { headers })
}
