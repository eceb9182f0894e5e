import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inParallel } from '../../src/cli/seed/in-parallel.ts'
import { recoup } from '../cli/recoup-process.ts'
import { Random } from '../crash/random.ts'
import { requestsUnderWay, unfinishedPayments } from '../crash/unfinished-payments.ts'
import { until } from '../crash/until.ts'
import { effectsInDatabase, effectsOverHttp } from './effects.ts'
import { type Ask, type Intent, intentAt, kindOf, needsOrders, placing, stormProfile } from './intent.ts'
import { type FinalAnswer, KeyAnswers } from './key-answers.ts'
import type { StormReport } from './storm-report.ts'
import { StormServers } from './storm-servers.ts'

/*
 * Many idempotency keys, each used by many requests at the same moment, on a server that is killed in the middle. A
 * client repeats what was cut off, or is still running, until it has the answer. Then every key has had one effect, as
 * the tables and the server say, and one answer, byte for byte, before the kills and after them.
 */

export interface StormOptions {
  /** An empty one. */
  readonly directory: string
  readonly keys: number
  readonly duplicates: number
  readonly kills: number
  readonly seed: number
  say?(line: string): void
}

/** Requests at a time; as many as there are sockets. */
const requestsAtOnce = 500
const answerWithinMs = 120_000
const askAgainMs = 200
const othersPercent = 15
const intentsWithoutKey = 40

export class Storm {
  readonly report: StormReport
  readonly #options: StormOptions
  readonly #random: Random
  readonly #answers = new Map<Intent, KeyAnswers>()

  constructor(options: StormOptions) {
    const { seed, keys, duplicates } = options
    this.#options = options
    this.#random = new Random(seed)
    this.report = {
      seed,
      keys,
      duplicates,
      kills: 0,
      requestsCut: 0,
      requests: 0,
      answers: {},
      replayed: 0,
      takenByOthers: 0,
      effects: 0,
      refusedKeys: 0,
      repeatedAtTheEnd: 0,
      withoutKeys: { intents: 0, effects: 0 },
      faults: [],
    }
  }

