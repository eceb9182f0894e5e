import Sqlite from 'better-sqlite3'
import { openDatabase, preparePragmas } from '../../src/persistence/database.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import type { Refusal } from '../../src/refusal.ts'
import type { Incoming } from '../../src/runtime/actor.ts'
import { type Envelope, idOf, kindOf } from '../../src/runtime/envelope.ts'
import type { OwedEvent } from '../../src/runtime/outbox-relay.ts'
import { Random } from '../crash/random.ts'
import { assertCommitted, isPaidSql } from './acknowledged.ts'
import { type Asked, ClientNotes, describe, type Try } from './client-notes.ts'
import { type Answer, type Intent, request, sendIntent } from './client-request.ts'
import { CommitCheck } from './commit-check.ts'
import { checkDamage } from './damage-check.ts'
import { Decisions, type Kept, mix } from './decisions.ts'
import { createFaultyDatabase, type FaultyDatabase, type TransactionFault } from './faulty-database.ts'
import { compareNotes } from './notes-compared.ts'
import {
  chooseOperation,
  type Operations,
  type OperatorCommand,
  type RefusedOperation,
} from './operations.ts'
import { PatienceCheck } from './patience-check.ts'
import { createPaymentReplay, type PaymentReplay } from './payment-edges.ts'
import { askQuestion } from './questions-asked.ts'
import { SimulatedNetwork, slowKinds } from './simulated-network.ts'
import { SimulatedProcess, turns, ways } from './simulated-process.ts'
import { SimulatedTime } from './simulated-time.ts'
import { checkStoredPromises } from './stored-promises.ts'
import { Tally } from './tally.ts'
import { Violation } from './violation.ts'
import { calm, type Weather, weatherOf } from './weather.ts'
import { type World, worldOf } from './world.ts'

/*
 * One history: the shop, its clients and everything that befalls them, decided by one seed. It ends with the faults
 * over and the clock going on until everything has settled; then the books have to add up.
 */

export interface HistoryResult {
  readonly seed: number
  readonly operations: number
  readonly violation: Violation | undefined
  /** The client operations by number, as they were carried out. */
  readonly story: ReadonlyMap<number, string>
  /** Names of the faults that happened. */
  readonly faults: readonly string[]
  readonly tally: Tally
}

export interface HistoryOptions {
  readonly seed: number
  readonly operationsMax?: number
  readonly kept?: Kept | undefined
  readonly broken?: BrokenOnPurpose | undefined
}

/** A shop that a test has broken, to see that it is found out. */
export interface BrokenOnPurpose {
  readonly loses?: FaultyDatabase['loses']
  readonly alters?: SimulatedNetwork['alters']
}

/** Runs the history of a seed, or what is kept of it. */
export async function runHistory(options: HistoryOptions): Promise<HistoryResult> {
  // A history never leaves the event loop, and turns that were planned for later would come to processes that are gone:
  // whoever runs is told to by the history alone.
  const { setImmediate } = globalThis
  const never = setImmediate(() => {})
  clearImmediate(never)
  globalThis.setImmediate = (() => never) as unknown as typeof setImmediate
  try {
    return await new History(options).run()
  } finally {
    globalThis.setImmediate = setImmediate
  }
}

export const operationsMaxDefault = 300
/** A history that has not come to rest after so much simulated time and so many wake-ups never will. */
const settleWithinMs = 6 * 60 * 60 * 1_000
const settleWakesMax = 5_000
const workAtOnceMax = 20_000

let emptyImage: Buffer | undefined
const replays = new Map<string, PaymentReplay>()

class History {
  readonly #seed: number
  readonly #broken: BrokenOnPurpose
  readonly #world: World
  readonly #decisions: Decisions
  readonly #tally = new Tally()
  readonly #time = new SimulatedTime()
  readonly #notes = new ClientNotes()
  readonly #network: SimulatedNetwork
  readonly #check: CommitCheck
  readonly #replay: PaymentReplay
  readonly #story = new Map<number, string>()
  readonly #operations: Operations
  #weather: Weather
  #real: Sqlite.Database
  #database: FaultyDatabase
  #process: SimulatedProcess
  /** Tries that the running process has not answered yet. */
  #open = new Set<Try>()
  #violation: Violation | undefined
  /** So many commits more find the disk full. */
  #fullFor = 0
  /** How the running process came to its end. */
  #ending = 'between steps'
  /** Ids of the events delivered, by the payment or return they are about. */
  readonly #delivered = new Map<string, Set<string>>()

