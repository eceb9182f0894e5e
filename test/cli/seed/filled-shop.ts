import type { SeedTarget } from '../../../src/cli/seed/seed.ts'
import type { Clock } from '../../../src/clock.ts'

export interface FilledShop extends SeedTarget {
  /** What the shop was told. */
  sent: { to: string; message: { type: string } }[]
  /** The most commands that were under way at one time. */
  atOnce: number
}

/** The clock stands still; whoever waits is let go at once. */
export const standingClock: Clock = {
  now: () => Date.UTC(2026, 0, 1),
  wait(_, run) {
    const timer = setImmediate(run)
    return () => clearImmediate(timer)
  },
}

/** The inside of a shop in which only `taken` customers exist, and which remembers what it is told. */
export function filledShop({ taken = [] as number[], refuse = '' } = {}): FilledShop {
  let underWay = 0
  return {
    sent: [],
    atOnce: 0,
    clock: standingClock,
    questions: {
      product: () => undefined,
      couponExists: () => false,
      customerExists: id => taken.includes(id),
    },
    async ask(to, message) {
      this.sent.push({ to, message })
      underWay += 1
      this.atOnce = Math.max(this.atOnce, underWay)
      await new Promise(setImmediate)
      underWay -= 1
      return { type: message.type === refuse ? `${refuse}Rejected` : 'Done' }
    },
  }
}