  /** Rejects only when the storm itself cannot go on; what it found stands in the report. */
  async run(): Promise<void> {
    const { directory, keys, seed, say = () => {} } = this.#options
    await this.#seed()
    await using servers = new StormServers(directory, this.#random.fork())
    const orders = await this.#placeOrders(servers)
    const intents = Array.from({ length: keys }, (_, place) => intentAt(place, seed, orders.get(place)))
    say(`${orders.size * 2} orders placed; the storm begins`)
    await this.#storm(servers, intents)
    await this.#settle(servers)
    const { status: ended, errors: complaints } = await servers.restart()
    if (ended !== 0)
      this.report.faults.push(`a server that was told to stop ended with ${ended}: ${complaints}`)
    await this.#repeatAll(servers, intents)
    for (const answers of this.#answers.values()) this.report.faults.push(...answers.faults())
    say('every answer was asked for again; counting effects')
    await this.#countEffects(servers, intents)
    await this.#countWithoutKeys(servers)
    const { status, output, errors } = await recoup(['check', '--data', directory])
    if (status !== 0) this.report.faults.push(`${errors}${output}`)
  }

  async #seed(): Promise<void> {
    const { directory, keys } = this.#options
    const profile = join(directory, 'storm-profile.json')
    writeFileSync(profile, JSON.stringify(stormProfile(keys + intentsWithoutKey)))
    const { status, errors } = await recoup(['seed', '--profile', profile, '--data', directory])
    if (status !== 0) throw new Error(errors)
  }

  /** Two orders for each key that pays or cancels one, by place. */
  async #placeOrders(servers: StormServers): Promise<Map<number, number[]>> {
    const send = await servers.send
    const orders = new Map<number, number[]>()
    const places = Array.from({ length: this.#options.keys }, (_, place) => place)
    await inParallel(
      places.filter(place => needsOrders(kindOf(place))),
      50,
      async place => {
        const { customerId } = intentAt(place, 0)
        const placed = await Promise.all(
          ([1, 2] as const).map(async quantity => {
            const { method, path, body } = placing(customerId, quantity)
            const response = await send(path, { method, headers: json, body: JSON.stringify(body) })
            return ((await response.json()) as { orderId: number }).orderId
          }),
        )
        orders.set(place, placed)
      },
    )
    return orders
  }

  async #storm(servers: StormServers, intents: readonly Intent[]): Promise<void> {
    const { duplicates, kills, say = () => {} } = this.#options
    const killsAt = Array.from({ length: kills }, (_, kill) =>
      Math.floor(((kill + this.#random.below(100) / 100) / kills) * intents.length),
    )
    let finished = 0
    let killing: Promise<void> | undefined
    await inParallel(intents, Math.max(1, Math.floor(requestsAtOnce / duplicates)), async intent => {
      const answers = new KeyAnswers(intent)
      this.#answers.set(intent, answers)
      // One at least, but never the first: then it is not left to chance alone who wins.
      const other = 1 + this.#random.below(duplicates - 1)
      await Promise.all(
        Array.from({ length: duplicates }, async (_, place) => {
          const ask =
            place === other || (place > 0 && this.#random.chance(othersPercent)) ? intent.other : intent.asked
          const answer = await this.#finalAnswer(servers, intent, ask)
          if (answer !== undefined) answers.add(ask, answer)
        }),
      )
      finished += 1
      if (finished % 1_000 === 0) say(`${finished} keys answered, ${servers.kills} kills`)
      if (killing !== undefined || finished < (killsAt[0] ?? Number.POSITIVE_INFINITY)) return
      killsAt.shift()
      killing = servers.kill()
      await killing
      killing = undefined
    })
    this.report.kills = servers.kills
    for (const [intent, { first }] of this.#answers) {
      if (first?.ask === intent.other) this.report.takenByOthers += 1
    }
  }

  /** Asks until there is an answer that stays; `undefined`, and a fault, when none comes in time. */
  async #finalAnswer(servers: StormServers, intent: Intent, ask: Ask): Promise<FinalAnswer | undefined> {
    const deadline = performance.now() + answerWithinMs
    let last = 'nothing'
    while (performance.now() < deadline) {
      const send = await servers.send
      this.report.requests += 1
      let response: Response
      try {
        const headers = { ...json, 'Idempotency-Key': intent.key }
        const { method, path, body } = ask
        response = await send(path, { method, headers, body: JSON.stringify(body) })
      } catch {
        this.report.requestsCut += 1
        last = 'a broken connection'
        // Who comes after the kill is held up until the next server listens; this is for whoever comes just before it.
        await pause(1)
        continue
      }
      const text = await response.text()
      const replayed = response.headers.get('Idempotency-Replayed') === 'true'
      const { status } = response
      const code = status < 400 ? '' : ` ${(JSON.parse(text) as { code: string }).code}`
      const outcome = `${status}${code}`
      this.report.answers[outcome] = (this.report.answers[outcome] ?? 0) + 1
      if (code !== ' REQUEST_IN_FLIGHT' && status < 500) {
        if (replayed) this.report.replayed += 1
        return { status, text, replayed }
      }
      last = outcome
      await pause(askAgainMs)
    }
    const { key, kind } = intent
    this.report.faults.push(`${key} (${kind}) had no answer within ${answerWithinMs} ms, at last ${last}`)
    return undefined
  }

  /** Waits until nothing is under way any more. */
  async #settle(servers: StormServers): Promise<void> {
    await servers.send
    const { directory } = this.#options
    await until('everything has ended', answerWithinMs, () => {
      return unfinishedPayments(directory).length === 0 && requestsUnderWay(directory) === 0
    })
  }

  /** Asks once more for what every key was first used for. */
  async #repeatAll(servers: StormServers, intents: readonly Intent[]): Promise<void> {
    await inParallel(intents, 50, async intent => {
      const answers = this.#answers.get(intent)
      if (answers?.first === undefined) return
      const again = await this.#finalAnswer(servers, intent, answers.first.ask)
      if (again === undefined) return
      answers.add(answers.first.ask, again)
      if (again.replayed) this.report.repeatedAtTheEnd += 1
      else this.report.faults.push(`${intent.key} was answered at the end as if for the first time`)
    })
  }

  async #countEffects(servers: StormServers, intents: readonly Intent[]): Promise<void> {
    const send = await servers.send
    const inDatabase = effectsInDatabase(this.#options.directory)
    await inParallel(intents, 50, async intent => {
      const { customerId, key, kind, before, refusal } = intent
      const stored = inDatabase.get(customerId) ?? []
      this.report.effects += stored.length - before.length
      if (refusal !== undefined) this.report.refusedKeys += 1
      const expected = told(this.#answers.get(intent)?.effects ?? [])
      if (told(stored) !== expected) {
        this.report.faults.push(`${key} (${kind}): the tables have ${told(stored)} instead of ${expected}`)
      }
      const said = told(await effectsOverHttp(send, customerId))
      if (said !== expected) {
        this.report.faults.push(`${key} (${kind}): the server says ${said} instead of ${expected}`)
      }
    })
  }

  /** The control: the same duplicates without a key, of the kinds that nothing else keeps from happening twice. */
  async #countWithoutKeys(servers: StormServers): Promise<void> {
    const { directory, keys, duplicates, seed } = this.#options
    const send = await servers.send
    const places = Array.from({ length: intentsWithoutKey }, (_, at) => keys + at)
    const intents = places
      .filter(place => kindOf(place) === 'order' || kindOf(place) === 'charge')
      .map(place => intentAt(place, seed))
    await inParallel(intents, 5, async ({ asked: { method, path, body } }) => {
      const once = () => send(path, { method, headers: json, body: JSON.stringify(body) })
      const responses = await Promise.all(Array.from({ length: duplicates }, once))
      await Promise.all(responses.map(response => response.text()))
    })
    const inDatabase = effectsInDatabase(directory)
    this.report.withoutKeys.intents = intents.length
    for (const { customerId, before } of intents) {
      this.report.withoutKeys.effects += (inDatabase.get(customerId)?.length ?? 0) - before.length
    }
  }
}

const json = { 'Content-Type': 'application/json' }

const told = (effects: readonly string[]): string => effects.toSorted().join(', ')
