import type { Clock } from '../clock.ts'
import type { DeliveryNotes, Outbox, OwedEvent, Sink } from './outbox-relay.ts'
import { type BreakerState, jittered, SinkBreaker } from './sink-breaker.ts'

/*
 * Delivers the events of one topic: several at once, those of one key one after the other. What is noted of a round is one
 * write, and between rounds there is a pause, a short one when there is more: each write is a sync that a payment may wait for. While the breaker of its sink is open nothing is read and nothing written, so that an outage of whoever takes the
 * events costs those who make them nothing.
 */

export interface LaneOptions {
  readonly topic: string
  readonly sink: Sink
  readonly outbox: Outbox
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
  readonly report: (line: string) => void
}

const eventsAtOnce = 128
const pauseMs = 100
const shortPauseMs = 25
const firstDelayMs = 500
const delayMsMax = 60_000
/** About a day of trying at the longest delay. */
const attemptsMax = 1_440

type Result =
  | { readonly type: 'delivered' }
  | { readonly type: 'failed'; readonly error: string; readonly at: number }

export class OutboxLane {
  readonly #options: LaneOptions
  readonly #breaker: SinkBreaker
  #running: Promise<void> | undefined
  /** Something may be owed that the running round has not seen. */
  #again = false
  #pausing = false
  #cancelWait: (() => void) | undefined
  #stopped = false

  constructor(options: LaneOptions) {
    this.#options = options
    this.#breaker = new SinkBreaker(options.random)
  }

  get breaker(): BreakerState {
    return this.#breaker.state(this.#options.clock.now())
  }

  /** Says that something may be owed. */
  wake(): void {
    if (this.#stopped || this.#pausing) return
    if (this.#running !== undefined) {
      this.#again = true
      return
    }
    // Whoever waits for the breaker is woken by it.
    if (this.breaker === 'open') return
    this.#cancelWait?.()
    this.#again = false
    this.#running = this.#deliverOwed().then(
      tried => this.#ended(pauseAfter(tried)),
      error => {
        // What was delivered could not be noted: trying on at once would only deliver it again.
        this.#options.report(`The outbox cannot be written: ${String(error)}`)
        this.#ended(delayMsMax)
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

  /** Resolves with how many were tried. */
  async #deliverOwed(): Promise<number> {
    const { outbox, clock, topic } = this.#options
    const limit = this.breaker === 'half-open' ? 1 : eventsAtOnce
    const events = outbox.owed(topic, clock.now(), limit)
    if (events.length === 0) return 0
    const results = await Promise.all(events.map(event => this.#deliver(event)))
    if (!this.#stopped) await outbox.note(this.#notesOf(events, results))
    return events.length
  }

  async #deliver(event: OwedEvent): Promise<Result> {
    const { sink, clock, topic, report } = this.#options
    try {
      await sink(event)
      if (this.#breaker.succeeded()) report(`Events of ${topic} are delivered again.`)
      return { type: 'delivered' }
    } catch (error) {
      const at = clock.now()
      if (!this.#stopped && this.#breaker.failed(at)) {
        report(
          `Events of ${topic} cannot be delivered (${reasonOf(error)}); they wait in the outbox and are tried again.`,
        )
      }
      return { type: 'failed', error: String(error), at }
    }
  }

  #notesOf(events: readonly OwedEvent[], results: readonly Result[]): DeliveryNotes {
    const { random, report } = this.#options
    const delivered: number[] = []
    const retried: DeliveryNotes['retried'][number][] = []
    const parked: DeliveryNotes['parked'][number][] = []
    for (const [place, event] of events.entries()) {
      const result = results[place]
      const { sequence, attempts } = event
      if (result === undefined) continue
      if (result.type === 'delivered') {
        delivered.push(sequence)
        continue
      }
      const { at, error } = result
      if (attempts + 1 < attemptsMax) {
        const delayMs = Math.min(firstDelayMs * 2 ** Math.min(attempts, 10), delayMsMax)
        retried.push({ sequence, at: at + jittered(delayMs, random), error })
      } else {
        parked.push({ sequence, at, error })
        report(
          `The event ${event.eventId} was parked after ${attemptsMax} tries, and those behind it wait: ${error}`,
        )
      }
    }
    return { delivered, retried, parked }
  }

  #ended(restMs: number): void {
    this.#running = undefined
    if (this.#stopped) return
    if (restMs === 0) {
      this.#plan()
      return
    }
    this.#pausing = true
    this.#cancelWait = this.#options.clock.wait(restMs, () => {
      this.#pausing = false
      this.#plan()
    })
  }

  /** Sees to it that what is owed is tried when it is due. */
  #plan(): void {
    if (this.#again && this.breaker !== 'open') {
      this.wake()
      return
    }
    const { clock } = this.#options
    const dueAt = this.#nextAttemptAt()
    // What becomes owed while the breaker is open wakes nobody: its end is waited for, also when all was given up.
    if (dueAt === undefined && this.breaker !== 'open') return
    const delayMs = Math.max(dueAt ?? 0, this.#breaker.restsUntil) - clock.now()
    if (delayMs <= 0) this.wake()
    // The clock may be set meanwhile, and it be due sooner or later than it looks now.
    else this.#cancelWait = clock.wait(Math.min(delayMs, delayMsMax), () => this.#plan())
  }

  /** What cannot be read now is looked at again later. */
  #nextAttemptAt(): number | undefined {
    const { outbox, clock, topic, report } = this.#options
    try {
      return outbox.nextAttemptAt(topic)
    } catch (error) {
      report(`The outbox cannot be read: ${String(error)}`)
      return clock.now() + delayMsMax
    }
  }
}

function pauseAfter(tried: number): number {
  if (tried === 0) return 0
  return tried < eventsAtOnce ? pauseMs : shortPauseMs
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
