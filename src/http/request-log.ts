import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { LogFields } from '../log.ts'

const given = /^[\x21-\x7e]{1,64}$/
const ids = new WeakMap<Request, string>()

/** The id of a request: the one it came with, when it can be one, or a new one, the same however often it is asked for. */
export function requestIdOf({ req }: Context, newId: () => number): string {
  const named = req.header('x-request-id')
  if (named !== undefined && given.test(named)) return named
  let id = ids.get(req.raw)
  if (id === undefined) {
    id = `request-${newId()}`
    ids.set(req.raw, id)
  }
  return id
}

/** Tells `log` of each request once it is answered: by its route, since a path is whatever the caller likes. */
export function requestLog(
  log: (sentence: string, fields: LogFields) => void,
  newId: () => number,
): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const { method } = c.req
    const { status } = c.res
    const ms = Math.round((performance.now() - began) * 1_000) / 1_000
    const route = routePath(c, -1)
    log(`${method} ${route} ${status} in ${ms} ms`, {
      requestId: requestIdOf(c, newId),
      method,
      route,
      status,
      ms,
      ...(await idsIn(c)),
    })
  }
}

/** The order or payment that it was about, as the answer says. */
async function idsIn({ res }: Context): Promise<LogFields> {
  if (!res.headers.get('content-type')?.includes('json')) return {}
  const answer = (await res
    .clone()
    .json()
    .catch(() => undefined)) as { orderId?: unknown; paymentId?: unknown } | undefined
  const { orderId, paymentId } = answer ?? {}
  return {
    ...(typeof orderId === 'number' && { orderId }),
    ...(typeof paymentId === 'number' && { paymentId }),
  }
}
