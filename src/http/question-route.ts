import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Caller, refuseForAnother } from './access.ts'
import type { Dependencies } from './dependencies.ts'
import { readParameters } from './parameters.ts'
import { documentRoute, type RouteDocument, type Shape } from './route-document.ts'

interface QuestionRoute<Params extends Shape, Query extends Shape>
  extends Omit<RouteDocument, 'method' | 'headers' | 'body'> {
  params?: Params
  query?: Query
  /**
   * Answers from committed data. `input` holds the parameters of path and query, `caller` whoever asks.
   * Throws `Refused`.
   */
  answer(
    input: z.infer<z.ZodObject<Params & Query>>,
    caller: Caller,
    c: Context,
  ): Response | Promise<Response>
}

/** Adds a GET route that changes nothing. */
export function questionRoute<
  Params extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
>(
  app: OpenAPIHono,
  { authenticate }: Pick<Dependencies, 'authenticate'>,
  route: QuestionRoute<Params, Query>,
): void {
  const parameters = z.object({ ...route.params, ...route.query } as Params & Query)
  const path = documentRoute(app, {
    ...route,
    method: 'get',
    problems: ['INVALID_ARGUMENT', 'FORBIDDEN', 'RATE_LIMITED', ...route.problems],
  })
  app.get(path, async c => {
    const caller = await authenticate(c, route.access)
    const input = readParameters(c, parameters)
    refuseForAnother(caller, input)
    return route.answer(input, caller, c)
  })
}
