import { OpenAPIHono, z } from '@hono/zod-openapi'
import { isoTime } from '../clock.ts'
import type { Histogram } from '../histogram.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { moment } from './fields.ts'
import { questionRoute } from './question-route.ts'

const counts = z.record(z.string(), z.int())

/** Counts of what was not above each bound; the last is of everything. */
const histogram = z
  .object({ bounds: z.array(z.number()), cumulative: z.array(z.int()), sum: z.number() })
  .openapi('Histogram')

const breaker = z.enum(['closed', 'open', 'half-open'])

const health = z
  .object({
    at: moment,
    startedAt: moment,
    version: z.string(),
    closed: z.enum(['OVERLOADED', 'SHUTTING_DOWN', 'UNAVAILABLE']).nullable(),
    payments: z.object({
      ended: counts.openapi({ description: 'Since the start, by where.' }),
      open: counts.openapi({ description: 'Under way now, by stage.' }),
      oldestOpenMs: z.number(),
      compensations: z.int(),
      waiting: z.int().openapi({ description: 'Those that somebody has to look at.' }),
    }),
    deadLettersWaiting: z.int(),
    actorsSuspended: z.int(),
    paymentSeconds: histogram,
    commitSeconds: histogram,
    commitSagas: histogram,
    backlogMs: z.number(),
    outbox: z.array(z.object({ topic: z.string(), owed: z.int(), parked: z.int(), oldestMs: z.number() })),
    breakers: z.record(z.string(), breaker),
    checks: z
      .object({ run: z.int(), failed: z.int(), damagedRows: z.int(), breaches: z.array(z.string()) })
      .nullable()
      .openapi({ description: 'Online checks of the invariants; null when they are switched off.' }),
    residentBytes: z.int(),
  })
  .openapi('Health')

/** How the shop is doing, in the numbers that `/metrics` shows too: counts since the start, from which a page makes rates. */
export function healthFiguresRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { measures, answerMeasures, closed, clock } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/health',
    access: 'operator',
    summary: 'How the shop is doing',
    success: { 200: { description: 'Counts since the start, and what is now', schema: health } },
    problems: [],
    answer() {
      const m = measures()
      const shown: z.infer<typeof health> = {
        at: isoTime(clock.now()),
        startedAt: isoTime(m.process.startedAt),
        version: m.version,
        closed: closed('begun') ?? null,
        payments: {
          ended: { ...m.paymentsEnded },
          open: { ...m.paymentsOpen },
          oldestOpenMs: m.oldestOpenPaymentMs,
          compensations: m.compensations,
          waiting: m.paymentsWaiting,
        },
        deadLettersWaiting: m.deadLettersWaiting,
        actorsSuspended: m.actorsSuspended,
        paymentSeconds: showHistogram(answerMeasures.paymentSeconds),
        commitSeconds: showHistogram(m.commitSeconds),
        commitSagas: showHistogram(m.commitSagas),
        backlogMs: m.backlogMs,
        outbox: [...m.outbox],
        breakers: { ...m.breakers },
        checks:
          m.checks === undefined
            ? null
            : {
                run: m.checks.checksRun,
                failed: m.checks.checksFailed,
                damagedRows: m.checks.damagedRows,
                breaches: [...m.checks.breaches],
              },
        residentBytes: m.process.residentBytes,
      }
      return answer(200, shown)
    },
  })

  return app
}

function showHistogram({ bounds, cumulative, sum }: Histogram): z.infer<typeof histogram> {
  return { bounds: [...bounds], cumulative: [...cumulative], sum }
}
