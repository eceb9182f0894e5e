import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import v8 from 'node:v8'
import { answerQuestions } from './actors/answer-questions.ts'
import type { Catalogue } from './actors/catalogue.ts'
import { answerConsoleQuestions } from './actors/console-questions.ts'
import type { CouponState } from './actors/coupon/coupon.ts'
import { behindGate } from './actors/coupon/coupon-gate.ts'
import { createAccounts } from './actors/customer/accounts.ts'
import type { HashParameters } from './actors/customer/password-hash.ts'
import { createInspection } from './actors/inspection.ts'
import { createJournalFeed } from './actors/journal-feed.ts'
import { previewHandling } from './actors/operator/handling-preview.ts'
import { answerOperatorQuestions } from './actors/operator-questions.ts'
import { createFaultsOnPurpose } from './actors/payment/faults-on-purpose.ts'
import { PaymentCounts } from './actors/payment/payment-counts.ts'
import { previewOperations } from './actors/payment/payment-operations.ts'
import { CatalogueCache } from './actors/product/catalogue-cache.ts'
import type { Questions } from './actors/questions.ts'
import type { ReadSide } from './actors/read-side.ts'
import { shopActors } from './actors/shop-actors.ts'
import { answerShopkeepingQuestions } from './actors/shopkeeping-questions.ts'
import { createCharts } from './charts/charts.ts'
import { runCommand } from './cli/run-command.ts'
import { demoAccountList, hasDemoAccounts } from './cli/seed/demo-accounts.ts'
import { type Clock, every, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createDataPlatformSink, dataPlatformTopic } from './delivery/data-platform-sink.ts'
import { Histogram } from './histogram.ts'
import { createApp } from './http/app.ts'
import type { Dependencies } from './http/dependencies.ts'
import { createDoorAudit } from './http/door-audit.ts'
import { gatewayAuthentication } from './http/gateway-authentication.ts'
import { createLoginThrottle } from './http/login-throttle.ts'
import { measuredAnswers } from './http/measured-answers.ts'
import { startServer } from './http/server.ts'
import { sessionAuthentication } from './http/session-authentication.ts'
import { createSessionBook } from './http/session-book.ts'
import { createIds } from './ids.ts'
import { createLog, idsOf, type Log, sentencesTo } from './log.ts'
import { machineChart } from './machines/machine-chart.ts'
import { machineConfigs } from './machines/machine-configs.ts'
import { orderMachine } from './machines/order-machine.ts'
import { paymentMachine } from './machines/payment-machine.ts'
import { networksOf } from './networks.ts'
import {
  createSqliteAccountRows,
  dropUnfinishedAccounts,
} from './persistence/accounts/sqlite-account-rows.ts'
import { createAuditTable } from './persistence/audit-table.ts'
import { createBreachMarker, createVolatileBreachMarker } from './persistence/breach-marker.ts'
import { createDirectChecker, createThreadChecker } from './persistence/checker.ts'
import { createCouponIssues } from './persistence/coupon-gate/coupon-issues.ts'
import { createRedisCouponGate } from './persistence/coupon-gate/redis-coupon-gate.ts'
import { databasePath, openDatabase } from './persistence/database.ts'
import { lockDirectory } from './persistence/directory-lock.ts'
import { createJournalRows } from './persistence/journal-rows.ts'
import { createEmbeddedTryCounter } from './persistence/login-tries/embedded-try-counter.ts'
import { OnlineCheck } from './persistence/online-check.ts'
import { createOperatorRows } from './persistence/operator-rows.ts'
import { createOutboxOperations } from './persistence/outbox-operations.ts'
import { createOutboxTable } from './persistence/outbox-table.ts'
import { createPaymentRows } from './persistence/payment-rows.ts'
import { createRedisRanking } from './persistence/ranking/redis-ranking.ts'
import { createSalesLog } from './persistence/ranking/sales-log.ts'
import { createSqliteRanking } from './persistence/ranking/sqlite-ranking.ts'
import { createEmbeddedRateLimiter } from './persistence/rate-limits/embedded-rate-limiter.ts'
import { createRedisRateLimiter } from './persistence/rate-limits/redis-rate-limiter.ts'
import { createReadSide } from './persistence/read-side.ts'
import { createDirectReader, createSharedReader } from './persistence/reader.ts'
import { RedisConnection, RedisUnavailable } from './persistence/redis/redis-connection.ts'
import { dropExpired } from './persistence/retention.ts'
import { createSearchRows } from './persistence/search-rows.ts'
import { createRedisSessions } from './persistence/sessions/redis-sessions.ts'
import { createSqliteSessions } from './persistence/sessions/sqlite-sessions.ts'
import { createShopRows } from './persistence/shop-rows.ts'
import { createSqliteStore } from './persistence/sqlite-store.ts'
import { createUpgradeStore } from './persistence/upgrade-store.ts'
import { endingWriter, timedWriter } from './persistence/watched-writer.ts'
import { createDirectWriter, createThreadWriter, type Writer } from './persistence/writer.ts'
import { createProcessWatch } from './process-watch.ts'
import type { ActorDefinition } from './runtime/actor.ts'
import { addressOf } from './runtime/envelope.ts'
import { commandSink, OutboxRelay, type Sink } from './runtime/outbox-relay.ts'
import { type RequestState, requestActor } from './runtime/request-actor.ts'
import { Runtime, type RuntimeOptions } from './runtime/runtime.ts'
import { interceptedTransport } from './runtime/transport.ts'
import { carryOutUpgrade, prepareUpgrade } from './runtime/upgrade.ts'
import type { UpgradePlan } from './runtime/upgrade-plan.ts'

