import type { Clock } from '../clock.ts'
import type { Address, Key, Message } from './envelope.ts'
import type { Runtime } from './runtime.ts'

/** A row of the outbox that is still owed. */
export interface OwedEvent {
  readonly sequence: number
  readonly eventId: string
  readonly topic: string
  readonly key: string
  readonly message: Message
  readonly correlationId: string
  /** How often it was tried. */
  readonly attempts: number
}

/** The outbox as the relay needs it. */
export interface Outbox {
  /** Events due at `now`, oldest first, at most `limit`; of one topic and key only the oldest that is still owed. */
  owed(now: number, limit: number): readonly OwedEvent[]
  nextAttemptAt(): number | undefined
  delivered(sequences: readonly number[]): Promise<void>
  retryAt(sequence: number, at: number, error: string): Promise<void>
  /** Gives up: kept for an operator, owed no more. */
  park(sequence: number, error: string): Promise<void>
}

/** Takes one event; resolves once it is safely there. Events of one key come in order, and the same one may come twice. */
export type Sink = (event: OwedEvent) => Promise<void>

export interface RelayOptions {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly sinks: Readonly<Record<string, Sink>>
  readonly report?: (line: string) => void
}

const eventsAtOnce = 64
const firstDelayMs = 500
const delayMsMax = 60_000
/** About a day of trying at the longest delay. */
const attemptsMax = 1_440
/** After so many failures in a row a sink is left alone for a while. */
const failuresMax = 5

interface Breaker {
  failures: number
  closedAgainAt: number
}

/**
 * Delivers what the outbox owes: after the commit, at least once, in order per key, with a growing delay between tries.
 * A sink that fails again and again is not tried by every event but by one at a time (its breaker is open). An event that
 * never arrives is parked.
 */
export class OutboxRelay {
  readonly #options: RelayOptions
  readonly #breakers = new Map<string, Breaker>()
  #running: Promise<void> | undefined
  #again = false
  #cancelWait: (() => void) | undefined
  #stopped = false

  constructor(options: RelayOptions) {
    this.#options = options
  }

  /** Says that something may be owed. */
  wake(): void {
    if (this.#stopped) return
    if (this.#running !== undefined) {
      this.#again = true
      return
    }
    this.#cancelWait?.()
    this.#running = this.#deliverOwed().then(
      () => this.#rest(0),
      error => {
        // What was delivered could not be noted: trying on at once would only deliver it again.
        this.#options.report?.(`The outbox cannot be written: ${String(error)}`)
        this.#again = false
        this.#rest(delayMsMax)
      },
    )
  }

  /** Resolves when nothing is being delivered right now. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait?.()
  }

  async #deliverOwed(): Promise<void> {
    const { outbox, clock } = this.#options
    while (!this.#stopped) {
      const events = outbox.owed(clock.now(), eventsAtOnce)
      if (events.length === 0) return
      const results = await Promise.all(events.map(event => this.#deliver(event)))
      if (this.#stopped) return
      const delivered = events.filter((_, index) => results[index])
      if (delivered.length > 0) await outbox.delivered(delivered.map(({ sequence }) => sequence))
    }
  }

  async #deliver(event: OwedEvent): Promise<boolean> {
    const { outbox, clock, sinks, report } = this.#options
    const breaker = this.#breakerOf(event.topic)
    const now = clock.now()
    if (breaker.failures >= failuresMax && now < breaker.closedAgainAt) {
      await outbox.retryAt(event.sequence, breaker.closedAgainAt, 'The breaker of its sink is open')
      return false
    }
    // Half open: the others wait for what comes of this try.
    if (breaker.failures >= failuresMax) breaker.closedAgainAt = now + delayMsMax
    try {
      const sink = sinks[event.topic]
      if (sink === undefined) throw new Error(`Nobody takes events of the topic ${event.topic}`)
      await sink(event)
      breaker.failures = 0
      return true
    } catch (error) {
      if (this.#stopped) return false
      breaker.failures += 1
      const delayMs = Math.min(firstDelayMs * 2 ** Math.min(event.attempts, 10), delayMsMax)
      if (breaker.failures >= failuresMax) breaker.closedAgainAt = clock.now() + delayMs
      if (event.attempts + 1 >= attemptsMax) {
        await outbox.park(event.sequence, String(error))
        report?.(`The event ${event.eventId} was parked after ${attemptsMax} tries: ${String(error)}`)
      } else {
        await outbox.retryAt(event.sequence, clock.now() + delayMs, String(error))
      }
      return false
    }
  }

  #breakerOf(topic: string): Breaker {
    let breaker = this.#breakers.get(topic)
    if (breaker === undefined) {
      breaker = { failures: 0, closedAgainAt: 0 }
      this.#breakers.set(topic, breaker)
    }
    return breaker
  }

  #rest(delayMsMin: number): void {
    this.#running = undefined
    if (this.#again) {
      this.#again = false
      this.wake()
      return
    }
    if (this.#stopped) return
    const { outbox, clock } = this.#options
    const at = outbox.nextAttemptAt()
    if (at === undefined) return
    this.#cancelWait = clock.wait(Math.max(at - clock.now(), delayMsMin), () => this.wake())
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
