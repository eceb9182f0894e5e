import { type DisposableTempDir, mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new directory that is gone with its scope. */
export function temporaryDirectory(): DisposableTempDir {
  return mkdtempDisposableSync(join(tmpdir(), 'recoup-test-'))
}
