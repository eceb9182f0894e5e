import { hash } from 'node:crypto'
import { usernameKey } from '../username.ts'

/** After so many tries the next one has to wait, and each after it twice as long, up to the most. */
interface Delays {
  readonly freeTries: number
  readonly firstMs: number
  readonly mostMs: number
}

/** Counts tries. The counts may be kept in this process or be shared by several. */
export interface TryCounter {
  /**
   * Counts a try by `key`, which never goes with other delays. The time until it may be made in milliseconds when it comes
   * too soon, and then it is not counted; else 0.
   */
  begin(key: string, delays: Delays): number | Promise<number>
  /** Takes a try back that came to no end. */
  takeBack(key: string): void | Promise<void>
  /** Forgets every try. */
  clear(key: string): void | Promise<void>
}

const minuteMs = 60_000

/** One account from one place: whoever mistypes is not held up, whoever guesses gets four tries an hour in the end. */
const ofAccount: Delays = { freeTries: 5, firstMs: 1_000, mostMs: 15 * minuteMs }
/** Any accounts from one place, behind which there may be a whole office. */
const ofPlace: Delays = { freeTries: 30, firstMs: 1_000, mostMs: 5 * minuteMs }

/**
 * Slows down whoever tries passwords. Tries are counted by account and place together, and by place: from elsewhere an
 * account is never held up by what strangers do, and what they do wears off. A try that came too soon is not counted,
 * so that nobody prolongs a wait by asking. A try counts from its beginning, so that many at once are many.
 */
export function createLoginThrottle(counter: TryCounter) {
  const keysOf = (username: string, place: string) => ({
    // Names are as long as a stranger likes, and none is kept in memory as it is.
    account: `account ${hash('sha256', `${usernameKey(username)} ${place}`, 'base64url')}`,
    place: `place ${place}`,
  })

  return {
    /** The time to wait in milliseconds; 0 when the try may be made, which is then counted as a wrong one. */
    async begin(username: string, place: string): Promise<number> {
      const keys = keysOf(username, place)
      const waitMs = await counter.begin(keys.place, ofPlace)
      if (waitMs > 0) return waitMs
      const accountWaitMs = await counter.begin(keys.account, ofAccount)
      if (accountWaitMs > 0) await counter.takeBack(keys.place)
      return accountWaitMs
    },

    /** It was the right password after all. */
    async succeeded(username: string, place: string): Promise<void> {
      const keys = keysOf(username, place)
      await counter.clear(keys.account)
      await counter.takeBack(keys.place)
    },

    /** Nobody compared the password. */
    async notMade(username: string, place: string): Promise<void> {
      const keys = keysOf(username, place)
      await counter.takeBack(keys.account)
      await counter.takeBack(keys.place)
    },
  }
}

export type LoginThrottle = ReturnType<typeof createLoginThrottle>
