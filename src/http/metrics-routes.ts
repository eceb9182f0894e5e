import { OpenAPIHono, z } from '@hono/zod-openapi'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Histogram } from '../histogram.ts'
import { guardHeaders } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { documentRoute } from './route-document.ts'

/** The numbers of a running process that its operators watch. Counts are since its start. */
export interface Measures {
  version: string
  /** Messages that actors handled, and how many of them changed nothing: refused, repeated, late. */
  messagesHandled: number
  messagesUnchanged: number
  /** Those of them whose key had been handled before. */
  messagesRepeated: number
  /** Messages that wait to be handled now. */
  messagesWaiting: number
  actorsSuspended: number
  paymentsWaiting: number
  /** Ended, by where; under way now, by stage. */
  paymentsEnded: Readonly<Record<string, number>>
  paymentsOpen: Readonly<Record<string, number>>
  /** For how long the oldest of those has been under way, in milliseconds; 0 when there is none. */
  oldestOpenPaymentMs: number
  compensations: number
  deadLetters: number
  deadLettersWaiting: number
  /** In seconds, and sagas in each. */
  commitSeconds: Histogram
  commitSagas: Histogram
  /** Events for the outside, by topic. */
  outbox: readonly { topic: string; owed: number; parked: number; oldestMs: number }[]
  breakers: Readonly<Record<string, 'closed' | 'open' | 'half-open'>>
  /** How late the event loop was since it was last asked for, in milliseconds. Only who alerts on it asks. */
  eventLoopLagMs(): { p50: number; p99: number; max: number }
  process: {
    residentBytes: number
    heapUsedBytes: number
    externalBytes: number
    cpuMs: number
    /** In milliseconds since 1970. */
    startedAt: number
  }
  /** How long a request that comes now will wait, going by the last ones, in milliseconds. */
  backlogMs: number
  /** How often Redis was lost. */
  redisOpened: number
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

/** What the server itself observes of its answers. */
export interface AnswerMeasures {
  /** From a payment's request to its answer, in seconds. */
  paymentSeconds: Histogram
  /** Answers by route and status; see `measuredAnswers` for which routes stand for themselves. */
  answers: Map<string, Map<number, number>>
}

/** GET /metrics in the text format of Prometheus. */
export function metricsRoutes({ measures, answerMeasures }: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const registry = new Registry()
  const registers = [registry]
  /** One look for all the metrics of a scrape. */
  let current: Measures
  const histograms: (() => string)[] = []

  function gauge(name: string, help: string, read: (measures: Measures) => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(current))
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
        this.inc(read(current))
      },
    })
  }

  /** One series for each value of the label. */
  function labelled(
    Kind: typeof Counter | typeof Gauge,
    name: string,
    help: string,
    label: string,
    read: (measures: Measures) => Iterable<readonly [string | number, number]>,
  ): void {
    const metric: Counter | Gauge = new Kind({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        metric.reset()
        for (const [value, count] of read(current)) metric.inc({ [label]: value }, count)
      },
    })
  }

  function histogram(name: string, help: string, read: (measures: Measures) => Histogram): void {
    histograms.push(() => histogramText(name, help, read(current)))
  }

  labelled(Counter, 'recoup_payments_total', 'Payments that ended, by where.', 'result', m =>
    Object.entries(m.paymentsEnded),
  )
  labelled(Gauge, 'recoup_payments_open', 'Payments under way, by stage.', 'stage', m =>
    Object.entries(m.paymentsOpen),
  )
  gauge(
    'recoup_payment_oldest_open_seconds',
    'How long the oldest payment under way has been so.',
    m => m.oldestOpenPaymentMs / 1_000,
  )
  counter('recoup_compensations_total', 'Attempts to pay that had to be undone.', m => m.compensations)
  new Counter({
    name: 'recoup_answers_total',
    help: 'Answers, by route and status.',
    labelNames: ['route', 'status'],
    registers,
    collect() {
      this.reset()
      for (const [route, byStatus] of answerMeasures.answers) {
        for (const [status, count] of byStatus) this.inc({ route, status }, count)
      }
    },
  })
  histogram(
    'recoup_payment_answer_seconds',
    'From a request to POST /payments to its answer.',
    () => answerMeasures.paymentSeconds,
  )
  histogram('recoup_commit_seconds', 'How long a commit took.', m => m.commitSeconds)
  histogram('recoup_commit_sagas', 'Sagas that share a commit.', m => m.commitSagas)

  labelled(Gauge, 'recoup_outbox_owed', 'Events that are owed to the outside.', 'topic', m =>
    m.outbox.map(({ topic, owed }) => [topic, owed]),
  )
  labelled(Gauge, 'recoup_outbox_parked', 'Events that were given up.', 'topic', m =>
    m.outbox.map(({ topic, parked }) => [topic, parked]),
  )
  labelled(
    Gauge,
    'recoup_outbox_oldest_seconds',
    'Age of the oldest event that is owed or parked.',
    'topic',
    m => m.outbox.map(({ topic, oldestMs }) => [topic, oldestMs / 1_000]),
  )
  new Gauge({
    name: 'recoup_breaker',
    help: 'Breakers in front of what is outside: 1 at the state each is in.',
    labelNames: ['breaker', 'state'],
    registers,
    collect() {
      for (const [breaker, is] of Object.entries(current.breakers)) {
        for (const state of ['closed', 'open', 'half-open'])
          this.set({ breaker, state }, state === is ? 1 : 0)
      }
    },
  })
  counter('recoup_dead_letters_total', 'Messages that could not be handled.', m => m.deadLetters)
  gauge(
    'recoup_dead_letters_waiting',
    'Messages that could not be handled and wait for an operator.',
    m => m.deadLettersWaiting,
  )
  labelled(
    Gauge,
    'recoup_event_loop_lag_seconds',
    'How late the event loop was since the last scrape.',
    'quantile',
    ({ eventLoopLagMs }) => {
      const { p50, p99, max } = eventLoopLagMs()
      return [
        ['0.5', p50 / 1_000],
        ['0.99', p99 / 1_000],
        ['1', max / 1_000],
      ]
    },
  )
  labelled(Gauge, 'recoup_build_info', 'The version that runs.', 'version', m => [[m.version, 1]])
  gauge('process_resident_memory_bytes', 'Memory of the process.', m => m.process.residentBytes)
  gauge('process_start_time_seconds', 'When the process started.', m => m.process.startedAt / 1_000)
  counter('process_cpu_seconds_total', 'Processor time of the process.', m => m.process.cpuMs / 1_000)
  gauge('nodejs_heap_size_used_bytes', 'Memory in use by JavaScript.', m => m.process.heapUsedBytes)
  gauge('nodejs_external_memory_bytes', 'Memory in use beside it.', m => m.process.externalBytes)

  gauge('recoup_mailbox_messages', 'Messages that wait to be handled.', m => m.messagesWaiting)
  counter('recoup_messages_handled_total', 'Messages that actors handled.', m => m.messagesHandled)
  counter(
    'recoup_messages_unchanged_total',
    'Messages that changed nothing: refused, repeated or late.',
    m => m.messagesUnchanged,
  )
  counter(
    'recoup_messages_repeated_total',
    'Messages that came again and were answered as before.',
    m => m.messagesRepeated,
  )
  gauge('recoup_actors_suspended', 'Actors that wait for an operator.', m => m.actorsSuspended)
  gauge('recoup_payments_waiting', 'Payments that an operator has to look at.', m => m.paymentsWaiting)
  gauge('recoup_backlog_seconds', 'How long a request that comes now will wait.', m => m.backlogMs / 1_000)

  counter('recoup_redis_opened_total', 'How often Redis was lost.', m => m.redisOpened)

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
  app.get(path, async () => {
    current = measures()
    const text = [await registry.metrics(), ...histograms.map(render => render())].join('\n')
    return new Response(text, { headers: { ...guardHeaders, 'Content-Type': registry.contentType } })
  })

  return app
}

/** The library's own histograms would have to be told of every value as it comes. */
function histogramText(name: string, help: string, { bounds, cumulative, sum }: Histogram): string {
  const count = cumulative.at(-1) ?? 0
  const buckets = bounds.map((bound, place) => `${name}_bucket{le="${bound}"} ${cumulative[place]}`)
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n')
}
