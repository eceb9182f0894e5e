import type { Clock } from '../../clock.ts'

/** More callers at once than one process can serve. */
const keysMaxDefault = 100_000

/**
 * Counts in the memory of this process. Of each key only one moment is kept: when all that was taken will be paid off
 * (GCRA). A key whose moment has passed is as good as new, and of too many the one that was used least recently is
 * forgotten: whoever can crowd others out comes from so many addresses that counting does not stop them.
 */
export function createEmbeddedRateLimiter(clock: Pick<Clock, 'now'>, keysMax = keysMaxDefault) {
  const paidOffAt = new Map<string, number>()
  return {
    /** The time to wait in milliseconds when this use is one too many, and then it is not counted; else 0. */
    take(key: string, { uses, perMs }: { readonly uses: number; readonly perMs: number }): number {
      const now = clock.now()
      const before = Math.max(paidOffAt.get(key) ?? 0, now)
      const after = before + perMs / uses
      const waitMs = after - now - perMs
      // Less than a thousandth of a millisecond is what rounding leaves.
      if (waitMs > 0.001) return waitMs
      paidOffAt.delete(key)
      paidOffAt.set(key, after)
      if (paidOffAt.size > keysMax) forgetOne(paidOffAt)
      return 0
    },
    /** How many keys it remembers. */
    size: () => paidOffAt.size,
  }
}

function forgetOne(paidOffAt: Map<string, number>): void {
  for (const key of paidOffAt.keys()) {
    paidOffAt.delete(key)
    return
  }
}
