import type { ServerResponse } from 'node:http'
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

interface Source {
  /** What comes next; `undefined` is the end. */
  next(): Promise<string | undefined>
  /** The other side is gone. */
  close(): void
  /** Once nothing more is to be sent. */
  readonly gone: Promise<void>
}

/** An answer that goes on: what comes next is sent once what was sent before has been taken. */
export function eventStream(c: Context, { next, close, gone }: Source): Response {
  const { outgoing } = (c.env ?? {}) as { outgoing?: ServerResponse }
  void gone.then(() => {
    // Whoever does not take what was sent would not see the end of it either, and hold up a server that stops.
    if (outgoing?.writableNeedDrain) outgoing.destroy()
  })
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
