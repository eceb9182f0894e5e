/** `open`: nothing is tried. `half-open`: one is, to see. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** After so many failures in a row a sink is left alone for a while. */
const failuresMax = 5
const firstRestMs = 500
/** The most that a sink which is back may have to wait until somebody notices. */
const restMsMax = 10_000

/**
 * Whether a sink is worth trying. It opens after several failures in a row, is half open after a rest that doubles, and
 * closes at the first success. Times in milliseconds; `random` is from 0 to below 1.
 */
export class SinkBreaker {
  readonly #random: () => number
  #failures = 0
  #restMs = firstRestMs
  #restsUntil = 0

  constructor(random: () => number) {
    this.#random = random
  }

  state(now: number): BreakerState {
    if (this.#failures < failuresMax) return 'closed'
    return now < this.#restsUntil ? 'open' : 'half-open'
  }

  /** Until when nothing is tried; past unless it is open. */
  get restsUntil(): number {
    return this.#restsUntil
  }

  /** True when this closed it. */
  succeeded(): boolean {
    const closed = this.#failures >= failuresMax
    this.#failures = 0
    this.#restMs = firstRestMs
    this.#restsUntil = 0
    return closed
  }

  /** True when this opened it, and it was not half open before. */
  failed(now: number): boolean {
    const before = this.state(now)
    this.#failures += 1
    // What was under way when it opened says nothing new.
    if (before === 'open' || this.#failures < failuresMax) return false
    this.#restsUntil = now + jittered(this.#restMs, this.#random)
    this.#restMs = Math.min(this.#restMs * 2, restMsMax)
    return before === 'closed'
  }
}

/** From half of `ms` to all of it, so that what failed together does not come back together. */
export function jittered(ms: number, random: () => number): number {
  return Math.round((ms * (1 + random())) / 2)
}