/* The only file that wires everything. */

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const retentionEveryMs = 60_000
const alarmEveryMs = 60_000
const rankingEveryMs = 1_000
/** So many passwords may wait to be hashed: at some 30 ms each, nobody waits for longer than a second. */
const hashesWaitingMax = 16

/** What begins something new is refused at this share of the backlog at which everything is. */
const newWorkShare = 0.5

export interface ShopOptions extends Pick<RuntimeOptions, 'transport' | 'limits' | 'mode'> {
  readonly config: Config
  readonly clock?: Clock
  /** What runs; the actors of this version unless given. */
  readonly actors?: readonly ActorDefinition[]
  /** Writes on this thread instead of one of its own: every commit is then done before the next step. */
  readonly writeInPlace?: boolean
  /** An open database and who writes to it, instead of the data directory: a simulation puts its faults there. */
  readonly storage?: { readonly database: ReturnType<typeof openDatabase>; readonly writer: Writer }
  /** Ends the process, when nobody knows whether its last commit is there. */
  readonly end?: () => void
  /** Where events for the outside go, by topic; the data platform of the settings takes its own. */
  readonly sinks?: Readonly<Record<string, Sink>>
  /** From 0 to below 1: how long the delays between tries are. */
  readonly random?: () => number
  /** What is put around the writer: a slow disk, or one that refuses, for who wants to see what happens then. */
  readonly aroundWriter?: (writer: Writer) => Writer
  /** What products are looked up in; a cache in memory unless given. */
  readonly catalogueOf?: (questions: Questions) => Catalogue
  /** What a password hash costs; as much as it should unless a test makes many. */
  readonly hashParameters?: HashParameters
  /** One line for whoever runs the process. */
  report?(line: string): void
  /** What it says, in place of `report`. */
  log?: Log
}

/** The machines that run here, drawn; for all shops of a process, since each takes a while. */
const charts = createCharts([machineChart(paymentMachine), machineChart(orderMachine)])

/** Every kind of actor that runs here. */
export function actorsOf({ paymentTiming, timeZone }: Config): readonly ActorDefinition[] {
  return [...shopActors(paymentTiming, timeZone), requestActor]
}

/**
 * Opens a data directory and everything that runs on it, but for the network: the runtime, the questions and the HTTP
 * app. Throws one clear sentence (`DataDirectoryError`) when the directory cannot be used, and `UpgradeRefused` when it
 * holds what `actors` cannot run. `close` drains and lets go.
 */
