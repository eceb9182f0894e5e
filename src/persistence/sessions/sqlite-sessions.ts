import { codeOf } from '../batch-writer.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { written } from '../written.ts'

interface StoredSession {
  readonly customerId: number
  readonly sessionEpoch: number
  readonly createdAt: number
  readonly lastSeenAt: number
}

/** Sessions as rows, by the hash of their token. */
export function createSqliteSessions({ prepare }: Reader, writer: Writer) {
  const session = prepare<[string], StoredSession>(
    `SELECT customer_id AS customerId, session_epoch AS sessionEpoch, created_at AS createdAt, last_seen_at AS lastSeenAt
     FROM sessions WHERE token_hash = ?`,
  )
  return {
    find: (tokenHash: string) => session.get(tokenHash),
    add: (tokenHash: string, { customerId, sessionEpoch, createdAt, lastSeenAt }: StoredSession) =>
      written(writer, [codeOf('session'), tokenHash, customerId, sessionEpoch, createdAt, lastSeenAt]),
    noteSeen: (tokenHash: string, at: number) => written(writer, [codeOf('sessionSeen'), at, tokenHash]),
    remove: (tokenHash: string) => written(writer, [codeOf('sessionRemoved'), tokenHash]),
  }
}
