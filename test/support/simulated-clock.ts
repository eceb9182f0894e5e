import type { Clock } from '../../src/clock.ts'

/** A clock that stands still until it is told to go on; then it fires what became due, in due order. */
export class SimulatedClock implements Clock {
  #now: number
  #waiting: { at: number; run: () => void }[] = []

  constructor(now = Date.UTC(2026, 0, 5, 3, 0, 0)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  wait(delayMs: number, run: () => void): () => void {
    const waiter = { at: this.#now + Math.max(delayMs, 0), run }
    this.#waiting.push(waiter)
    return () => {
      this.#waiting = this.#waiting.filter(other => other !== waiter)
    }
  }

  /** Lets `ms` milliseconds pass. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#waiting = this.#waiting.filter(other => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = until
  }
}
