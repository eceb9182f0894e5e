import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { checkInvariants, type InvariantResult } from './invariants/invariants.ts'
import { RunningCheck } from './invariants/running-check.ts'

/** What of the database a check looks at: what came since the last one, or all of it. */
type Extent = 'running' | 'whole'

export interface CheckReport {
  /** The invariants that are violated. */
  readonly violated: readonly InvariantResult[]
  /** Rows and things looked at. */
  readonly checked: number
  readonly durationMs: number
}

/** Runs checks, one after the other. `now` is in milliseconds. */
export interface Checker {
  check(extent: Extent, now: number): CheckReport | Promise<CheckReport>
  /** Lets go of the database; a check that is running is given up. */
  close(): void | Promise<void>
}

/**
 * Checks within the call, through a connection that sees what is committed from here on. A check of everything throws
 * between two of its questions once it `isGivenUp`.
 */
export function createDirectChecker(database: Database, isGivenUp: () => boolean = () => false): Checker {
  let running = new RunningCheck(database, 'end')

  function advance(now: number): InvariantResult[] {
    try {
      return running.advance(now)
    } catch (error) {
      // It may have come halfway, so the next one begins anew.
      running = new RunningCheck(database, 'end')
      throw error
    }
  }

  return {
    check(extent, now) {
      const startedAt = performance.now()
      const results = extent === 'whole' ? checkInvariants(database, now, isGivenUp) : advance(now)
      return {
        violated: results.filter(({ violationCount }) => violationCount > 0),
        checked: results.reduce((sum, { checked }) => sum + checked, 0),
        durationMs: performance.now() - startedAt,
      }
    },
    close() {},
  }
}

/** What the thread is started with; the first cell of `givenUp` is 1 once nobody waits for its checks any more. */
export interface CheckThreadData {
  readonly directory: string
  readonly givenUp: Int32Array<SharedArrayBuffer>
}

/** What crosses to the thread and back; `null` tells it to end. */
export type CheckRequest = { readonly extent: Extent; readonly now: number } | null
export type CheckAnswer = CheckReport | { readonly error: string }

/**
 * Checks in a thread of its own with a connection of its own, which only reads, so that neither the event loop nor the
 * payments wait for it. A check rejects when it could not be done; a thread that ended is started again by the next one.
 */
export function createThreadChecker(directory: string): Checker {
  let thread: CheckThread | undefined = startThread(directory)
  return {
    async check(extent, now) {
      thread ??= startThread(directory)
      try {
        return await thread.check({ extent, now })
      } catch (error) {
        if (thread.hasEnded()) thread = undefined
        throw error
      }
    },
    close: () => thread?.close(),
  }
}

type CheckThread = ReturnType<typeof startThread>

function startThread(directory: string) {
  // The compiled package has the compiled thread beside it.
  const file = new URL(`./check-thread${extname(import.meta.url)}`, import.meta.url)
  const givenUp = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const thread = new Worker(file, { workerData: { directory, givenUp } satisfies CheckThreadData })
  thread.unref()
  let ended: Error | undefined
  const { promise: exited, resolve: noteExited } = Promise.withResolvers<void>()
  let waiting: { resolve(report: CheckReport): void; reject(error: Error): void } | undefined
  const end = (error: Error) => {
    ended ??= error
    waiting?.reject(ended)
  }
  thread.on('message', (answer: CheckAnswer) => {
    if ('error' in answer) waiting?.reject(new Error(answer.error))
    else waiting?.resolve(answer)
  })
  thread.on('error', error => end(error as Error))
  thread.on('exit', () => {
    end(new Error('the thread that checks has ended'))
    noteExited()
  })
  return {
    check: (request: NonNullable<CheckRequest>) =>
      new Promise<CheckReport>((resolve, reject) => {
        waiting = { resolve, reject }
        if (ended === undefined) thread.postMessage(request satisfies CheckRequest)
        else reject(ended)
      }),
    hasEnded: () => ended !== undefined,
    /** A thread that is terminated within SQLite can take the whole process with it, so it is told, and ends by itself. */
    close(): Promise<void> {
      thread.ref()
      Atomics.store(givenUp, 0, 1)
      thread.postMessage(null satisfies CheckRequest)
      return exited
    },
  }
}
