import type { Clock } from '../../clock.ts'

interface Delays {
  readonly freeTries: number
  readonly firstMs: number
  readonly mostMs: number
}

interface Tries {
  readonly count: number
  readonly lastAt: number
  readonly mostMs: number
}

/** More at once than one process can serve. */
const keysMaxDefault = 100_000

/**
 * Counts in the memory of this process. Tries wear off one by one, each in the longest delay there is: whoever waits it
 * out has one more. Of too many keys the one that was used least recently is forgotten.
 */
export function createEmbeddedTryCounter(clock: Pick<Clock, 'now'>, keysMax = keysMaxDefault) {
  const tries = new Map<string, Tries>()

  /** What is left of them now. */
  function left(key: string): number {
    const known = tries.get(key)
    if (known === undefined) return 0
    return Math.max(0, known.count - Math.floor((clock.now() - known.lastAt) / known.mostMs))
  }

  function put(key: string, next: Tries): void {
    tries.delete(key)
    if (next.count > 0) tries.set(key, next)
    if (tries.size <= keysMax) return
    const [oldest] = tries.keys()
    if (oldest !== undefined) tries.delete(oldest)
  }

  return {
    begin(key: string, { freeTries, firstMs, mostMs }: Delays): number {
      const now = clock.now()
      const count = left(key)
      const known = tries.get(key)
      if (known !== undefined && count >= freeTries) {
        const delayMs = Math.min(firstMs * 2 ** (count - freeTries), mostMs)
        const waitMs = known.lastAt + delayMs - now
        if (waitMs > 0) return waitMs
      }
      put(key, { count: count + 1, lastAt: now, mostMs })
      return 0
    },
    takeBack(key: string): void {
      const known = tries.get(key)
      if (known !== undefined) put(key, { ...known, count: known.count - 1 })
    },
    clear: (key: string): void => void tries.delete(key),
    /** How many keys it remembers. */
    size: () => tries.size,
  }
}
