import { OpenAPIHono, z } from '@hono/zod-openapi'
import { isoTime } from '../clock.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const ok = { status: 'ok' } as const
const success = { 200: { description: 'It is', schema: z.object({ status: z.literal('ok') }) } }

const ready = z.union([
  z.object({ status: z.literal('ok') }),
  z.object({ status: z.literal('degraded'), degraded: z.array(z.string()) }),
])

export function healthRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { closed, breach, degraded } = dependencies

  questionRoute(app, dependencies, {
    path: '/livez',
    access: 'anyone',
    summary: 'Whether the process is alive',
    success,
    problems: [],
    answer: () => answer(200, ok),
  })

  questionRoute(app, dependencies, {
    path: '/readyz',
    access: 'anyone',
    summary: 'Whether orders and money are taken in, and what is missing meanwhile',
    success: { 200: { description: 'They are', schema: ready } },
    problems: ['OVERLOADED', 'SHUTTING_DOWN', 'UNAVAILABLE'],
    answer() {
      const reason = closed('begun')
      const broken = breach()
      if (reason === 'UNAVAILABLE' && broken !== undefined) {
        throw new Refused(reason, { invariant: broken.name, since: isoTime(broken.since) })
      }
      if (reason !== undefined) throw new Refused(reason, {})
      const missing = degraded()
      return answer(200, missing.length === 0 ? ok : { status: 'degraded', degraded: missing })
    },
  })

  return app
}
