import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Access } from './access.ts'
import { idText } from './fields.ts'
import { type ProblemCode, problemStatus } from './problem.ts'

export type Shape = Readonly<Record<string, z.ZodType>>

/** What callers are told about a route. */
export interface RouteDocument {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** `/orders/{id}`; the one place where the path is written. */
  path: string
  summary: string
  access: Access
  /** Schemas of the path's parameters. */
  params?: Shape
  query?: Shape
  headers?: Shape
  body?: z.ZodType
  success: Readonly<Record<number, { description: string; schema?: z.ZodType }>>
  problems: readonly ProblemCode[]
}

const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'One sentence that says what to do.' }),
    code: z.string(),
    message: z.string().openapi({ description: 'The same as `detail`.' }),
  })
  .openapi('Problem', {
    description: 'Beside these members, the facts of the code.',
    example: {
      type: 'urn:recoup:problem:BALANCE_INSUFFICIENT',
      title: 'Balance insufficient',
      status: 409,
      detail: 'The balance holds 1000 of the 39000 needed; charge it and try again.',
      code: 'BALANCE_INSUFFICIENT',
      message: 'The balance holds 1000 of the 39000 needed; charge it and try again.',
      available: 1000,
      requested: 39_000,
    },
  })

const callerHeader = {
  'X-Customer-Id': idText.optional().openapi({ description: 'The customer whom the gateway vouches for.' }),
}

/**
 * Puts the route into the OpenAPI document and returns its path as the router writes it. Input is not validated by this:
 * the library's validators would each be one more middleware and read the body without its limits.
 */
export function documentRoute(app: OpenAPIHono, route: RouteDocument): string {
  const { method, path, summary, access, params = {}, query = {}, headers = {}, body } = route
  const document = createRoute({
    method,
    path,
    summary,
    'x-access': access,
    ...(access !== 'anyone' && { security: [{ session: [] }] }),
    tags: [path.split('/')[1] ?? path],
    request: {
      params: z.object(params),
      query: z.object(query),
      headers: z.object({ ...callerHeader, ...headers }),
      ...(body && { body: { content: { 'application/json': { schema: body } }, required: true } }),
    },
    responses: { ...successResponses(route), ...problemResponses(problemsOf(route)) },
  })
  app.openAPIRegistry.registerPath(document)
  return document.getRoutingPath()
}

/** Wherever somebody has to be known, they may not be. */
function problemsOf({ access, problems }: RouteDocument): readonly ProblemCode[] {
  if (access === 'anyone') return problems
  return [...new Set([...problems, 'MISSING_CUSTOMER_CONTEXT', 'SESSION_EXPIRED'] as const)]
}

function successResponses({ success }: RouteDocument) {
  return Object.fromEntries(
    Object.entries(success).map(([status, { description, schema }]) => [
      status,
      { description, ...(schema && { content: { 'application/json': { schema } } }) },
    ]),
  )
}

function problemResponses(codes: readonly ProblemCode[]) {
  const grouped = Map.groupBy([...codes, 'INTERNAL_SERVER_ERROR' as const], problemStatus)
  return Object.fromEntries(
    [...grouped].map(([status, group]) => [
      status,
      { description: group.join(', '), content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  )
}
