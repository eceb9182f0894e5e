import type { Database } from 'better-sqlite3'
import { auditHash, type StoredAuditRow } from '../checksum.ts'
import { hashChain, type Link } from './hash-chain.ts'

export type HashedAuditRow = StoredAuditRow & Link

export const selectAuditRows = `
  SELECT sequence, at, operator, action, subject, reason, outcome, hash
  FROM audit_log`

export const auditChain = hashChain<HashedAuditRow>('audit row', auditHash)

/** Every row of the audit log that is not what was written, or does not follow the one before it. */
export function auditChainBreaks(database: Database): Iterable<string> {
  return auditChain.breaks(
    database.prepare<[], HashedAuditRow>(`${selectAuditRows} ORDER BY sequence`).iterate(),
  )
}
