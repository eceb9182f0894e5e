import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * System calls of the server, as strace sees and alters them. Only those on the database and its write-ahead log count:
 * the lock file is not written, and the shared-memory file is rebuilt after every crash.
 */

/** What the files of a database are put on disk with, as SQLite calls it. */
export const syncCalls = 'fsync,fdatasync'

/** Whether there is an strace that may trace. */
export function straceWorks(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The database of a data directory, its log, and the directory itself, whose sync makes them be there. */
function watched(directory: string): string[] {
  const database = join(directory, 'recoup.db')
  return [database, `${database}-wal`, directory].flatMap(path => ['-P', path])
}

interface Tracing {
  readonly directory: string
  /** Where strace writes what it saw. */
  readonly log: string
  /** System calls, separated by commas. */
  readonly calls: string
  /** What to do to them, such as `signal=KILL:when=3`. Calls are counted for each thread by itself. */
  readonly inject?: string
  /** Sees the server's answers, too. Then calls on all files count; but only those of the database are ever synced. */
  readonly answers?: true
}

function words({ directory, log, calls, inject, answers }: Tracing): string[] {
  // A filter in the kernel makes tracing cheap; but with it strace sends no signal.
  const cheap = inject?.includes('signal=') ? [] : ['--seccomp-bpf']
  return [
    ...['-f', ...cheap, '-o', log, '-e', `trace=${calls}${answers ? ',write,writev' : ''}`],
    ...(inject === undefined ? [] : ['-e', `inject=${calls}:${inject}`]),
    ...(answers ? ['-y'] : watched(directory)),
  ]
}

/** Starts a program with the tracer as its grandchild, so that signals and the exit status are its own. */
export function under(tracing: Tracing): string[] {
  return ['strace', '-D', ...words(tracing)]
}

/** How often each thread made one of the traced calls, the busiest first, up to the first signal. */
export function callsByThread(log: string): number[] {
  const counts = new Map<string, number>()
  for (const line of linesOf(log)) {
    if (/ --- SIG/.test(line)) break
    const [, thread = ''] = /^(\d+) +\w+\(/.exec(line) ?? []
    if (thread !== '') counts.set(thread, (counts.get(thread) ?? 0) + 1)
  }
  return [...counts.values()].toSorted((left, right) => right - left)
}

/** How many calls were given an error. */
export function errorsInjected(log: string): number {
  return linesOf(log).filter(isInjected).length
}

/** Whether one of them was on the directory itself, which SQLite syncs without asking what came of it. */
export function directoryFailed(log: string): boolean {
  return linesOf(log).some(line => isInjected(line) && !isOfDatabase(line))
}

/** The acknowledgements that left the process after the first call on the database that was given an error. */
export function acknowledgedAfterError(log: string): string[] {
  const lines = linesOf(log)
  const first = lines.findIndex(line => isInjected(line) && isOfDatabase(line))
  return first === -1 ? [] : lines.slice(first).filter(line => / writev?\(.*"HTTP\/1\.1 2/.test(line))
}

const isInjected = (line: string) => line.includes('(INJECTED)')
const isOfDatabase = (line: string) => /recoup\.db(?:-wal)?>/.test(line)

function linesOf(log: string): string[] {
  return readFileSync(log, 'utf8').split('\n')
}
