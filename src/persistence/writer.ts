import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { type Calls, createBatchWriter, type Outcome } from './batch-writer.ts'

/** Writes batches of calls, one after the other in the order they were given. */
export interface Writer {
  /** Resolves with what became of the batch; in place the outcome is there at once. */
  write(calls: Calls): Outcome | Promise<Outcome>
  /** Lets go of the database, after what was given. */
  close(): void | Promise<void>
}

/** Writes in place, within the call: for a database in memory, and where every commit has to be stepped through. */
export function createDirectWriter(database: Sqlite.Database): Writer {
  return { write: createBatchWriter(database), close() {} }
}

/**
 * Writes in a thread of its own, so that statements, hashing and the wait for the disk do not hold up the next requests.
 * The database at `path` must exist. `onWritten` is told of each batch before
 * whoever waits for it, `onLost` when the thread ends by itself.
 */
export function createThreadWriter(
  path: string,
  { onWritten, onLost }: { onWritten: () => void; onLost: (error: Error) => void },
): Writer {
  // The compiled package has the compiled thread beside it.
  const file = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file, { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 16 } })
  const waiting: ((outcome: Outcome) => void)[] = []
  thread.on('message', (outcome: Outcome) => {
    onWritten()
    waiting.shift()?.(outcome)
  })
  thread.on('error', error => onLost(error as Error))
  const ended = new Promise<void>(resolve => thread.once('exit', () => resolve()))
  return {
    write(calls) {
      thread.postMessage(calls)
      return new Promise(resolve => waiting.push(resolve))
    },
    close() {
      thread.postMessage(null)
      return ended
    },
  }
}
