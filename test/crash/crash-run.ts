import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inParallel } from '../../src/cli/seed/in-parallel.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { Client } from './client.ts'
import { contradictions } from './contradictions.ts'
import { crashProfile, firstCustomerId } from './crash-profile.ts'
import type { CustomerNotes } from './customer-notes.ts'
import type { KillFigures } from './kill-report.ts'
import { Random } from './random.ts'
import { randomRequests } from './random-requests.ts'
import { settled } from './settled.ts'
import { unfinishedPayments } from './unfinished-payments.ts'
import { until } from './until.ts'

/*
 * Kills the server again and again on one data directory, and after each restart holds what it says against what its
 * customers were told. One life is one server, from its start to its kill. A life that gets as far as listening first
 * shows that the crash before it is mended, then takes the load of new customers. Some lives end sooner: before they
 * listen, or in the middle of mending.
 */

export interface CrashOptions {
  /** An empty one. */
  readonly directory: string
  readonly kills: number
  readonly seed: number
  /** Customers at a time. */
  readonly clientsAtOnce?: number
  say?(line: string): void
}

type KillMoment = 'while starting' | 'while recovering' | 'under load'

const mendWithinMs = 30_000
const comparedAtOnce = 16

export class CrashRun {
  readonly report: KillFigures
  readonly #options: CrashOptions
  readonly #clientsAtOnce: number
  readonly #random: Random
  readonly #clients: Client[] = []
  /** Those whose server was killed, until one has mended it. */
  #cut: Client[] = []
  #startMs = 0

  constructor(options: CrashOptions) {
    this.#options = options
    this.#clientsAtOnce = options.clientsAtOnce ?? 24
    this.#random = new Random(options.seed)
    this.report = {
      seed: options.seed,
      kills: 0,
      killsUnderLoad: 0,
      requestsCut: 0,
      killsWhileStarting: 0,
      killsWhileRecovering: 0,
      restarts: 0,
      operations: 0,
      acknowledgements: 0,
      retries: 0,
      paymentsRecovered: 0,
      customersCompared: 0,
      faults: [],
    }
  }

  /** Rejects only when the run itself cannot go on; what it found stands in the report. */
  async run(): Promise<void> {
    const { kills, say } = this.#options
    await this.#seed()
    let told = 0
    while (this.report.kills < kills) {
      // The first has nothing to recover from.
      const moment = this.report.kills === 0 ? 'under load' : this.#moment()
      await this.#live(moment)
      this.report.kills += 1
      const { faults, acknowledgements, paymentsRecovered } = this.report
      say?.(
        `kill ${this.report.kills} of ${kills} ${moment}: ${acknowledgements} acknowledged, ${paymentsRecovered} payments recovered, ${faults.length} faults`,
      )
      for (const fault of faults.slice(told)) say?.(`FAULT ${fault}`)
      told = faults.length
    }
    await using server = this.#start(false)
    const url = await server.listening
    this.report.restarts += 1
    await this.#mend(url)
    await this.compare(url)
    const { status, errors } = await server.end('SIGTERM')
    if (status !== 0) this.report.faults.push(`the last server ended with ${status}: ${errors}`)
  }

