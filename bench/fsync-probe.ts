import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** How long it takes to write 4 KiB to a file in `directory` and see it on the disk: 200 times, in milliseconds. */
export function fsyncProbe(directory: string): number[] {
  const path = join(directory, 'fsync-probe')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(4096, 1)
  try {
    return Array.from({ length: 200 }, () => {
      const began = performance.now()
      writeSync(file, block)
      fdatasyncSync(file)
      return performance.now() - began
    })
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
