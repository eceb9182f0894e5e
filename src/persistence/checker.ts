import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import type { Address } from '../runtime/envelope.ts'
import { checkInvariants, type InvariantResult } from './invariants/invariants.ts'
import { RunningCheck } from './invariants/running-check.ts'

/** What of the database a check looks at: what came since the last one, or all of it. */
type Extent = 'running' | 'whole'

export interface CheckReport {
  /** The invariants that are violated. */
  readonly violated: readonly InvariantResult[]
  /** Actors whose own rows were altered on disk. */
  readonly damaged: readonly Address[]
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

/** Checks within the call, through a connection that sees what is committed from here on. */
export function createDirectChecker(database: Database): Checker {
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
      const results = extent === 'whole' ? checkInvariants(database, now) : advance(now)
      return {
        violated: results.filter(({ violationCount }) => violationCount > 0),
        damaged: extent === 'whole' ? [] : running.damaged,
        checked: results.reduce((sum, { checked }) => sum + checked, 0),
        durationMs: performance.now() - startedAt,
      }
    },
    close() {},
  }
}

/** What crosses to the thread and back. */
export interface CheckRequest {
  readonly extent: Extent
  readonly now: number
}
export type CheckAnswer = CheckReport | { readonly error: string } | 'ready'

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
  const thread = new Worker(file, { workerData: directory })
  thread.unref()
  let ended: Error | undefined
  // A thread that is ended while it loads the SQLite binary takes the whole process with it.
  const { promise: loaded, resolve: noteLoaded } = Promise.withResolvers<void>()
  let waiting: { resolve(report: CheckReport): void; reject(error: Error): void } | undefined
  const end = (error: Error) => {
    ended ??= error
    noteLoaded()
    waiting?.reject(ended)
  }
  thread.on('message', (answer: CheckAnswer) => {
    if (answer === 'ready') noteLoaded()
    else if ('error' in answer) waiting?.reject(new Error(answer.error))
    else waiting?.resolve(answer)
  })
  thread.on('error', error => end(error as Error))
  thread.on('exit', () => end(new Error('the thread that checks has ended')))
  return {
    check: (request: CheckRequest) =>
      new Promise<CheckReport>((resolve, reject) => {
        waiting = { resolve, reject }
        if (ended === undefined) thread.postMessage(request)
        else reject(ended)
      }),
    hasEnded: () => ended !== undefined,
    async close(): Promise<void> {
      thread.ref()
      await loaded
      await thread.terminate()
    },
  }
}
