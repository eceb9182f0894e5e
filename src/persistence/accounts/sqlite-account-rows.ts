import type { AuditEntry } from '../../runtime/store.ts'
import { auditCall } from '../audit-table.ts'
import { type Calls, codeOf } from '../batch-writer.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { written } from '../written.ts'

interface Profile {
  readonly displayName: string | null
  readonly email: string | null
  readonly phone: string | null
}

const empty: Profile = { displayName: null, email: null, phone: null }

/** Passwords and profiles as rows. Of a profile in which nothing is left, no row is left either. */
export function createSqliteAccountRows({ prepare }: Reader, writer: Writer) {
  const credentials = prepare<[number], { passwordHash: string; sessionEpoch: number }>(
    `SELECT password_hash AS passwordHash, session_epoch AS sessionEpoch FROM credentials WHERE customer_id = ?`,
  )
  const profile = prepare<[number], Profile>(
    'SELECT display_name AS displayName, email, phone FROM profiles WHERE customer_id = ?',
  )
  const unfinished = prepare<[], unknown>(
    'SELECT 1 FROM credentials WHERE customer_id NOT IN (SELECT customer_id FROM usernames) LIMIT 1',
  )
  const profileCall = (customerId: number, { displayName, email, phone }: Profile): Calls =>
    displayName === null && email === null && phone === null
      ? [codeOf('profileErased'), customerId]
      : [codeOf('profile'), customerId, displayName, email, phone]

  return {
    /** Whether something is kept of customers who never came to be. */
    hasUnfinished: () => unfinished.get() !== undefined,
    credentials: (customerId: number) => credentials.get(customerId),
    profile: (customerId: number) => profile.get(customerId) ?? empty,
    add: (customerId: number, passwordHash: string, profile: Profile) =>
      written(writer, [
        ...[codeOf('credentials'), customerId, passwordHash],
        ...profileCall(customerId, profile),
      ]),
    rehash: (customerId: number, before: string, passwordHash: string) =>
      written(writer, [codeOf('rehash'), passwordHash, customerId, before]),
    changePassword: (customerId: number, passwordHash: string, audit: AuditEntry) =>
      written(writer, [...[codeOf('credentials'), customerId, passwordHash], ...auditCall(audit)]),
    changeProfile: (customerId: number, profile: Profile) =>
      written(writer, profileCall(customerId, profile)),
    endSessions: (customerId: number) => written(writer, [codeOf('sessionsEnded'), customerId]),
  }
}

/** What was kept of customers who then never came to be, because their process ended in between. */
export function dropUnfinishedAccounts(writer: Writer): Promise<void> {
  return written(writer, [codeOf('dropCredentials'), codeOf('dropProfiles')])
}
