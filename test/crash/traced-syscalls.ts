import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

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
}

function words({ directory, log, calls, inject }: Tracing): string[] {
  // A filter in the kernel makes tracing cheap; but with it strace sends no signal.
  const cheap = inject?.includes('signal=') ? [] : ['--seccomp-bpf']
  return [
    ...['-f', ...cheap, '-o', log, '-e', `trace=${calls}`],
    ...(inject === undefined ? [] : ['-e', `inject=${calls}:${inject}`]),
    ...watched(directory),
  ]
}

/** Starts a program with the tracer as its grandchild, so that signals and the exit status are its own. */
export function under(tracing: Tracing): string[] {
  return ['strace', '-D', ...words(tracing)]
}

/** Begins to trace a process that runs, all its threads; resolves once it does. The tracer ends with the process. */
export async function attach(pid: number, tracing: Tracing): Promise<{ readonly ended: Promise<unknown> }> {
  // The filter that makes tracing cheap can only be set up by whoever starts the process.
  const options = words(tracing).filter(word => word !== '--seccomp-bpf')
  const tracer = spawn('strace', [...options, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(tracer, 'exit')
  let said = ''
  for await (const line of createInterface(tracer.stderr)) {
    said += `${line}\n`
    if (/attached/.test(line)) return { ended }
  }
  throw new Error(`strace could not attach to ${pid}: ${said}`)
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
  return linesOf(log).filter(line => line.includes('(INJECTED)')).length
}

function linesOf(log: string): string[] {
  return readFileSync(log, 'utf8').split('\n')
}
