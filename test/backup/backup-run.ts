import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { brokenInvariants, invariantsOf } from '../../src/cli/invariants-of.ts'
import { inParallel } from '../../src/cli/seed/in-parallel.ts'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { openShop } from '../../src/main.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { Client } from '../crash/client.ts'
import { contradictions } from '../crash/contradictions.ts'
import { crashProfile, firstCustomerId, options } from '../crash/crash-profile.ts'
import type { CustomerNotes } from '../crash/customer-notes.ts'
import { sendOperation } from '../crash/operation.ts'
import { Random } from '../crash/random.ts'
import { randomRequests } from '../crash/random-requests.ts'
import { requestsUnderWay, unfinishedPayments } from '../crash/unfinished-payments.ts'
import { until } from '../crash/until.ts'
import type { BackupReport } from './backup-report.ts'
import { expectedBetween, notesNow } from './expected-notes.ts'
import { Gate } from './gate.ts'

/*
 * Takes backups of servers that are busy, restores each into an empty directory, checks it, serves it, and holds what
 * it says against what the customers had been told when the backup began. Now and then it does the same with a copy of
 * the database file alone, which must be found out.
 */

export interface BackupOptions {
  /** An empty one. */
  readonly directory: string
  readonly backups: number
  readonly seed: number
  /** Customers at a time. */
  readonly clientsAtOnce?: number
  say?(line: string): void
}

const backupSummary = z.object({ orders: z.int(), bytes: z.int() })
const firstWindowMs = 1_000
const windowMsMax = 2_000
/** After a backup of this size or more a new shop is opened: every order in it is looked for in every backup. */
const shopBytesMax = 10_000_000
const settleWithinMs = 30_000
const comparedAtOnce = 8
/** Orders, charges and so on that are placed after each backup, and must not be in it. */
const requestsLater = 40

export class BackupRun {
  readonly report: BackupReport
  readonly #options: Required<Omit<BackupOptions, 'say'>>
  readonly #say: (line: string) => void
  readonly #random: Random

  constructor({ say = () => {}, ...options }: BackupOptions) {
    this.#options = { clientsAtOnce: 16, ...options }
    this.#say = say
    this.#random = new Random(options.seed)
    this.report = {
      seed: options.seed,
      records: [],
      controls: 0,
      controlsCaught: 0,
      customersCompared: 0,
      faults: [],
    }
  }

