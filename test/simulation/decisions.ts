import { Random } from '../crash/random.ts'

/** What of a history is left in when it is run again: its client operations by number, and its faults by name. */
export interface Kept {
  readonly operations?: ReadonlySet<number> | undefined
  readonly faults?: ReadonlySet<string> | undefined
}

/**
 * Everything a history decides by chance. Each operation has generators of its own, one per purpose, so that leaving
 * one operation or fault out moves no draw of any other: that is what makes a failing history shrink.
 */
export class Decisions {
  readonly seed: number
  readonly #kept: Kept
  readonly #random = new Map<string, Random>()
  readonly #counts = new Map<string, number>()
  /** Names of the faults that really happened, in order. */
  readonly fired: string[] = []
  /** Number of the operation that runs now. */
  operation = 0

  constructor(seed: number, kept: Kept = {}) {
    this.seed = seed
    this.#kept = kept
  }

  /** Goes on to the operation of this number; its generators start afresh. */
  begin(operation: number): void {
    this.operation = operation
    this.#random.clear()
    this.#counts.clear()
  }

  /** The current operation's generator for one purpose. */
  random(purpose: string): Random {
    let random = this.#random.get(purpose)
    if (random === undefined) {
      random = new Random(mix(this.seed, this.operation, textHash(purpose)))
      this.#random.set(purpose, random)
    }
    return random
  }

  isKept(operation: number): boolean {
    return this.#kept.operations?.has(operation) ?? true
  }

  /** Whether a fault that chance wants here may happen; then it is noted under its name. */
  strikes(kind: string): boolean {
    const count = this.#counts.get(kind) ?? 0
    this.#counts.set(kind, count + 1)
    const name = `${this.operation}/${kind}/${count}`
    if (this.#kept.faults !== undefined && !this.#kept.faults.has(name)) return false
    this.fired.push(name)
    return true
  }
}

/** One number out of several, each of whose bits changes the whole. */
export function mix(...numbers: readonly number[]): number {
  let mixed = 0x9e3779b9
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ number, 0x85ebca6b)
    mixed ^= mixed >>> 13
    mixed = Math.imul(mixed, 0xc2b2ae35)
    mixed ^= mixed >>> 16
  }
  return mixed >>> 0
}

function textHash(text: string): number {
  let hash = 0
  for (let place = 0; place < text.length; place += 1) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(place)) | 0
  }
  return hash
}
