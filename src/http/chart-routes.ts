import { createHash } from 'node:crypto'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { answer, guardHeaders } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const described = z.object({
  id: z.string().openapi({ example: 'payment' }),
  version: z.string(),
  description: z.string(),
  digest: z.string().openapi({ description: 'Tells this definition from any other.' }),
})

const box = { x: z.number(), y: z.number(), width: z.number(), height: z.number() }

const chart = described
  .extend({
    width: z.number(),
    height: z.number(),
    states: z.array(
      z
        .object({
          id: z.string().openapi({ example: 'paying.claimingOrder' }),
          parent: z.string().nullable(),
          name: z.string(),
          type: z.enum(['atomic', 'compound', 'parallel', 'final', 'history']),
          initial: z.boolean(),
          tags: z.array(z.string()),
          description: z.string(),
          ...box,
        })
        .openapi('ChartState'),
    ),
    transitions: z.array(
      z
        .object({
          id: z.string(),
          from: z.string(),
          to: z.string().openapi({ description: 'The same as `from` of one that stays.' }),
          event: z.string(),
          kind: z.enum(['event', 'after', 'always']),
          guard: z.string().nullable(),
          description: z.string(),
        })
        .openapi('ChartTransition'),
    ),
    edges: z.array(
      z
        .object({
          id: z.string(),
          from: z.string(),
          to: z.string(),
          transitions: z.array(z.string()),
          points: z.array(z.object({ x: z.number(), y: z.number() })),
          label: z.object({ ...box, lines: z.array(z.string()) }),
        })
        .openapi('ChartEdge'),
    ),
  })
  .openapi('Chart')

/** The machines that run, as data that can be drawn. */
export interface Charts {
  list(): readonly z.infer<typeof described>[]
  chart(id: string): Promise<object> | undefined
}

export function chartRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { charts } = dependencies

  questionRoute(app, dependencies, {
    path: '/charts',
    access: 'anyone',
    summary: 'The machines that run here',
    success: { 200: { description: 'Machines', schema: z.array(described) } },
    problems: [],
    answer: () => answer(200, charts.list()),
  })

  questionRoute(app, dependencies, {
    path: '/charts/{machine}',
    access: 'anyone',
    summary: 'The statechart of a machine, with where everything lies in its picture',
    params: { machine: z.string().min(1).max(100).openapi({ example: 'payment' }) },
    success: { 200: { description: 'The chart', schema: chart } },
    problems: ['CHART_NOT_FOUND'],
    async answer({ machine }, _caller, c) {
      const laidOut = await charts.chart(machine)
      if (laidOut === undefined) throw new Refused('CHART_NOT_FOUND', { machine })
      const headers = { ETag: entityTag(laidOut), 'Cache-Control': 'no-cache' }
      if (isKept(c.req.header('if-none-match'), headers.ETag)) {
        return new Response(null, { status: 304, headers: { ...guardHeaders, ...headers } })
      }
      return answer(200, laidOut, headers)
    },
  })

  return app
}

/**
 * Of everything that is answered rather than of the machine alone: another release may lay the same machine out otherwise, and
 * a browser that kept the older picture has to be told.
 */
function entityTag(laidOut: object): string {
  return `"${createHash('sha256').update(JSON.stringify(laidOut)).digest('base64url').slice(0, 16)}"`
}

/** Whether a browser has it already. It may name several; a proxy that compresses marks them as weak. */
function isKept(ifNoneMatch: string | undefined, tag: string): boolean {
  const kept = (ifNoneMatch ?? '').split(',').map(one => one.trim().replace(/^W\//, ''))
  return kept.includes(tag) || kept.includes('*')
}
