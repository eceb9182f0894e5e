import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { callerOf } from './caller.ts'
import { readParameters } from './parameters.ts'
import { documentRoute, type RouteDocument, type Shape } from './route-document.ts'

interface QuestionRoute<Params extends Shape, Query extends Shape>
  extends Omit<RouteDocument, 'method' | 'headers' | 'body'> {
  params?: Params
  query?: Query
  /** Throws unless the caller may ask this at all. */
  guard?(c: Context): void
  /**
   * Answers from committed data. `input` holds the parameters of path and query, `caller` the customer whom the gateway
   * vouches for. Throws `Refused`.
   */
  answer(input: z.infer<z.ZodObject<Params & Query>>, caller: number | undefined, c: Context): Response
}

/** Adds a GET route that changes nothing. */
export function questionRoute<
  Params extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
>(app: OpenAPIHono, route: QuestionRoute<Params, Query>): void {
  const parameters = z.object({ ...route.params, ...route.query } as Params & Query)
  const path = documentRoute(app, {
    ...route,
    method: 'get',
    problems: ['INVALID_ARGUMENT', 'FORBIDDEN', ...route.problems],
  })
  app.get(path, c => {
    route.guard?.(c)
    const input = readParameters(c, parameters)
    return route.answer(input, callerOf(c, input), c)
  })
}
