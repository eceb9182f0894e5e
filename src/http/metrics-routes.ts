import { OpenAPIHono, z } from '@hono/zod-openapi'
import { Counter, Gauge, Registry } from 'prom-client'
import { guardHeaders } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { documentRoute } from './route-document.ts'

/** The numbers of a running process that its operators watch. Counts are since its start. */
export interface Measures {
  /** Messages that actors handled, and how many of them changed nothing: refused, repeated, late. */
  messagesHandled: number
  messagesUnchanged: number
  actorsSuspended: number
  paymentsWaiting: number
  /** How long a request that comes now will wait, going by the last ones, in milliseconds. */
  backlogMs: number
  /** Absent when no Redis is configured. */
  redis?: { state: 'closed' | 'half-open' | 'open'; timesOpened: number } | undefined
  /** Online checks of the invariants; absent when they are switched off. */
  checks?:
    | {
        checksRun: number
        checksFailed: number
        lastDurationMs: number
        damagedRows: number
        breaches: readonly string[]
      }
    | undefined
}

const breakerStates = ['closed', 'half-open', 'open'] as const

/** GET /metrics in the text format of Prometheus. */
export function metricsRoutes({ measures }: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const registry = new Registry()
  const registers = [registry]

  function gauge(name: string, help: string, read: (measures: Measures) => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(measures()))
      },
    })
  }

  function counter(name: string, help: string, read: (measures: Measures) => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read(measures()))
      },
    })
  }

  counter('recoup_messages_handled_total', 'Messages that actors handled.', m => m.messagesHandled)
  counter(
    'recoup_messages_unchanged_total',
    'Messages that changed nothing: refused, repeated or late.',
    m => m.messagesUnchanged,
  )
  gauge('recoup_actors_suspended', 'Actors that wait for an operator.', m => m.actorsSuspended)
  gauge('recoup_payments_waiting', 'Payments that an operator has to look at.', m => m.paymentsWaiting)
  gauge('recoup_backlog_seconds', 'How long a request that comes now will wait.', m => m.backlogMs / 1_000)

  gauge(
    'recoup_redis_breaker_state',
    'The circuit breaker in front of Redis: 0 closed (all is well), 1 half open, 2 open (Redis is gone).',
    m => (m.redis === undefined ? 0 : breakerStates.indexOf(m.redis.state)),
  )
  counter('recoup_redis_opened_total', 'How often Redis was lost.', m => m.redis?.timesOpened ?? 0)

  counter('recoup_checks_total', 'Online checks of the invariants.', m => m.checks?.checksRun ?? 0)
  counter(
    'recoup_checks_failed_total',
    'Online checks that could not be done.',
    m => m.checks?.checksFailed ?? 0,
  )
  gauge(
    'recoup_check_seconds',
    'How long the last online check took.',
    m => (m.checks?.lastDurationMs ?? 0) / 1_000,
  )
  gauge('recoup_rows_damaged', 'Rows found altered on disk since the start.', m => m.checks?.damagedRows ?? 0)
  gauge(
    'recoup_invariants_broken',
    'Invariants whose breach has closed the shop to money.',
    m => m.checks?.breaches.length ?? 0,
  )

  const path = documentRoute(app, {
    method: 'get',
    path: '/metrics',
    access: 'anyone',
    summary: 'Numbers of the running process, for Prometheus',
    success: { 200: { description: 'Text of Prometheus', schema: z.string() } },
    problems: [],
  })
  app.get(
    path,
    async () =>
      new Response(await registry.metrics(), {
        headers: { ...guardHeaders, 'Content-Type': registry.contentType },
      }),
  )

  return app
}
