import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { asDirectoryError, bringUpToDate } from './database.ts'
import { assertIntact } from './integrity.ts'
import { decideInvariants, invariants } from './invariants/invariants.ts'

/*
 * A copy of a database in a file of its own, of one commit, whatever is committed meanwhile. It grows under a temporary
 * name and gets its own only when it is on disk and every invariant holds in it; nothing is left of one that does not
 * get that far. It never replaces a file.
 */

/** A copy that could not be made, said in one sentence. */
export class CopyError extends Error {
  override name = 'CopyError'
}

export interface CopyOptions {
  /** `delete` makes a file that can be read where nothing can be written, `wal` one that a server takes over. */
  readonly journalMode: 'delete' | 'wal'
  /** What is to be done about a source that is damaged or contradicts itself. */
  readonly damaged: string
  /** What is to be done when there is a file already. */
  readonly occupied: string
  /** The time in milliseconds. */
  readonly now: number
  /** Gives the copying up, with the reason of its abort. */
  readonly signal: AbortSignal
  progress(label: string, total: number): { advance(): void; end(): void }
  /** Called when the source is read no more, and only the copy is still to be verified. */
  onCopied?(): void
}

/** What is in a copy. */
export interface CopyFacts {
  readonly orders: number
  readonly payments: number
  readonly bytes: number
  /** The time of the last commit that is in it, in milliseconds; null for a shop in which nothing has happened. */
  readonly lastCommitAt: number | null
  /** How many hold in it: all of them. */
  readonly invariants: number
}

/** Between two looks at the signal. */
const pagesAtOnce = 256

/** The name that a copy has until it is whole. */
export function partialName(target: string): string {
  return `${target}.partial`
}

/**
 * Copies `source`, which stays open, to the file `target`. Rejects with `CopyError` or `DataDirectoryError`, or with the
 * reason of the signal; there is then no such file.
 */
export async function copyDatabase(
  source: Sqlite.Database,
  target: string,
  options: CopyOptions,
): Promise<CopyFacts> {
  const partial = partialName(target)
  assertFree(target, options)
  reserve(partial, target)
  let placed = false
  try {
    await copyPages(source, partial, options)
    options.onCopied?.()
    const facts = await verified(partial, source.name, options)
    sync(partial)
    assertFree(target, options)
    renameSync(partial, target)
    placed = true
    sync(dirname(target))
    return { ...facts, bytes: statSync(target).size }
  } catch (error) {
    for (const besides of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${besides}`, { force: true })
    if (placed) rmSync(target, { force: true })
    throw asCopyError(error, source.name, target, options)
  }
}

/** A file beside a database of its name would be taken for its journal, whatever it came from. */
function assertFree(target: string, { occupied }: CopyOptions): void {
  const found = ['', '-wal', '-shm', '-journal'].map(besides => `${target}${besides}`).find(existsSync)
  if (found !== undefined) throw new CopyError(`${found} is there already; ${occupied}.`)
}

function reserve(partial: string, target: string): void {
  try {
    closeSync(openSync(partial, 'wx', 0o600))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new CopyError(
      code === 'EEXIST'
        ? `${partial} is there already: somebody else is writing it, or was killed while doing so; then remove it.`
        : `${target} cannot be written (${message}).`,
    )
  }
}

/**
 * All of it within one transaction of the source. Between two transactions a writer may commit, upon which SQLite starts
 * copying all over again: beside a busy server, for ever.
 */
async function copyPages(
  source: Sqlite.Database,
  partial: string,
  { signal, progress }: CopyOptions,
): Promise<void> {
  source.exec('BEGIN')
  try {
    const pages = source.prepare<[], number>('SELECT page_count FROM pragma_page_count').pluck().get() ?? 0
    const bar = progress('parts copied', Math.ceil(pages / pagesAtOnce))
    try {
      await source.backup(partial, {
        progress() {
          signal.throwIfAborted()
          bar.advance()
          return pagesAtOnce
        },
      })
    } finally {
      bar.end()
    }
  } finally {
    if (source.inTransaction) source.exec('COMMIT')
  }
}

/** Sees to it that every invariant holds in the copy, and tells what is in it. */
async function verified(
  partial: string,
  sourceName: string,
  { journalMode, damaged, now, signal, progress }: CopyOptions,
): Promise<Omit<CopyFacts, 'bytes'>> {
  const copy = new Sqlite(partial)
  try {
    copy.pragma('journal_mode = DELETE')
    signal.throwIfAborted()
    assertIntact(copy, sourceName, { damaged })
    // Invariants are those of this schema; the copy keeps the one it has.
    copy.exec('BEGIN')
    bringUpToDate(copy)
    const broken: string[] = []
    const bar = progress('invariants', invariants.length)
    try {
      for (const { name, violationCount } of decideInvariants(copy, now)) {
        if (violationCount > 0) broken.push(name)
        bar.advance()
        // Only between two turns is a signal heard.
        await nextTurn()
        signal.throwIfAborted()
      }
    } finally {
      bar.end()
    }
    if (broken.length > 0) throw new CopyError(`${sourceName} breaks ${broken.join(', ')}; ${damaged}.`)
    const facts = factsOf(copy)
    copy.exec('ROLLBACK')
    copy.pragma(`journal_mode = ${journalMode}`)
    return { ...facts, invariants: invariants.length }
  } finally {
    copy.close()
  }
}

function factsOf(copy: Sqlite.Database): Omit<CopyFacts, 'bytes' | 'invariants'> {
  const actors = copy.prepare<[string], number>('SELECT count(*) FROM snapshots WHERE kind = ?').pluck()
  const lastCommitAt = copy
    .prepare<[], number | null>(
      `SELECT max(at) FROM (
         SELECT * FROM (SELECT committed_at AS at FROM journal ORDER BY sequence DESC LIMIT 1)
         UNION ALL
         SELECT * FROM (SELECT at FROM ledger_lines ORDER BY sequence DESC LIMIT 1)
       )`,
    )
    .pluck()
    .get()
  return {
    orders: actors.get('order') ?? 0,
    payments: actors.get('payment') ?? 0,
    lastCommitAt: lastCommitAt ?? null,
  }
}

/** Waits until a file, or the names in a directory, are on disk. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function asCopyError(error: unknown, sourceName: string, target: string, options: CopyOptions): unknown {
  if (error instanceof Sqlite.SqliteError) {
    return error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR_WRITE')
      ? new CopyError(`${target} cannot be written (${error.message}).`)
      : asDirectoryError(error, sourceName, options)
  }
  const { code, syscall, message } = error as NodeJS.ErrnoException
  return code !== undefined && syscall !== undefined
    ? new CopyError(`${target} cannot be written (${message}).`)
    : error
}
