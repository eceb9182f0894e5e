import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Caller } from './access.ts'
import { bodyBytesMax, readBody } from './body.ts'
import type { Dependencies } from './dependencies.ts'
import { readParameters } from './parameters.ts'
import { Refused } from './refused.ts'
import { requestKeyOf } from './request-key.ts'
import { documentRoute, type RouteDocument, type Shape } from './route-document.ts'

interface DirectRoute<Params extends Shape, Body extends z.ZodObject>
  extends Omit<RouteDocument, 'headers' | 'query'> {
  method: 'post' | 'put' | 'patch' | 'delete'
  params?: Params
  body?: Body
  /** Carries it out and answers; `input` is path and body together. Throws `Refused`. */
  run(input: z.infer<z.ZodObject<Params>> & z.infer<Body>, caller: Caller, c: Context): Promise<Response>
}

/**
 * Adds a route whose input or answer is secret, or that is none of any actor's business. It is carried out at the door: no
 * actor is told of it, and nothing of it is stored under an Idempotency-Key, which may be sent and makes no difference.
 */
export function directRoute<Body extends z.ZodObject, Params extends Shape = Record<never, never>>(
  app: OpenAPIHono,
  dependencies: Dependencies,
  route: DirectRoute<Params, Body>,
): void {
  const { method, body } = route
  const path = documentRoute(app, {
    ...route,
    problems: [
      ...(body === undefined
        ? []
        : (['INVALID_ARGUMENT', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
      'IDEMPOTENCY_KEY_INVALID',
      'FORBIDDEN',
      'RATE_LIMITED',
      'OVERLOADED',
      'SHUTTING_DOWN',
      'UNAVAILABLE',
      ...route.problems,
    ],
  })

  const parameters = z.object(route.params ?? ({} as Params))

  app.on(method, path, async c => {
    const caller = await dependencies.authenticate(c, route.access)
    // Who cannot log in cannot help either, so only an end of the process is a reason.
    if (dependencies.closed('begun') === 'SHUTTING_DOWN') throw new Refused('SHUTTING_DOWN', {})
    const sent = body === undefined ? {} : await readBody(c, body, bodyBytesMax)
    const input = { ...readParameters(c, parameters), ...sent }
    requestKeyOf(c, path, caller, {})
    return await route.run(input as z.infer<z.ZodObject<Params>> & z.infer<Body>, caller, c)
  })
}
