/** Somebody who is logged in. Times in milliseconds. */
export interface Session {
  readonly customerId: number
  /** Counts only while the account is in the same epoch, which is read with every request from where the truth is. */
  readonly sessionEpoch: number
  readonly createdAt: number
  readonly lastSeenAt: number
}

/**
 * Keeps sessions by the hash of their token, never by the token. What it has may be old or lost without anybody getting
 * in who should not: whether a session still counts is decided by `SessionBook`.
 */
export interface Sessions {
  find(tokenHash: string): Session | undefined | Promise<Session | undefined>
  /** Resolves once it is kept. */
  add(tokenHash: string, session: Session): Promise<void>
  noteSeen(tokenHash: string, at: number): Promise<void>
  /** Resolves once it is gone for good. */
  remove(tokenHash: string): Promise<void>
}
