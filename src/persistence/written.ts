import { CommitRefused } from '../runtime/store.ts'
import type { Calls } from './batch-writer.ts'
import type { Writer } from './writer.ts'

/** Writes rows that belong to no actor, in one transaction. Rejects with `CommitRefused` when nothing was written. */
export async function written(writer: Writer, calls: Calls): Promise<void> {
  const outcome = await writer.write(calls)
  if (outcome.type === 'refused') throw new CommitRefused(outcome.reason)
  if (outcome.type === 'indeterminate') throw new Error(outcome.reason)
}
