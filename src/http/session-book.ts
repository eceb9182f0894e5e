import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Session, Sessions } from './sessions.ts'

/*
 * Who is logged in, and until when. A session ends when nobody uses it for half an hour, twelve hours after its login,
 * at its logout, and with its epoch: when the password is changed or the account disabled.
 */

const sessionIdleMs = 30 * 60_000
export const sessionMs = 12 * 3_600_000
/** How exactly is known when a session was last used: so seldom is it written down. */
const seenEveryMs = 60_000

/** 256 bits of it cannot be guessed. */
const tokenBytes = 32
const tokenForm = /^[A-Za-z0-9_-]{43}$/

interface Needed {
  sessions: Sessions
  clock: Pick<Clock, 'now'>
  /** The epoch of a customer who has a password. */
  sessionEpoch(customerId: number): number | undefined
  /** So many bytes from the CSPRNG. */
  random(bytes: number): Buffer
}

export function createSessionBook({ sessions, clock, sessionEpoch, random }: Needed) {
  const hashOf = (token: string) => hash('sha256', token, 'base64url')
  /** Sessions whose use is being written down. */
  const beingNoted = new Set<string>()

  function counts({ customerId, sessionEpoch: epoch, createdAt, lastSeenAt }: Session): boolean {
    const now = clock.now()
    const inTime = now - lastSeenAt < sessionIdleMs && now - createdAt < sessionMs
    return inTime && epoch === sessionEpoch(customerId)
  }

  function noteSeen(tokenHash: string, { lastSeenAt }: Session): void {
    const now = clock.now()
    if (now - lastSeenAt < seenEveryMs || beingNoted.has(tokenHash)) return
    beingNoted.add(tokenHash)
    const done = () => beingNoted.delete(tokenHash)
    // What cannot be written down makes a session end sooner, and is no reason to turn anybody away.
    sessions.noteSeen(tokenHash, now).then(done, done)
  }

  return {
    /** Begins a session; its token is in nobody's hands before. `expiresAt` is its end if it is used all the time. */
    async begin(customerId: number, epoch: number): Promise<{ token: string; expiresAt: number }> {
      const token = random(tokenBytes).toString('base64url')
      const now = clock.now()
      const session = { customerId, sessionEpoch: epoch, createdAt: now, lastSeenAt: now }
      await sessions.add(hashOf(token), session)
      return { token, expiresAt: now + sessionMs }
    },

    /** Whose session that is, if it still counts. It is used by this. */
    async customerOf(token: string): Promise<number | undefined> {
      if (!tokenForm.test(token)) return undefined
      const tokenHash = hashOf(token)
      const session = await sessions.find(tokenHash)
      if (session === undefined || !counts(session)) return undefined
      noteSeen(tokenHash, session)
      return session.customerId
    },

    end: (token: string): Promise<void> => sessions.remove(hashOf(token)),
  }
}

export type SessionBook = ReturnType<typeof createSessionBook>