export function openShop({
  config,
  clock = systemClock,
  actors = actorsOf(config),
  transport,
  limits,
  mode = 'ticks',
  writeInPlace = mode === 'steps',
  storage,
  end = () => process.exit(1),
  sinks: givenSinks = {},
  random = Math.random,
  aroundWriter = writer => writer,
  catalogueOf = questions => new CatalogueCache(questions, { productsMax: 5_000, pagesMax: 200 }),
  report: givenReport = () => {},
  log = sentencesTo(givenReport),
  hashParameters,
}: ShopOptions) {
  const report = (line: string) => log.warn(line)
  const inMemory = storage !== undefined || config.dataDirectory === ':memory:'
  const lock = inMemory ? undefined : lockDirectory(config.dataDirectory)
  const { timeZone } = config
  let database: ReturnType<typeof openDatabase>
  try {
    database = storage?.database ?? openUpgraded(config, actors, clock, report)
  } catch (error) {
    lock?.release()
    throw error
  }
  /** Nobody knows whether the last commit is there: nothing may be answered any more. */
  function endOf(error: unknown): void {
    log.error(
      `A commit's outcome is unknown, so this process ends; start it again to recover. ${String(error)}`,
    )
    end()
  }
  const path = config.dataDirectory
  const inPlace = inMemory || writeInPlace
  const reader = inPlace ? createDirectReader(database) : createSharedReader(database)
  const writer = endingWriter(
    aroundWriter(
      storage?.writer ??
        (inPlace
          ? createDirectWriter(database)
          : createThreadWriter(databasePath(path), { onWritten: reader.refresh, onLost: endOf })),
    ),
    endOf,
  )
  const readSide = createReadSide(reader)
  const redis =
    config.redisUrl === undefined
      ? undefined
      : new RedisConnection({ url: config.redisUrl, clock, newGeneration: randomUUID, report })
  const embedded = createSqliteRanking(reader)
  const ranking = redis && createRedisRanking({ redis, sales: createSalesLog(reader), embedded, clock })
  const stateOf = (kind: string, id: string | number) =>
    runtime.stateInMemory(addressOf(kind, id)) ?? readSide.state(kind, id)
  const questions = answerQuestions({ ...readSide, state: stateOf }, ranking ?? embedded, clock, timeZone)
  const catalogue = catalogueOf(questions)
  const operatorRows = createOperatorRows(reader)
  const operatorQuestions = answerOperatorQuestions(readSide, operatorRows, config.paymentTiming)
  const feed = createJournalFeed({
    rows: createJournalRows(reader),
    clock,
    customerOfOrder: orderId => questions.order(orderId)?.customerId,
  })
  const consoleQuestions = answerConsoleQuestions({
    ...readSide,
    ...operatorRows,
    rows: createPaymentRows(reader),
    searchRows: createSearchRows(reader),
    questions,
    payment: operatorQuestions.payment,
    preview: previewOperations(definitionOf(actors, 'payment')),
    previewHandling: previewHandling(actors),
    clock,
  })
  const shopkeepingQuestions = answerShopkeepingQuestions({
    rows: createShopRows(reader, questions.balanceAmount),
    questions,
    clock,
  })
  const paymentCounts = new PaymentCounts(
    operatorRows
      .openPaymentsSince()
      .map(({ id, since }) => ({ id, since, state: stateOfPayment(readSide, id) })),
  )
  const commitSeconds = new Histogram(secondsBounds)
  const commitSagas = new Histogram([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
  const answerMeasures = {
    paymentSeconds: new Histogram(secondsBounds),
    answers: new Map<string, Map<number, number>>(),
  }
  let deadLetters = 0
  const processWatch = createProcessWatch()
  const faultsOnPurpose = config.demo ? createFaultsOnPurpose() : undefined
  const way =
    faultsOnPurpose === undefined
      ? transport
      : interceptedTransport(faultsOnPurpose.intercept, clock, transport)
  const dataPlatform = config.dataPlatform && createDataPlatformSink(config.dataPlatform, clock)
  const sinks = { ...(dataPlatform && { [dataPlatformTopic]: dataPlatform.deliver }), ...givenSinks }
  const topics = new Set([commandSink.topic, ...Object.keys(sinks)])
  let stopping = false

  const runtime: Runtime = new Runtime({
    actors,
    store: createSqliteStore(database, {
      subscribedTopics: topics,
      writer: timedWriter(writer, commitSeconds),
      reader,
    }),
    clock,
    ...(way && { transport: way }),
    ...(limits && { limits }),
    mode,
    onCommitted: batch => {
      for (const { kind, id } of batch.snapshots) if (kind === 'product') catalogue.forget(Number(id))
      if (batch.outbox.some(({ topic }) => topics.has(topic))) relay.wake()
      onlineCheck?.noteCommitted(batch.journal.size)
      feed.noteNews()
      paymentCounts.note(batch)
      commitSagas.observe(batch.journal.size)
    },
    onDeadLetter(error, { to, correlationId }) {
      deadLetters += 1
      log.error(`A message to ${to} of ${correlationId} was set aside: ${String(error)}`, {
        ...idsOf(correlationId),
        actor: to,
        err: error,
      })
    },
    onIndeterminate: endOf,
  })
  const relay = new OutboxRelay({
    outbox: createOutboxTable(reader, writer),
    clock,
    sinks: { ...sinks, [commandSink.topic]: commandSink.to(runtime, clock) },
    random,
    report,
  })
  const outboxOperations = createOutboxOperations({ reader, writer, clock, replayedTopic: dataPlatformTopic })
  relay.wake()
  const stopRetention = every(clock, retentionEveryMs, () => void dropExpired(writer, clock.now()))
  const stopRanking = every(clock, rankingEveryMs, () => {
    ranking
      ?.feed()
      .catch(error => report(`The ranking in Redis could not be brought up to date: ${String(error)}`))
  })
  let waiting = 0
  const stopAlarm = every(clock, alarmEveryMs, () => {
    const before = waiting
    waiting = operatorQuestions.waitingPayments()
    if (waiting <= before) return
    const payments = waiting === 1 ? '1 payment waits' : `${waiting} payments wait`
    report(`${payments} for an operator; GET /operator/payments says why.`)
  })

  const onlineCheck =
    config.checkEveryMs === 0
      ? undefined
      : new OnlineCheck({
          checker: inPlace ? createDirectChecker(database) : createThreadChecker(path),
          marker: lock === undefined ? createVolatileBreachMarker() : createBreachMarker(path),
          clock,
          everyMs: config.checkEveryMs,
          report,
        })

  const ownCounts = createEmbeddedRateLimiter(clock)
  const rateLimiter = redis === undefined ? ownCounts : createRedisRateLimiter(redis, ownCounts, clock)
  const campaign = (couponId: number) => stateOf('coupon', couponId) as CouponState | undefined
  const ask = runtime.ask.bind(runtime)
  const gatedAsk =
    redis === undefined
      ? ask
      : behindGate(
          ask,
          createRedisCouponGate({
            redis,
            issues: createCouponIssues(reader),
            totalQuantity: couponId => campaign(couponId)?.totalQuantity,
            clock,
            report,
          }),
          campaign,
          clock.now,
        )

  const newId = createIds(() => clock.now(), readSide.lastId())
  const accountRows = createSqliteAccountRows(reader, writer)
  const accounts = createAccounts({
    questions,
    rows: accountRows,
    newId,
    random: randomBytes,
    ...(hashParameters && { parameters: hashParameters }),
    limits: { atOnceMax: os.availableParallelism() > 2 ? 2 : 1, waitingMax: hashesWaitingMax },
  })
  if (accountRows.hasUnfinished()) {
    dropUnfinishedAccounts(writer).catch(error =>
      report(`Unfinished accounts stay until the next start: ${error}`),
    )
  }
  const doorAudit = createDoorAudit({ trail: createAuditTable(writer), clock, report })
  const ownSessions = createSqliteSessions(reader, writer)
  const book = createSessionBook({
    sessions: redis === undefined ? ownSessions : createRedisSessions(redis, ownSessions),
    clock,
    sessionEpoch: accounts.sessionEpoch,
    random: randomBytes,
  })
  const dependencies: Omit<Dependencies, 'authenticate'> = {
    ask: gatedAsk,
    accounts,
    loginThrottle: createLoginThrottle(createEmbeddedTryCounter(clock)),
    doorAudit,
    rateLimiter: config.rateLimits ? rateLimiter : undefined,
    questions,
    catalogue,
    operatorQuestions,
    feed,
    ...(config.inspection && {
      inspection: createInspection({ storedState: readSide.state, machines: machineConfigs }),
    }),
    consoleQuestions,
    shopkeepingQuestions,
    outbox: {
      ...outboxOperations,
      breakers: () => relay.breakers,
      async replay(selection, operator) {
        const replayed = await outboxOperations.replay(selection, operator)
        relay.wake()
        return replayed
      },
    },
    storedRequest: scope => readSide.state('request', scope) as RequestState | undefined,
    newId,
    clock,
    measures() {
      const now = clock.now()
      const { handled, unchanged, repeated, waiting: messagesWaiting, suspended } = runtime.counts
      const { oldestSince } = paymentCounts
      return {
        version,
        messagesHandled: handled,
        messagesUnchanged: unchanged,
        messagesRepeated: repeated,
        messagesWaiting,
        actorsSuspended: suspended,
        paymentsWaiting: operatorQuestions.waitingPayments(),
        paymentsEnded: paymentCounts.ended,
        paymentsOpen: paymentCounts.open,
        oldestOpenPaymentMs: oldestSince === undefined ? 0 : now - oldestSince,
        compensations: paymentCounts.compensations,
        deadLetters,
        deadLettersWaiting: operatorRows.deadLettersWaiting(),
        commitSeconds,
        commitSagas,
        outbox: outboxOperations.backlog().map(({ topic, owed, parked, oldestAt }) => {
          return { topic, owed, parked, oldestMs: now - oldestAt }
        }),
        breakers: { ...relay.breakers, ...(redis && { redis: redis.state }) },
        ...processWatch.measures(),
        backlogMs: runtime.backlogMs,
        checks: onlineCheck?.counts,
        redisOpened: redis?.timesOpened ?? 0,
      }
    },
    answerMeasures,
    settings: {
      paymentWaitMs: config.paymentWaitMs,
      orderExpiryMs: config.orderExpiryMs,
      couponsPerHour: config.couponsPerHour,
      approvalLimit: config.approvalLimit,
      namedStaff: config.namedStaff,
      allowedOrigins: config.allowedOrigins,
      trustedProxies: networksOf(config.trustedProxies),
      currency: config.currency,
      timeZone,
      version,
    },
    faultsOnPurpose,
    charts,
    demoAccounts: () => (hasDemoAccounts({ questions, accounts }) ? demoAccountList : undefined),
    breach: () => onlineCheck?.breach,
    degraded: () => (redis === undefined || redis.state === 'closed' ? [] : ['redis']),
    closed(work) {
      if (stopping) return 'SHUTTING_DOWN'
      if (onlineCheck?.breach !== undefined) return 'UNAVAILABLE'
      const limitMs = work === 'new' ? config.overloadMs * newWorkShare : config.overloadMs
      return runtime.backlogMs > limitMs ? 'OVERLOADED' : undefined
    },
    backlogMs: () => runtime.backlogMs,
    reportFault: (error, correlationId, requestId) =>
      log.error(`The request ${correlationId} failed: ${String(error)}`, {
        ...idsOf(correlationId),
        requestId,
        err: error,
      }),
    ...(log.debugs && { logRequest: log.debug }),
  }
  const { operatorToken } = config
  const behindGateway = { ...dependencies, authenticate: gatewayAuthentication(operatorToken) }
  const app = createApp(
    config.auth === 'gateway'
      ? behindGateway
      : {
          ...dependencies,
          sessionBook: book,
          authenticate: sessionAuthentication({ book, questions, operatorToken }),
        },
  )

  return {
    app,
    ask: ask as Runtime['ask'],
    runtime,
    questions,
    operatorQuestions,
    clock,
    newId,
    database,
    relay,
    onlineCheck,
    feed,
    accounts,
    /** On loopback, a command that sends requests of its own may be the gateway it is sending them through. */
    async listen(host: string, port: number, auth?: 'gateway') {
      const own = auth === undefined ? app : createApp({ ...behindGateway, rateLimiter: undefined })
      const problem = await redis?.startProblem()
      if (problem !== undefined && config.redisRequired) throw new RedisUnavailable(`${problem}.`)
      if (problem !== undefined) report(`${problem}; everything goes on without it, some of it slower.`)
      const server = await startServer({
        ...{ app: measuredAnswers(own, answerMeasures), host, port },
        webSockets: config.inspection,
      })
      processWatch.start()
      void dataPlatform?.unreachable().then(fault => {
        if (fault === undefined) return
        report(
          `The data platform ${dataPlatform.host} cannot be reached (${fault}); payments go on and their events wait.`,
        )
      })
      return {
        url: server.url,
        /** Takes in no new money while what runs may end. */
        stop() {
          if (auth === undefined) {
            stopping = true
            feed.end()
          }
          return server.stop()
        },
      }
    },
    /** A promise when commits are written in a thread of their own. */
    close(): void | Promise<void> {
      stopping = true
      feed.end()
      processWatch.stop()
      stopRetention()
      stopAlarm()
      stopRanking()
      relay.stop()
      redis?.close()
      return after(runtime.stop(), () =>
        after(onlineCheck?.stop(), () =>
          after(inPlace ? void doorAudit.close() : doorAudit.close(), () =>
            after(writer.close(), () => {
              database.close()
              lock?.release()
              dataPlatform?.close()
            }),
          ),
        ),
      )
    },
  }
}

function definitionOf(actors: readonly ActorDefinition[], kind: string): ActorDefinition {
  const found = actors.find(definition => definition.kind === kind)
  if (found === undefined) throw new Error(`There is no actor of the kind ${kind}`)
  return found
}

/** What cannot be read has no state; its actor will say so when it is needed. */
function stateOfPayment(readSide: Pick<ReadSide, 'state'>, id: number): unknown {
  try {
    return (readSide.state('payment', id) as { value?: unknown } | undefined)?.value
  } catch {
    return undefined
  }
}

const secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
export type Shop = ReturnType<typeof openShop>

/** The database of a data directory, with everything stored in it brought to the versions of `actors`. */
function openUpgraded(
  { dataDirectory, timeZone, currency }: Config,
  actors: readonly ActorDefinition[],
  clock: Clock,
  report: (line: string) => void,
) {
  // Of a database that is made now there is nothing to try.
  let plan: UpgradePlan | undefined = { groups: [], refused: [] }
  const database = openDatabase(dataDirectory, { timeZone, currency }, existing => {
    plan = prepareUpgrade(actors, createUpgradeStore(existing), existing.name)
  })
  try {
    const migrated = plan && carryOutUpgrade(plan, actors, createUpgradeStore(database), clock.now())
    if (migrated) report(`${migrated} stored actors were brought to the versions that run now.`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function after(done: void | Promise<void>, next: () => void | Promise<void>): void | Promise<void> {
  return done === undefined ? next() : done.then(next)
}

/** Runs the command line in `words` and resolves with the exit status. */
export function main(words: readonly string[]): Promise<number> {
  return runCommand(words, {
    environment: process.env,
    clock: systemClock,
    input: process.stdin,
    version,
    openShop(config) {
      const { logLevel: level, secretValues: secrets } = config
      return openShop({
        config,
        log: createLog({ level, secrets, stream: process.stderr, clock: systemClock }),
      })
    },
    actorsOf,
    out: text => void process.stdout.write(`${text}\n`),
    errorStream: process.stderr,
  })
}

// Payments make short-lived objects by the thousand: in a larger nursery they die before they are copied.
v8.setFlagsFromString('--min-semi-space-size=16')
v8.setFlagsFromString('--max-semi-space-size=16')

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
