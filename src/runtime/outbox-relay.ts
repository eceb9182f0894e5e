import type { Clock } from '../clock.ts'
import type { Address, Key, Message } from './envelope.ts'
import { OutboxLane } from './outbox-lane.ts'
import type { Runtime } from './runtime.ts'
import type { BreakerState } from './sink-breaker.ts'

/** A row of the outbox that is still owed. */
export interface OwedEvent {
  readonly sequence: number
  readonly eventId: string
  readonly topic: string
  readonly key: string
  readonly message: Message
  readonly correlationId: string
  /** In milliseconds. */
  readonly createdAt: number
  /** How often it was tried. */
  readonly attempts: number
}

/** What became of events that were tried; times in milliseconds. */
export interface DeliveryNotes {
  readonly delivered: readonly number[]
  readonly retried: readonly { readonly sequence: number; readonly at: number; readonly error: string }[]
  /** Given up: kept for an operator, owed no more; the later events of their key wait. */
  readonly parked: readonly { readonly sequence: number; readonly at: number; readonly error: string }[]
}

/** The outbox as the relay needs it. */
export interface Outbox {
  /**
   * Events of a topic that are due at `now`, at most `limit`; of one key only the oldest that is still owed, and none
   * while an older one is parked.
   */
  owed(topic: string, now: number, limit: number): readonly OwedEvent[]
  nextAttemptAt(topic: string): number | undefined
  /** Rejects when nothing of it could be written. */
  note(notes: DeliveryNotes): Promise<void>
}

/** Takes one event; resolves once it is safely there. Events of one key come in order, and the same one may come twice. */
export type Sink = (event: OwedEvent) => Promise<void>

export interface RelayOptions {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly sinks: Readonly<Record<string, Sink>>
  /** From 0 to below 1: how long the delays between tries really are. */
  readonly random: () => number
  readonly report?: (line: string) => void
}

/**
 * Delivers what the outbox owes: after the commit, at least once, in order per key, with a growing delay between tries.
 * Each topic has a lane of its own, so that a sink that is away holds up nobody else's events.
 */
export class OutboxRelay {
  readonly #lanes: ReadonlyMap<string, OutboxLane>

  constructor({ outbox, clock, sinks, random, report = () => {} }: RelayOptions) {
    this.#lanes = new Map(
      Object.entries(sinks).map(([topic, sink]) => [
        topic,
        new OutboxLane({ topic, sink, outbox, clock, random, report }),
      ]),
    )
  }

  /** Says that something may be owed. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake()
  }

  /** The breaker of each topic's sink. */
  get breakers(): Readonly<Record<string, BreakerState>> {
    return Object.fromEntries([...this.#lanes].map(([topic, { breaker }]) => [topic, breaker]))
  }

  /** Resolves when nothing is being delivered right now. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(lane => lane.settled()))
  }

  stop(): void {
    for (const lane of this.#lanes.values()) lane.stop()
  }
}

/** A command that stays owed until its actor answers, carried by an event of the topic `command`. */
type OwedCommand = { to: Address; key: Key; message: Message }

/** How long an owed command waits for its answer before the next try. */
const answerMsMax = 10_000

/** The sink of owed commands: sends the command with the key it always had, and takes any answer as delivery. */
export const commandSink = {
  topic: 'command',
  to:
    (runtime: Runtime, clock: Clock): Sink =>
    async event => {
      const { to, key, message } = event.message as unknown as OwedCommand
      const abandon = new AbortController()
      const cancel = clock.wait(answerMsMax, () => abandon.abort(new Error(`${to} did not answer`)))
      try {
        await runtime.ask(to, message, { correlationId: event.correlationId, key, signal: abandon.signal })
      } finally {
        cancel()
      }
    },
}