  /** Compares the notes of every customer there was with what the server at `url` says. */
  async compare(url: string): Promise<void> {
    await this.#compare(
      this.#clients.map(({ notes }) => notes),
      url,
    )
  }

  get notes(): readonly CustomerNotes[] {
    return this.#clients.map(({ notes }) => notes)
  }

  async #seed(): Promise<void> {
    const { directory, kills } = this.#options
    const profile = join(directory, 'crash-profile.json')
    writeFileSync(profile, JSON.stringify(crashProfile(kills * this.#clientsAtOnce)))
    const { status, errors } = await recoup(['seed', '--profile', profile, '--data', directory])
    if (status !== 0) throw new Error(errors)
  }

  #start(faulty: boolean): RecoupProcess {
    const words = ['--port', '0', '--data', this.#options.directory]
    if (!faulty) return new RecoupProcess(['serve', ...words])
    const environment = { CRASH_SEED: `${this.#random.below(2 ** 32)}` }
    return new RecoupProcess(words, { program: 'test/crash/faulty-server.ts', environment })
  }

  #moment(): KillMoment {
    const choice = this.#random.below(100)
    return choice < 15 ? 'while starting' : choice < 30 ? 'while recovering' : 'under load'
  }

  async #live(moment: KillMoment): Promise<void> {
    const server = this.#start(this.#random.chance(50))
    await using _ = server
    if (moment === 'while starting') {
      this.report.killsWhileStarting += 1
      await pause(this.#random.below(this.#startMs * 1.2))
      await this.#kill(server, [])
      return
    }
    const startedAt = performance.now()
    const url = await server.listening
    this.#startMs ||= performance.now() - startedAt
    this.report.restarts += this.report.kills > 0 ? 1 : 0
    if (moment === 'while recovering') {
      this.report.killsWhileRecovering += 1
      const mending = Promise.allSettled(this.#cut.map(client => client.resume(url)))
      await pause(this.#random.below(30))
      await this.#kill(server, this.#cut)
      await mending
      return
    }
    await this.#mend(url)
    await this.#load(server, url)
  }

  async #load(server: RecoupProcess, url: string): Promise<void> {
    const clients = Array.from(
      { length: this.#clientsAtOnce },
      (_, at) => new Client(firstCustomerId + this.#clients.length + at, randomRequests(this.#random.fork())),
    )
    this.#clients.push(...clients)
    this.#cut = clients
    const acknowledged = () => clients.reduce((sum, { notes }) => sum + notes.acknowledgements, 0)
    const enough = this.#random.below(600)
    let killed = false
    const running = Promise.all(
      clients.map(async client => {
        await client.run(url)
        if (!killed)
          this.report.faults.push(`Customer ${client.notes.customerId} was cut off before the kill`)
      }),
    )
    await Promise.race([
      until(`${enough} requests are acknowledged`, mendWithinMs, () => acknowledged() >= enough),
      server.ended.then(({ errors }) => Promise.reject(new Error(`The server ended by itself: ${errors}`))),
    ])
    await pause(this.#random.below(10))
    killed = true
    await this.#kill(server, clients)
    await running
    this.report.operations += clients.reduce((sum, { notes }) => sum + notes.operations, 0)
    this.report.acknowledgements += acknowledged()
  }

  async #kill(server: RecoupProcess, clients: readonly Client[]): Promise<void> {
    const inFlight = clients.filter(client => client.inFlight).length
    await server.end('SIGKILL')
    this.report.requestsCut += inFlight
    if (inFlight > 0) this.report.killsUnderLoad += 1
    this.report.paymentsRecovered += unfinishedPayments(this.#options.directory).length
  }

  /** Sees to it that nothing is left of the crash before: first by itself, then with the customers' own retries. */
  async #mend(url: string): Promise<void> {
    await settled(this.#options.directory, url)
    const cut = this.#cut
    this.#cut = []
    await Promise.all(cut.map(client => client.resume(url)))
    this.report.retries += cut.reduce((sum, { retries }) => sum + retries, 0)
    await settled(this.#options.directory, url)
    await this.#compare(
      cut.map(({ notes }) => notes),
      url,
    )
    for (const { notes } of cut) this.report.faults.push(...notes.faults.splice(0))
    // Beside the running server, and in a process of its own: here it would keep the clients from their connections.
    const { status, output, errors } = await recoup(['check', '--data', this.#options.directory])
    if (status !== 0) this.report.faults.push(`${errors}${output}`)
  }

  async #compare(notes: readonly CustomerNotes[], url: string): Promise<void> {
    await inParallel(notes, comparedAtOnce, async customer => {
      this.report.faults.push(...(await contradictions(customer, url)))
      this.report.customersCompared += 1
    })
  }
}
