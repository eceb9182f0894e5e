import type { AuditEntry } from '../runtime/store.ts'
import { type Calls, codeOf } from './batch-writer.ts'
import type { Writer } from './writer.ts'
import { written } from './written.ts'

/** A row of the audit log, as a call of the writer. */
export function auditCall({ at, operator, action, subject, reason, outcome }: AuditEntry): Calls {
  return [codeOf('audit'), at, operator, action, subject, reason, outcome]
}

/** Appends what no actor did: who logged in, and who was turned away. */
export function createAuditTable(writer: Writer) {
  return { append: (entries: readonly AuditEntry[]) => written(writer, entries.flatMap(auditCall)) }
}
