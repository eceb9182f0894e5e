import type { AuditEntry } from '../../runtime/store.ts'

/** What a customer tells about themselves; null where they do not, or do no more. */
export interface Profile {
  readonly displayName: string | null
  readonly email: string | null
  readonly phone: string | null
}

/** What a customer logs in with. */
interface Credentials {
  /** A PHC string. */
  readonly passwordHash: string
  /** Sessions of an earlier epoch have ended. */
  readonly sessionEpoch: number
}

/**
 * What is secret or erasable of a customer, and so is no part of the actor. Read from committed data; what is written is
 * on disk when the promise resolves.
 */
export interface AccountRows {
  credentials(customerId: number): Credentials | undefined
  profile(customerId: number): Profile
  /** Before there is the customer, so that nobody ever is one without a password. */
  add(customerId: number, passwordHash: string, profile: Profile): Promise<void>
  /** Puts a hash of the same password in the place of `before`, unless another stands there by now. */
  rehash(customerId: number, before: string, passwordHash: string): Promise<void>
  /** Ends every session. */
  changePassword(customerId: number, passwordHash: string, audit: AuditEntry): Promise<void>
  changeProfile(customerId: number, profile: Profile): Promise<void>
  endSessions(customerId: number): Promise<void>
}
