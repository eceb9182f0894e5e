import type { Address } from '../../runtime/envelope.ts'
import type { Batch } from '../../runtime/store.ts'

/** Where a payment rests: nothing more happens to it by itself. */
const settled = new Set(['idle', 'completed', 'failed', 'partiallyReturned', 'returned'])

/** A payment that has not ended; `since` in milliseconds. */
export interface OpenPayment {
  readonly id: number
  /** The machine's state. */
  readonly state: unknown
  readonly since: number
}

/**
 * What becomes of payments, read off the commits as they go by: a look at each of a payment's transitions and nothing
 * more, so that counting costs next to nothing.
 */
export class PaymentCounts {
  readonly #open = new Map<Address, { stage: string; since: number }>()
  readonly #ended = new Map<string, number>()
  #compensations = 0

  constructor(open: readonly OpenPayment[]) {
    for (const { id, state, since } of open) {
      const stage = stageOf(state)
      if (stage !== undefined && !settled.has(stage)) this.#open.set(`payment/${id}`, { stage, since })
    }
  }

  /** To be told of every batch once it is on disk. */
  note({ journal }: Pick<Batch, 'journal'>): void {
    for (const entries of journal.values()) {
      for (const { actor, transition, state, at } of entries) {
        if (transition === undefined || !actor.startsWith('payment/')) continue
        const stage = stageOf(state)
        if (stage !== undefined) this.#enter(actor, stage, at)
      }
    }
  }

  #enter(actor: Address, stage: string, at: number): void {
    const open = this.#open.get(actor)
    if (settled.has(stage)) {
      if (open === undefined) return
      this.#open.delete(actor)
      this.#ended.set(stage, (this.#ended.get(stage) ?? 0) + 1)
      return
    }
    if (stage === 'compensating' && open?.stage !== 'compensating') this.#compensations += 1
    if (open === undefined) this.#open.set(actor, { stage, since: at })
    else open.stage = stage
  }

  /** Attempts and returns that ended since the start, by where; `completed` and `failed` are always among them. */
  get ended(): Readonly<Record<string, number>> {
    return { completed: 0, failed: 0, ...Object.fromEntries(this.#ended) }
  }

  /** Attempts that had to be undone since the start. */
  get compensations(): number {
    return this.#compensations
  }

  /** How many are under way now, by stage. */
  get open(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = { paying: 0, compensating: 0 }
    for (const { stage } of this.#open.values()) counts[stage] = (counts[stage] ?? 0) + 1
    return counts
  }

  /** When the one that has been under way longest began, in milliseconds. */
  get oldestSince(): number | undefined {
    let oldest: number | undefined
    for (const { since } of this.#open.values()) if (oldest === undefined || since < oldest) oldest = since
    return oldest
  }
}

/** The outermost of nested states. */
function stageOf(state: unknown): string | undefined {
  if (typeof state === 'string') return state
  return typeof state === 'object' && state !== null ? Object.keys(state)[0] : undefined
}
