import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { foldedText } from '../folded-text.ts'
import { placedJournalChecksum } from './checksum.ts'
import { keepPrivate, makePrivate } from './private-files.ts'

/*
 * The one database of a data directory. WAL with synchronous=FULL: an answered commit survives a power cut. Opening it
 * brings an older schema up to date, and touches nothing of a newer one.
 */

/** A data directory that cannot be used, said in one sentence that tells what to do. */
export class DataDirectoryError extends Error {
  override name = 'DataDirectoryError'
}

const migrationsDirectory = new URL('./migrations/', import.meta.url)

/** Migrations in order; the first makes schema version 1. */
const migrations = readdirSync(migrationsDirectory)
  .filter(file => file.endsWith('.sql'))
  .sort()
  .map(file => readFileSync(new URL(file, migrationsDirectory), 'utf8'))

export const schemaVersion = migrations.length

/** Two connections on one file are only safe from here on (a bug in resetting the WAL). */
const sqliteVersionMin = '3.51.3'

export interface DatabaseSettings {
  /** Fixed when the database is made; see `fixedSettings`. */
  readonly timeZone: string
  readonly currency: string
}

/**
 * Opens the database of `directory`, making it if there is none. Throws `DataDirectoryError` when it is damaged, of a
 * newer version, or made with other fixed settings. `:memory:` opens one that is gone when closed. `beforeChange` is given
 * an existing one before anything about it is changed, and what it throws is thrown.
 */
export function openDatabase(
  directory: string,
  settings: DatabaseSettings,
  beforeChange: (existing: Sqlite.Database) => void = () => {},
): Sqlite.Database {
  const inMemory = directory === ':memory:'
  if (!inMemory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = inMemory ? directory : databasePath(directory)
  // A connection that may write carries what a killed process left in the WAL into the file, also where it is not ours.
  if (existsSync(path) && !existsSync(`${path}-journal`)) openReadOnly(path, unmadeDirectory).close()
  if (!inMemory) makePrivate(path)
  const database = sqliteOf(path, unmadeDirectory)
  try {
    assertReadable(database, path, unmadeDirectory)
    if (!inMemory) keepPrivate(path)
    if (schemaVersionOf(database) > 0) {
      assertSettings(database, settings)
      beforeChange(database)
    }
    preparePragmas(database)
    bringUpToDate(database)
    fixSettings(database, settings)
    return database
  } catch (error) {
    database.close()
    throw asDirectoryError(error, path, unmadeDirectory)
  }
}

/** What every connection that writes is set to. */
export function preparePragmas(database: Sqlite.Database): void {
  database.pragma('journal_mode = WAL')
  // After WAL, which falls back to NORMAL by itself.
  database.pragma('synchronous = FULL')
  database.pragma('cache_size = -16384')
  // A checkpoint rewrites pages in place: the more commits share one, the fewer writes.
  database.pragma('wal_autocheckpoint = 4000')
}

/** How long a reader waits for another process: longer than a server that starts needs to recover its WAL. */
const lockedMsMax = 2_000

/** Opens an existing database for reading only, also beside the process that owns it; makes and alters nothing. */
export function openDatabaseReadOnly(directory: string): Sqlite.Database {
  return openReadOnly(databasePath(directory), {
    ...ofDirectory,
    missing: `There is no Recoup database in ${directory}; give the directory of one with --data.`,
  })
}

/** What somebody is told who gave a file that cannot be used: a whole sentence, or what to do then. */
export interface Advice {
  readonly missing?: string
  readonly foreign: string
  readonly damaged: string
  /** A database without any table is taken as well: one is made, or its making was cut short. */
  readonly mayBeEmpty?: boolean
}

/** About the database of a data directory. */
export const ofDirectory: Advice = {
  foreign: 'choose another data directory',
  damaged: 'restore it from a backup',
}

const unmadeDirectory: Advice = { ...ofDirectory, mayBeEmpty: true }

/**
 * Opens a file that must be a Recoup database, of this schema or an older one, and leaves it and its directory as they
 * are. Throws `DataDirectoryError`.
 */
export function openReadOnly(path: string, advice: Advice): Sqlite.Database {
  if (!existsSync(path)) throw new DataDirectoryError(advice.missing ?? `There is no file ${path}.`)
  const besides = [`${path}-wal`, `${path}-journal`].some(existsSync)
  // A read-only connection takes a WAL as it stands and never clears away. Where there is none, it would leave an empty
  // one behind; a connection that may write, and does not, takes its own away when it is the last one to close.
  const database = sqliteOf(path, advice, {
    timeout: lockedMsMax,
    ...(besides ? { readonly: true } : { fileMustExist: true }),
  })
  try {
    database.pragma('query_only = ON')
    assertReadable(database, path, advice)
    return database
  } catch (error) {
    database.close()
    throw asDirectoryError(error, path, advice)
  }
}

function sqliteOf(path: string, advice: Advice, options: Sqlite.Options = {}): Sqlite.Database {
  try {
    return new Sqlite(path, options)
  } catch (error) {
    throw asDirectoryError(error, path, advice)
  }
}

export function databasePath(directory: string): string {
  return join(directory, 'recoup.db')
}

function assertReadable(
  database: Sqlite.Database,
  path: string,
  { foreign, mayBeEmpty = false }: Advice,
): void {
  const version =
    database.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()?.version ?? ''
  if (compareVersions(version, sqliteVersionMin) < 0) {
    throw new DataDirectoryError(`SQLite ${version} is too old; ${sqliteVersionMin} or newer is needed.`)
  }
  const stored = schemaVersionOf(database)
  const tables = database.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all()
  if (mayBeEmpty && stored === 0 && tables.length === 0) return
  // Other programs number their schemas as well.
  if (stored === 0 || !tables.includes('meta') || !tables.includes('snapshots')) {
    throw new DataDirectoryError(`${path} is not a Recoup database; ${foreign}.`)
  }
  if (stored > schemaVersion) {
    throw new DataDirectoryError(
      `${path} was written by a newer Recoup (schema ${stored}, this one knows ${schemaVersion}); run that version.`,
    )
  }
}

/** Of which version the schema is; 0 when there is nothing yet. */
export function schemaVersionOf(database: Sqlite.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true })
}

