import type { Clock } from '../../src/clock.ts'
import { Violation } from './violation.ts'

interface Waiting {
  readonly at: number
  readonly run: () => void
}

/** Whoever is called so often while no time passes will be called for ever. */
const callsAtOnceMax = 10_000

/** Time that passes only when it is told to: a monotonic one for waiting, and a wall clock that may be set. */
export class SimulatedTime {
  #elapsedMs = 0
  #aheadMs = Date.UTC(2026, 0, 5, 3, 0, 0)
  /** The latest that the wall clock has ever been before it was set back. */
  #latest = 0
  #waiting: Waiting[] = []

  /** Wall time in milliseconds. */
  now(): number {
    return this.#aheadMs + this.#elapsedMs
  }

  get elapsedMs(): number {
    return this.#elapsedMs
  }

  /** When the next one who waits is due, in elapsed milliseconds. */
  get nextAt(): number | undefined {
    return this.#waiting[0]?.at
  }

  wait(delayMs: number, run: () => void): () => void {
    const waiting = { at: this.#elapsedMs + Math.max(Math.ceil(delayMs), 0), run }
    // Kept in due order; of those due together the one who came first goes first.
    let place = this.#waiting.length
    while (place > 0 && (this.#waiting[place - 1] as Waiting).at > waiting.at) place -= 1
    this.#waiting.splice(place, 0, waiting)
    return () => {
      const at = this.#waiting.indexOf(waiting)
      if (at >= 0) this.#waiting.splice(at, 1)
    }
  }

  /** Lets `ms` milliseconds pass; everybody is called at the moment that is due. */
  advance(ms: number): void {
    const until = this.#elapsedMs + Math.round(ms)
    for (let calls = 0; ; calls += 1) {
      const next = this.#waiting[0]
      if (next === undefined || next.at > until) break
      if (next.at > this.#elapsedMs) calls = 0
      if (calls > callsAtOnceMax)
        throw new Violation('liveness', 'the runtime wakes again and again in one moment')
      this.#waiting.shift()
      this.#elapsedMs = Math.max(this.#elapsedMs, next.at)
      next.run()
    }
    this.#elapsedMs = until
  }

  /** Lets `ms` milliseconds pass in which nobody is called, as when the machine sleeps; then those who are due. */
  sleep(ms: number): void {
    this.#elapsedMs += Math.round(ms)
    this.advance(0)
  }

  /** Sets the wall clock forwards, or backwards if `ms` is negative; nobody's waiting gets shorter by it. */
  setAhead(ms: number): void {
    this.#latest = Math.max(this.#latest, this.now())
    this.#aheadMs += Math.round(ms)
  }

  /** A wall clock that was set back shows the latest time again that it has ever shown. */
  catchUp(): void {
    this.#aheadMs += Math.max(0, this.#latest - this.now())
  }

  /** The clock of one process: once that has ended, nobody is called any more. */
  clockUntil(ended: () => boolean): Clock {
    return {
      // Nothing is ever due for a process that has ended.
      now: () => (ended() ? Number.NEGATIVE_INFINITY : this.now()),
      wait: (delayMs, run) =>
        this.wait(delayMs, () => {
          if (!ended()) run()
        }),
    }
  }
}
