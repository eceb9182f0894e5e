import type { Config } from '../../src/config.ts'
import { openShop, type Shop } from '../../src/main.ts'
import { type Calls, codeOf, type Operation, type Outcome } from '../../src/persistence/batch-writer.ts'
import { createDirectWriter, type Writer } from '../../src/persistence/writer.ts'
import type { Sink } from '../../src/runtime/outbox-relay.ts'
import type { Random } from '../crash/random.ts'
import { type FaultyDatabase, ProcessEnded } from './faulty-database.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** How a process runs: a commit after every step; ticks of many steps; ticks, with commits that end later. */
export const ways = ['step by step', 'in ticks', 'in ticks, written elsewhere'] as const
export type Way = (typeof ways)[number]

interface ProcessOptions {
  readonly config: Config
  readonly way: Way
  readonly database: FaultyDatabase
  readonly time: SimulatedTime
  readonly network: SimulatedNetwork
  readonly sinks: Readonly<Record<string, Sink>>
  readonly random: Random
  report(line: string): void
}

/** What the relay and retention write; everything else is a batch of the runtime. */
const maintenance = new Set(
  (['outboxSettled', 'outboxRetry', 'outboxParked', 'dropJournal'] satisfies Operation[]).map(codeOf),
)

/**
 * One life of the server, from its start to its end: the real shop over the database, without the network in front.
 * When it has ended, by a crash or by itself, nothing that is left of it is heard of any more.
 */
export class SimulatedProcess {
  readonly shop: Shop
  readonly way: Way
  #ended = false
  readonly #network: SimulatedNetwork
  readonly #write: Writer['write']
  readonly #writes: {
    readonly calls: Calls
    readonly batch: number | undefined
    done(outcome: Outcome): void
  }[] = []

  constructor({ config, way, database, time, network, sinks, random, report }: ProcessOptions) {
    this.way = way
    this.#network = network
    this.#write = createDirectWriter(database.database).write
    const ended = () => this.#ended
    this.shop = openShop({
      config,
      clock: time.clockUntil(ended),
      mode: way === 'step by step' ? 'steps' : 'ticks',
      // Time does not pass within a tick. Hardly any room for idle actors: they are loaded again and again.
      limits: {
        tickMs: Number.POSITIVE_INFINITY,
        tickStepsMax: 1 + random.below(40),
        turnMessagesMax: 1 + random.below(8),
        activationsSizeMax: random.below(40_000),
      },
      transport: {
        send: (envelope, deliver) => {
          if (!this.#ended) network.send(envelope, deliver)
        },
      },
      storage: {
        database: database.database,
        writer: { write: calls => this.#take(calls), close() {} },
      },
      end: () => this.end(),
      sinks,
      random: () => random.below(1_000) / 1_000,
      report: line => {
        if (!this.#ended) report(line)
      },
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Does one piece of what there is to do: a step, or a tick, or a commit. False when nothing was left to do. */
  async work(): Promise<boolean> {
    if (this.#ended) return false
    const { runtime } = this.shop
    if (this.way === 'step by step') {
      const goesOn = runtime.runStep()
      await turns(3)
      return goesOn
    }
    runtime.runUntilIdle()
    const write = this.#writes.shift()
    if (write === undefined || this.#ended) return false
    try {
      write.done(this.#writeNow(write.calls, write.batch))
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
    }
    await turns(6)
    return true
  }

  /** The end of the process, wherever it is: memory is gone, and what was not committed never happened. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#network.processEnded()
    this.shop.relay.stop()
  }

  #take(calls: Calls): Outcome | Promise<Outcome> {
    const isBatch = !maintenance.has(calls[0] as number)
    if (this.#ended) return nobodyKnows(isBatch)
    const batch = isBatch ? this.#network.handedOver() : undefined
    if (this.way !== 'in ticks, written elsewhere') return this.#writeNow(calls, batch)
    return new Promise(resolve => {
      this.#writes.push({ calls, batch, done: resolve })
    })
  }

  #writeNow(calls: Calls, batch: number | undefined): Outcome {
    const outcome = this.#write(calls) as Outcome
    if (outcome.type === 'written') {
      if (batch !== undefined) this.#network.committed(batch)
    } else if (outcome.reason.startsWith(ProcessEnded.name)) {
      this.end()
      return nobodyKnows(batch !== undefined)
    } else if (batch !== undefined) {
      this.#network.rolledBack()
    }
    return outcome
  }
}

/** What a process that has ended makes of a write: the runtime stops there and then, the others do not mind. */
function nobodyKnows(isBatch: boolean): Outcome {
  if (isBatch) throw new ProcessEnded('It is not known what became of the commit')
  return { type: 'indeterminate', reason: 'The process has ended' }
}

/** Lets everything happen that needs nothing but its turn; nothing else ever runs meanwhile. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await null
}