/** Runs the migrations that a database has not seen, each in a transaction of its own. */
export function bringUpToDate(database: Sqlite.Database): void {
  database.function('placed_journal_checksum', { deterministic: true }, placedJournalChecksum as never)
  database.function('folded_text', { deterministic: true }, foldedText as never)
  for (let version = schemaVersionOf(database); version < schemaVersion; version += 1) {
    database.transaction(() => {
      database.exec(migrations[version] ?? '')
      database.pragma(`user_version = ${version + 1}`)
    })()
  }
}

function fixSettings(database: Sqlite.Database, settings: DatabaseSettings): void {
  const fix = database.prepare('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)')
  for (const [name, value] of Object.entries(settings)) fix.run(name, value)
}

/** Throws `DataDirectoryError` when the database was made with other settings. */
export function assertSettings(database: Sqlite.Database, settings: DatabaseSettings): void {
  const read = database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?')
  for (const [name, value] of Object.entries(settings)) {
    const stored = read.get(name)?.value
    if (stored === undefined || stored === value) continue
    throw new DataDirectoryError(
      `${database.name} was made with the ${name} ${stored}, which cannot be changed to ${value}; set it to ${stored}.`,
    )
  }
}

/** What SQLite found wrong with a file, as a sentence; anything else as it is. */
export function asDirectoryError(
  error: unknown,
  path: string,
  { damaged }: Pick<Advice, 'damaged'>,
): unknown {
  if ((error as NodeJS.ErrnoException).code === 'EPERM') {
    return new DataDirectoryError(
      `${path} can be read by others, which only its owner can change (${(error as Error).message}); run as its owner.`,
    )
  }
  if (!(error instanceof Sqlite.SqliteError)) return error
  // What follows the first two words of a code is a finer distinction.
  switch (error.code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new DataDirectoryError(`${path} is damaged (${error.message}); ${damaged}.`)
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new DataDirectoryError(
        `${path} cannot be opened (${error.message}); check the directory and its permissions.`,
      )
    case 'SQLITE_BUSY':
      return new DataDirectoryError(
        `${path} is locked by another process (${error.message}); end that process, or try again when it is done.`,
      )
    case 'SQLITE_IOERR':
      return new DataDirectoryError(`${path} cannot be read (${error.message}); ${damaged}.`)
    default:
      return error
  }
}