  constructor({ seed, operationsMax = operationsMaxDefault, kept, broken = {} }: HistoryOptions) {
    this.#seed = seed
    this.#broken = broken
    this.#world = worldOf(new Random(mix(seed, 1)), operationsMax)
    this.#weather = weatherOf(new Random(mix(seed, 2)))
    this.#decisions = new Decisions(seed, kept)
    this.#network = new SimulatedNetwork(this.#weather, this.#decisions, this.#time, this.#tally)
    const { paymentTiming, timeZone, currency } = this.#world.config
    const timing = JSON.stringify(paymentTiming)
    this.#replay = replays.get(timing) ?? createPaymentReplay(paymentTiming)
    replays.set(timing, this.#replay)
    const patience = new PatienceCheck(paymentTiming.stepResendsMax)
    this.#check = new CommitCheck(this.#replay, patience, this.#tally, id => this.#network.scopeOf(id))
    if (broken.alters !== undefined) this.#network.alters = broken.alters
    this.#network.onSent = envelope => this.#seeSent(envelope)
    this.#operations = { notes: this.#notes, world: this.#world, number: 0 }
    emptyImage ??= openDatabase(':memory:', { timeZone, currency }).serialize()
    this.#real = reopened(emptyImage)
    this.#database = this.#watched(this.#real)
    this.#process = this.#start()
  }

  async run(): Promise<HistoryResult> {
    const { operations } = this.#world
    try {
      await this.#seedShop()
      for (let number = 1; number <= operations && this.#violation === undefined; number += 1) {
        if (this.#decisions.isKept(number)) await this.#operate(number)
      }
      this.#decisions.begin(operations + 1)
      if (this.#violation === undefined) await this.#settle()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      this.#violation ??= error
    }
    this.#process.end()
    await this.#damage()
    this.#real.close()
    return {
      seed: this.#seed,
      operations,
      violation: this.#violation,
      story: this.#story,
      faults: this.#decisions.fired,
      tally: this.#tally,
    }
  }

  /** At last the disk fails: what nobody altered by a commit must not be taken for what is there. */
  async #damage(): Promise<void> {
    if (this.#violation !== undefined) return
    try {
      if (this.#real.inTransaction) this.#real.exec('ROLLBACK')
      await checkDamage(this.#real, this.#world.config, this.#time, this.#decisions.random('damage'))
      this.#tally.count('checks', 'damaged snapshots')
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      this.#violation = error
    }
  }

  // ── The shop ───────────────────────────────────────────────────────────────────────────────────────────────────

  #watched(real: Sqlite.Database): FaultyDatabase {
    const database = createFaultyDatabase(real)
    if (this.#broken.loses !== undefined) database.loses = this.#broken.loses
    database.faultOf = () => this.#faultOfTransaction()
    database.onCommitted = rows => this.#watch(() => this.#check.commit(rows))
    return database
  }

  #start(): SimulatedProcess {
    const random = this.#decisions.random('process')
    // Only step by step does every step stand alone, with a crash possible before and after it.
    const way = random.chance(60) ? 'step by step' : (ways[1 + random.below(2)] ?? 'in ticks')
    this.#tally.count('processes', way)
    return new SimulatedProcess({
      config: this.#world.config,
      way,
      database: this.#database,
      time: this.#time,
      network: this.#network,
      random,
      sinks: { payments: event => this.#deliverOutside(event) },
      report: line => this.#watch(() => this.#reported(line)),
    })
  }

  /** Notes the first violation; what runs must not be disturbed by it. */
  #watch(check: () => void): void {
    try {
      check()
    } catch (error) {
      this.#violation ??=
        error instanceof Violation ? error : new Violation('simulator', String((error as Error).stack))
    }
  }

  #reported(line: string): void {
    if (this.#notes.diskRefused && line.startsWith('The outbox cannot be written')) return
    if (line.startsWith("A commit's outcome is unknown")) return
    if (/^Events of \w+ (?:cannot be delivered|are delivered again)/.test(line)) return
    // Also an undo that is silent for a while because the simulator wants it so.
    if (/ payments? waits? for an operator/.test(line)) return
    throw new Violation('reported', line)
  }

  async #seedShop(): Promise<void> {
    const { customers, products, coupons } = this.#world
    const weather = this.#weather
    this.#setWeather(calm)
    const tell = (to: string, message: { type: string }) =>
      void this.#process.shop.ask(to, message, { correlationId: 'seed' })
    for (const { id, basePrice, options } of products) {
      const priced = options.map(option => ({
        productOptionId: option.id,
        optionName: `Option ${option.id}`,
        extraPrice: option.extraPrice,
      }))
      const product = {
        type: 'CreateProduct',
        productId: id,
        name: `Product ${id}`,
        basePrice,
        options: priced,
      }
      tell(`product/${id}`, product)
    }
    for (const { id } of customers)
      tell(`customer/${id}`, { type: 'CreateCustomer', customerId: id, username: `customer${id}` } as never)
    for (const { id: couponId, totalQuantity, lastsMs, ...terms } of coupons) {
      const period = { startedAt: this.#time.now() - 1_000, expiredAt: this.#time.now() + lastsMs }
      const named = { ...terms, name: `Coupon ${couponId}`, maxDiscount: null, ...period }
      tell(`coupon/${couponId}`, { type: 'CreateCoupon', couponId, totalQuantity, terms: named } as never)
    }
    await this.#runUntilIdle()
    for (const { id, stock } of products.flatMap(({ options }) => options)) {
      this.#send({ type: 'restock', productOptionId: id, quantity: stock })
    }
    for (const { id, amount } of customers) this.#send({ type: 'charge', customerId: id, amount })
    await turns(40)
    await this.#runUntilIdle()
    this.#setWeather(weather)
  }

  #setWeather(weather: Weather): void {
    this.#weather = weather
    this.#network.weather = weather
  }

  // ── Operations ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #operate(number: number): Promise<void> {
    this.#decisions.begin(number)
    this.#operations.number = number
    this.#passTime()
    this.#befall()
    const random = this.#decisions.random('operation')
    const operation = chooseOperation(this.#operations, random)
    this.#tally.count('operations', operation.kind)
    this.#story.set(number, operation.sentence)
    switch (operation.type) {
      case 'send':
        for (const { asked, atOnce } of operation.tries) this.#try(asked, atOnce)
        await turns(20)
        break
      case 'expire':
        this.#time.sleep(this.#world.config.orderExpiryMs + 1)
        break
      case 'question':
        await this.#askSomething(random)
        break
      case 'refused':
        await this.#askInVain(operation)
        break
      case 'payUnknown':
        this.#payUnknown(operation.orderId)
        break
      case 'help':
        this.#help(operation.paymentId, operation.command)
    }
    await this.#run()
  }

  #send(intent: Intent): void {
    this.#try(this.#notes.ask(intent, undefined), false)
  }

  #try(asked: Asked, atOnce: boolean): void {
    const attempt = this.#notes.sent(asked)
    const process = this.#process
    this.#open.add(attempt)
    void sendIntent(process.shop, asked.intent, { key: asked.key, atOnce }).then(
      answer => {
        if (!process.ended) this.#watch(() => this.#answered(attempt, answer))
      },
      error => {
        if (!process.ended)
          this.#watch(() => {
            throw error
          })
      },
    )
  }

  #answered(attempt: Try, answer: Answer): void {
    const { intent } = attempt.asked
    this.#open.delete(attempt)
    const code = answer.status < 300 ? answer.status : `${answer.status} ${answer.body['code']}`
    this.#tally.count('answers', `${intent.type} ${code}`)
    if (answer.status < 300) this.#tally.count('acknowledgements', intent.type)
    if (answer.replayed) this.#tally.count('checks', 'answers given again')
    this.#notes.answered(attempt, answer)
    assertCommitted(this.#database.plain, intent, answer)
    this.#tally.count('checks', 'answers')
  }

  async #askSomething(random: Random): Promise<void> {
    const orderIds = this.#notes.asked.flatMap(({ receipts, intent }) =>
      intent.type === 'order' ? receipts.map(body => Number(body['orderId'])) : [],
    )
    try {
      await askQuestion(this.#process.shop, this.#database.plain, random, this.#world, orderIds)
      this.#tally.count('checks', 'questions')
    } catch (error) {
      this.#watch(() => {
        throw error
      })
    }
  }

  /** What the door refuses by itself is answered at once, and nothing comes of it. */
  async #askInVain({ method, path, body, code, key, customerId }: RefusedOperation): Promise<void> {
    const batches = this.#network.batches
    const { status, body: said } = await request(this.#process.shop, method, path, body, customerId, key)
    if (said['code'] !== code)
      this.#watch(() => {
        throw new Violation(
          'E9',
          `${method} ${path} ${JSON.stringify(body)} was answered ${status} ${JSON.stringify(said)} and not ${code}`,
        )
      })
    if (this.#network.batches !== batches && this.#process.way === 'step by step')
      this.#watch(() => {
        throw new Violation('E9', `${method} ${path}, refused with ${code}, was committed`)
      })
    this.#tally.count('checks', 'refusals at the door')
  }

  /** Whatever it answers: a payment that cannot be helped refuses, and one that is gone with its process says nothing. */
  #help(paymentId: number, type: OperatorCommand): void {
    const operator = { name: 'operator', reason: 'The simulator wants it.' }
    const asked = this.#process.shop.ask(
      `payment/${paymentId}`,
      { type },
      // With a key the journal tells of it also where it was refused.
      {
        correlationId: `order/${paymentId}`,
        operator,
        key: { scope: `operator/${this.#operations.number}`, name: type },
      },
    )
    void asked.catch(() => {})
  }

  #payUnknown(orderId: number): void {
    const process = this.#process
    this.#notes.unknownOrders.add(orderId)
    const message = { type: 'PayOrder', orderId, couponId: null }
    process.shop.ask(`payment/${orderId}`, message, { correlationId: `order/${orderId}` }).then(
      reply => {
        const { code = '' } = (reply as { refusal?: { code: string } }).refusal ?? {}
        if (process.ended || unknownOrderCodes.has(code)) return
        this.#watch(() => {
          throw new Violation(
            'E9',
            `paying order ${orderId}, which there is not, was answered ${JSON.stringify(reply)}`,
          )
        })
      },
      // The disk refused.
      () => {},
    )
  }

  // ── What befalls the world ─────────────────────────────────────────────────────────────────────────────────────

  #passTime(): void {
    const random = this.#decisions.random('time')
    const pace = random.below(100)
    const most = pace < 60 ? 50 : pace < 85 ? 1_000 : pace < 96 ? 8_000 : 60_000
    this.#time.advance(random.below(most))
  }

  #befall(): void {
    const random = this.#decisions.random('world')
    const chances = Array.from({ length: 4 }, () => random.below(1_000))
    const size = random.below(1_000_000) / 1_000_000
    const kind = slowKinds[random.below(slowKinds.length)] ?? 'order'
    const { slow, full, clockSet, asleep } = this.#weather
    const [slowChance = 0, fullChance = 0, clockChance = 0, asleepChance = 0] = chances
    if (slowChance < slow && this.#strikes(`slow ${kind}`))
      this.#network.slowDown(kind, 1_000 + size * 60_000)
    if (fullChance < full && this.#strikes('full disk')) this.#fullFor = 1 + Math.floor(size * 12)
    if (clockChance < clockSet) {
      const forwards = size < 0.5
      const ms = Math.floor(size * 4 * 60 * 60_000)
      if (this.#strikes(forwards ? 'clock set forwards' : 'clock set backwards'))
        this.#time.setAhead(forwards ? ms : -ms / 2)
    }
    if (asleepChance < asleep && this.#strikes('machine asleep'))
      this.#time.sleep(Math.floor(size * 10 * 60_000))
  }

  #strikes(kind: string): boolean {
    if (!this.#decisions.strikes(kind)) return false
    this.#tally.count('faults', kind)
    return true
  }

  #faultOfTransaction(): TransactionFault | undefined {
    const random = this.#decisions.random('commits')
    const fate = random.below(1_000)
    const atStatement = random.below(10)
    const written = random.chance(50)
    const { crashInCommit, unknownOutcome } = this.#weather
    if (this.#fullFor > 0) {
      this.#fullFor -= 1
      this.#notes.diskRefused = true
      this.#tally.count('faults', 'commit refused by a full disk')
      return { type: 'full', atStatement }
    }
    if (fate < crashInCommit && this.#decisions.strikes('crash in a commit')) {
      this.#ending = 'in the middle of a commit'
      return { type: 'end', atStatement }
    }
    if (fate >= crashInCommit && fate < crashInCommit + unknownOutcome) {
      const kind = `commit of unknown outcome, ${written ? 'written' : 'not written'}`
      if (!this.#strikes(kind)) return undefined
      this.#ending = `at a ${kind}`
      return { type: 'unknown', written }
    }
    return undefined
  }

  async #deliverOutside({ eventId, message }: OwedEvent): Promise<void> {
    const { orderId, returnId } = message as unknown as { orderId: number; returnId?: number }
    const what = returnId === undefined ? `payment ${orderId}` : `return ${returnId}`
    this.#watch(() => {
      const { plain } = this.#database
      const stored =
        returnId === undefined
          ? plain
              .prepare(`SELECT 1 FROM snapshots WHERE kind = 'payment' AND id = ? AND ${isPaidSql}`)
              .get(String(orderId))
          : plain
              .prepare(`SELECT 1 FROM order_events WHERE order_id = ? AND body ->> '$.returnId' = ?`)
              .get(orderId, returnId)
      if (stored === undefined) throw new Violation('E2', `${what} was announced before its commit`)
    })
    const random = this.#decisions.random('outside')
    if (random.below(1_000) < this.#weather.sinkFailing && this.#strikes('delivery to the outside failed')) {
      throw new Error('Nobody takes it')
    }
    this.#tally.count('checks', 'deliveries to the outside')
    this.#delivered.set(what, (this.#delivered.get(what) ?? new Set()).add(eventId))
  }

  // ── Running and crashing ───────────────────────────────────────────────────────────────────────────────────────

  /** Lets the process work for a while; a part of what there is to do may stay. */
  async #run(): Promise<void> {
    const pace = this.#decisions.random('pace')
    let left = pace.chance(40) ? workAtOnceMax : pace.below(16)
    for (; left > 0 && this.#violation === undefined; left -= 1) {
      if (
        pace.below(1_000) < this.#weather.crashBetweenSteps &&
        this.#decisions.strikes('crash between steps')
      ) {
        this.#ending = 'between steps'
        this.#process.end()
      }
      const goesOn = await this.#process.work()
      if (this.#process.ended) await this.#recover()
      else if (!goesOn) break
    }
    this.#network.releaseHeld()
    await turns(16)
    if (this.#process.ended) await this.#recover()
  }

  async #runUntilIdle(): Promise<void> {
    for (let idle = 0, work = 0; idle < 2 && this.#violation === undefined; work += 1) {
      if (work > workAtOnceMax) throw new Violation('liveness', 'the runtime never comes to rest')
      idle = (await this.#process.work()) ? 0 : idle + 1
      if (idle > 0) await turns(16)
      if (this.#process.ended) await this.#recover()
    }
  }

  /** A new process on what the old one has committed. It may not get far. */
  async #recover(): Promise<void> {
    const random = this.#decisions.random('recovery')
    for (;;) {
      this.#tally.count('crashes', this.#ending)
      this.#ending = 'between steps'
      for (const attempt of this.#open) this.#notes.unanswered(attempt)
      this.#open.clear()
      if (this.#real.inTransaction) this.#real.exec('ROLLBACK')
      if (random.chance(30)) this.#reopen()
      this.#checkWhole(false)
      const waits = this.#somethingWaits()
      this.#process = this.#start()
      if (waits) this.#tally.count('checks', 'recoveries with work left')
      if (random.below(1_000) >= this.#weather.crashWhileRecovering || !waits) return
      for (let work = random.below(4); work > 0 && !this.#process.ended; work -= 1) await this.#process.work()
      if (!this.#process.ended) {
        if (!this.#decisions.strikes('crash while recovering')) return
        this.#process.end()
      }
      this.#ending = 'while recovering'
    }
  }

  /** Only the image of what is committed is left, as for a process on another machine. */
  #reopen(): void {
    const image = this.#real.serialize()
    this.#real.close()
    this.#real = reopened(image)
    this.#database = this.#watched(this.#real)
  }

  #somethingWaits(): boolean {
    const sql = `SELECT EXISTS (SELECT 1 FROM mailbox) OR EXISTS (SELECT 1 FROM timers WHERE actor GLOB 'payment/*' OR due_at <= ?) AS waits`
    const row = this.#database.plain.prepare<[number], { waits: number }>(sql).get(this.#time.now())
    return row?.waits === 1
  }

  #checkWhole(settled: boolean): void {
    this.#watch(() => {
      const { plain } = this.#database
      for (const { name, violations } of checkInvariants(plain, this.#time.now())) {
        if (violations.length > 0) throw new Violation(name, violations.join('; '))
      }
      this.#check.compare(plain)
      checkStoredPromises(plain)
      compareNotes(this.#notes, plain, settled)
      this.#tally.count('checks', 'whole databases')
      this.#tally.count('checks', 'clients compared', this.#world.customers.length)
    })
  }

  // ── The end ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Nothing goes wrong any more, and the clock goes on: everything has to come to its end by itself. */
  async #settle(): Promise<void> {
    this.#setWeather(calm)
    this.#fullFor = 0
    // A deadline is a moment of the wall clock: as long as that is behind, it is not due.
    this.#time.catchUp()
    const startedAt = this.#time.elapsedMs
    for (let wakes = 0; ; wakes += 1) {
      this.#network.releaseHeld()
      await this.#runUntilIdle()
      if (this.#violation !== undefined) return
      const left = this.#leftOver()
      if (left === undefined) break
      if (wakes > settleWakesMax || this.#time.elapsedMs - startedAt > settleWithinMs)
        throw new Violation('liveness', `faults are over, and still ${left}`)
      this.#time.advance(Math.max(1, Math.min(this.#nextDueMs(), 10 * 60_000)))
    }
    this.#checkWhole(true)
    // What is left are the orders that nobody pays.
    for (
      let wakes = 0;
      wakes < settleWakesMax && this.#nextTimerMs() < Number.POSITIVE_INFINITY;
      wakes += 1
    ) {
      this.#time.sleep(Math.max(1, this.#nextTimerMs()))
      await this.#runUntilIdle()
    }
    this.#checkWhole(true)
    this.#watch(() => this.#assertEverythingEnded())
  }

  /** What is still under way, in words. */
  #leftOver(): string | undefined {
    if (this.#open.size > 0) {
      const [{ asked }] = this.#open as unknown as [Try]
      return `${this.#open.size} requests wait for an answer, such as ${describe(asked.intent)}`
    }
    if (!this.#network.isQuiet) return 'messages are under way'
    for (const [what, sql] of Object.entries(unsettled)) {
      const row = this.#database.plain.prepare<[], { name: string }>(sql).get()
      if (row !== undefined) return `${what}: ${row.name}`
    }
    return undefined
  }

  /** How long no actor's timer is due; some coupons last longer than any history. */
  #nextTimerMs(): number {
    const row = this.#database.plain
      .prepare<[number], { at: number | null }>('SELECT min(due_at) AS at FROM timers WHERE due_at < ?')
      .get(this.#time.now() + monthMs)
    return row?.at == null ? Number.POSITIVE_INFINITY : row.at - this.#time.now()
  }

  /** How long nothing will happen. */
  #nextDueMs(): number {
    return Math.min(
      this.#nextTimerMs(),
      (this.#time.nextAt ?? Number.POSITIVE_INFINITY) - this.#time.elapsedMs,
    )
  }

  #assertEverythingEnded(): void {
    const done = this.#database.plain
      .prepare<[], string>(
        `SELECT 'payment ' || id FROM snapshots WHERE kind = 'payment' AND ${isPaidSql}
         UNION ALL
         SELECT 'return ' || (body ->> '$.returnId') FROM order_events WHERE type IN ('ItemsReturned', 'OrderReturned')`,
      )
      .pluck()
      .all()
    for (const what of done) {
      const ids = this.#delivered.get(what)
      if (ids === undefined) throw new Violation('E6', `${what} was never announced to the outside`)
      if (ids.size > 1) throw new Violation('E6', `${what} was announced as ${[...ids].join(' and ')}`)
    }
    const known = new Set(done)
    for (const what of this.#delivered.keys()) {
      if (!known.has(what)) throw new Violation('E6', `${what} was announced and is not done`)
    }
    const created = this.#database.plain
      .prepare<[], { id: string }>(
        `SELECT id FROM snapshots WHERE kind = 'order' AND state ->> '$.value' = 'CREATED'`,
      )
      .get()
    if (created !== undefined) throw new Violation('liveness', `order ${created.id} has not expired in time`)
  }

  /** Transitions that change nothing leave no entry in the journal; the reply they are answered with shows them. */
  #seeSent({ from, message }: Envelope): void {
    if (kindOf(from) !== 'payment' || this.#process?.way !== 'step by step') return
    const asked = answersWithoutChange[message.type as keyof typeof answersWithoutChange]
    if (asked === undefined) return
    const state = this.#check.paymentState(from) ?? this.#replay.idle
    const orderId = Number(idOf(from))
    const meta = { at: 0, self: from, caller: { from: '', id: '' } }
    const { facts } = (message as { refusal?: Refusal }).refusal ?? {}
    // What was too much once is so again.
    const { productOptionId, requested: quantity } = { ...facts } as Record<string, number>
    const items = productOptionId === undefined ? null : [{ productOptionId, quantity }]
    const incoming = { type: asked, orderId, couponId: null, returnId: 0, items, meta }
    const step = this.#replay.step(state, incoming as Incoming)
    if (step.state.value !== state.value || step.state.context !== state.context) return
    for (const edge of step.taken) this.#tally.count('edges', edge)
  }
}

/** What may be said of an order that there is not: also that somebody else is trying to pay it, or that it is silent. */
const unknownOrderCodes = new Set(['ORDER_NOT_FOUND', 'ORDER_NOT_PAYABLE', 'PAYMENT_STEP_TIMED_OUT'])

const answersWithoutChange = {
  PaymentCancelling: 'CancelPayment',
  CancelPaymentRejected: 'CancelPayment',
  PayOrderRejected: 'PayOrder',
  ReturnItemsRejected: 'ReturnItems',
  RetryStepRejected: 'RetryStep',
  SkipStepRejected: 'SkipStep',
  CompensatePaymentRejected: 'CompensatePayment',
} as const

const monthMs = 30 * 86_400_000

/** What must not be there once everything has settled, one example each. */
const unsettled = {
  'a payment has not ended': `SELECT id || ' ' || (state ->> '$.value') AS name FROM snapshots
    WHERE kind = 'payment' AND state ->> '$.value' NOT IN ('completed', 'failed', 'returned')`,
  'an order is being paid': `SELECT id AS name FROM snapshots WHERE kind = 'order' AND state ->> '$.value' = 'PAYING'`,
  'a message waits in a mailbox': 'SELECT envelope AS name FROM mailbox',
  'a request was passed on and not answered': `SELECT state AS name FROM snapshots
    WHERE kind = 'request' AND state -> '$.passed' IS NOT NULL`,
  'a timer is set': `SELECT actor || ' ' || name AS name FROM timers
    WHERE actor NOT GLOB 'order/*' AND actor NOT GLOB 'ownedCoupon/*'`,
  'an event is owed': 'SELECT event_id AS name FROM outbox WHERE next_attempt_at IS NOT NULL',
  'a message was set aside': 'SELECT envelope AS name FROM dead_letters',
}

function reopened(image: Buffer): Sqlite.Database {
  const database = new Sqlite(image)
  preparePragmas(database)
  return database
}
