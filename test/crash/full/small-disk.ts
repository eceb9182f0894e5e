import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A disk of limited size, in memory; its own file system, so that it can be full for real. */
export interface SmallDisk extends Disposable {
  readonly path: string
  /** Takes all space but so many bytes. */
  fill(leftBytes: number): void
  /** Gives that space back. */
  clear(): void
}

/** Mounts one at `path`; `undefined` where this process may not. */
export function mountSmallDisk(path: string, sizeBytes: number): SmallDisk | undefined {
  mkdirSync(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    fill(leftBytes) {
      const file = openSync(ballast, 'w')
      try {
        // The server takes some of it meanwhile, so only the refusal tells that it is full.
        while (hasWritten(file));
        ftruncateSync(file, Math.max(fstatSync(file).size - leftBytes, 0))
      } finally {
        closeSync(file)
      }
    },
    clear: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      // Lazily: whoever still has a file open there lets go of it in the end.
      execFileSync('umount', ['-l', path])
    },
  }
}

const block = Buffer.alloc(256 * 1024, 1)

function hasWritten(file: number): boolean {
  try {
    return writeSync(file, block) > 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
