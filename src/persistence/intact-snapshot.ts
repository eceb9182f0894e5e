import { addressOf } from '../runtime/envelope.ts'
import { Damaged, type Snapshot } from '../runtime/store.ts'
import { snapshotChecksum } from './checksum.ts'

/** A snapshot as it is stored, with what tells whether it was altered. */
export interface StoredSnapshot extends Snapshot {
  readonly checksum: number
}

export function isIntact(stored: StoredSnapshot): boolean {
  return snapshotChecksum(stored) === stored.checksum
}

/** The snapshot that was written. Throws `Damaged` when it was altered on disk. */
export function intactSnapshot(stored: StoredSnapshot): Snapshot {
  const { checksum: _checksum, ...snapshot } = stored
  if (isIntact(stored)) return snapshot
  const actor = addressOf(snapshot.kind, snapshot.id)
  throw new Damaged(`The snapshot of ${actor} was altered on disk`, actor)
}