  /** Rejects only when the run itself cannot go on; what it found stands in the report. */
  async run(): Promise<void> {
    while (this.report.records.length < this.#options.backups) await this.#shop()
  }

  /** One server and its customers, until there are backups enough or it is too large. */
  async #shop(): Promise<void> {
    const { directory, clientsAtOnce } = this.#options
    const data = join(directory, 'shop')
    mkdirSync(data)
    const profile = join(directory, 'profile.json')
    writeFileSync(profile, JSON.stringify(crashProfile(clientsAtOnce)))
    await done(['seed', '--profile', profile, '--data', data])
    {
      await using server = new RecoupProcess(['serve', '--port', '0', '--data', data])
      const load = new Load(await server.listening, clientsAtOnce, this.#random)
      await load.after(requestsLater)
      await this.#control(data, load)
      const { records, faults } = this.report
      let windowMs = firstWindowMs
      for (let bytes = 0; bytes < shopBytesMax && records.length < this.#options.backups; ) {
        bytes = await this.#backup(data, load, windowMs)
        windowMs = Math.min(records.at(-1)?.backupMs ?? 0, windowMsMax)
        this.#say(`backup ${records.length} of ${this.#options.backups}: ${faults.length} faults`)
        for (const fault of faults.slice(0, 20)) this.#say(`FAULT ${fault}`)
      }
      await load.end()
      this.report.faults.push(...load.clients.flatMap(({ notes }) => notes.faults))
      const { status, errors } = await server.end('SIGTERM')
      if (status !== 0) this.report.faults.push(`the server ended with ${status}: ${errors}`)
    }
    rmSync(data, { recursive: true })
  }

  /** Looks at the load for `windowMs` before it begins. Resolves with the size of the backup. */
  async #backup(data: string, load: Load, windowMs: number): Promise<number> {
    const file = join(this.#options.directory, 'backup')
    load.gate.open()
    const paymentsAtFirst = load.payments
    const beganAt = performance.now()
    await pause(windowMs)
    const paymentsBefore = load.payments - paymentsAtFirst
    const watchedMs = performance.now() - beganAt

    const before = load.notes()
    const startedAt = performance.now()
    const paymentsAtStart = load.payments
    const output = await done(['backup', file, '--data', data, '--json'])
    const backupMs = performance.now() - startedAt
    const paymentsMeanwhile = load.payments - paymentsAtStart
    const after = load.notes()
    const expected = load.expectedBetween(before, after)

    await load.after(requestsLater)
    await load.rest()
    const askedLater = load.operations - operationsOf(after)
    const { orders, bytes } = backupSummary.parse(JSON.parse(output))
    const restored = join(this.#options.directory, 'restored')
    const restoreStartedAt = performance.now()
    await done(['restore', file, '--data', restored])
    const restoreMs = performance.now() - restoreStartedAt
    this.report.faults.push(...(await this.#contradictions(restored, expected)))
    rmSync(restored, { recursive: true })
    rmSync(file)
    this.report.records.push({
      bytes,
      backupMs,
      restoreMs,
      paymentsMeanwhile,
      // Of as much time as the backup took.
      paymentsBefore: (paymentsBefore * backupMs) / watchedMs,
      windowMs: backupMs,
      acknowledged: before.reduce((sum, { acknowledgements }) => sum + acknowledgements, 0),
      askedLater,
      cutMidway: ordersOf(before) < orders && orders < ordersOf(after),
    })
    return bytes
  }

  /** What somebody who knows no better takes for a backup: the file, without what stands in the WAL. */
  async #control(data: string, load: Load): Promise<void> {
    const file = join(this.#options.directory, 'copy')
    load.gate.open()
    await load.after(requestsLater)
    const before = load.notes()
    copyFileSync(join(data, 'recoup.db'), file)
    const expected = load.expectedBetween(before, load.notes())
    await load.rest()
    const restored = join(this.#options.directory, 'restored-copy')
    const { status } = await recoup(['restore', file, '--data', restored])
    const found = status === 0 ? await this.#contradictions(restored, expected) : ['It was refused.']
    this.report.controls += 1
    if (found.length > 0) this.report.controlsCaught += 1
    rmSync(restored, { recursive: true, force: true })
    rmSync(file)
  }

  /** Checks a restored directory, serves it in this process, and lets every customer look for what they may expect. */
  async #contradictions(data: string, expected: readonly CustomerNotes[]): Promise<string[]> {
    const found: string[] = []
    const broken = brokenInvariants(invariantsOf(data, systemClock))
    if (broken.length > 0) found.push(`a restored shop breaks ${broken.join(', ')}`)
    const shop = openShop({
      config: readConfig({ RECOUP_AUTH: 'gateway', RECOUP_DATA: data }),
      report: line => found.push(`a restored shop says: ${line}`),
    })
    const server = await shop.listen('127.0.0.1', 0)
    await until('what was in flight ends', settleWithinMs, () => {
      return unfinishedPayments(data).length === 0 && requestsUnderWay(data) === 0
    })
    await inParallel(expected, comparedAtOnce, async notes => {
      found.push(...(await contradictions(notes, server.url)))
      this.report.customersCompared += 1
    })
    const item = { ...(options[0] as (typeof options)[number]), quantity: 1 }
    const { status } = await sendOperation(server.url, firstCustomerId, { type: 'order', items: [item] })
    if (status !== 201) found.push(`a restored shop answers an order with ${status}`)
    await server.stop()
    await shop.close()
    return found
  }
}

/** Customers who order and pay as fast as they are answered, unless the gate is closed. */
class Load {
  readonly gate = new Gate()
  readonly clients: readonly Client[]
  readonly #running: Promise<unknown>

  constructor(url: string, clients: number, random: Random) {
    this.clients = Array.from(
      { length: clients },
      (_, at) => new Client(firstCustomerId + at, randomRequests(random.fork())),
    )
    this.#running = Promise.all(
      this.clients.map(async client => {
        await client.run(url, () => this.gate.pass())
        if (client.inFlight) throw new Error(`Customer ${client.notes.customerId} was cut off`)
      }),
    )
    // It is waited for at the end; until then it only says that nobody is served any more.
    this.#running.catch(() => {})
  }

  get operations(): number {
    return operationsOf(this.clients.map(({ notes }) => notes))
  }

  get payments(): number {
    return this.clients.reduce((sum, { notes }) => sum + paymentsOf(notes), 0)
  }

  notes(): CustomerNotes[] {
    return this.clients.map(({ notes }) => notesNow(notes))
  }

  /** Call it at the time of `after`. */
  expectedBetween(before: readonly CustomerNotes[], after: readonly CustomerNotes[]): CustomerNotes[] {
    return this.clients.map(({ inFlight }, at) =>
      expectedBetween(before[at] as CustomerNotes, after[at] as CustomerNotes, inFlight),
    )
  }

  /** Resolves after so many more requests were answered. */
  async after(requests: number): Promise<void> {
    const enough = this.operations + requests + this.clients.length
    await until(`${requests} requests are answered`, settleWithinMs, () => this.operations >= enough)
  }

  /** Resolves when everybody stands before the closed gate. */
  async rest(): Promise<void> {
    this.gate.close()
    await until('everybody rests', settleWithinMs, () => this.gate.waiting === this.clients.length)
  }

  async end(): Promise<void> {
    this.gate.shut()
    await this.#running
  }
}

function operationsOf(notes: readonly CustomerNotes[]): number {
  return notes.reduce((sum, { operations }) => sum + operations, 0)
}

function ordersOf(notes: readonly CustomerNotes[]): number {
  return notes.reduce((sum, { orders }) => sum + orders.size, 0)
}

/** Also those that were refused: the longer a customer shops, the less money there is. */
function paymentsOf({ orders }: CustomerNotes): number {
  return [...orders.values()].reduce((sum, { payments }) => sum + payments, 0)
}

/** Runs a command that must succeed, and resolves with what it printed. */
async function done(words: readonly string[]): Promise<string> {
  const { status, output, errors } = await recoup(words)
  if (status !== 0) throw new Error(`recoup ${words.join(' ')} ended with ${status}: ${errors}`)
  return output
}
