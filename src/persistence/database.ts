import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { placedJournalChecksum } from './checksum.ts'

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
 * newer version, or made with other fixed settings. `:memory:` opens one that is gone when closed.
 */
export function openDatabase(directory: string, settings: DatabaseSettings): Sqlite.Database {
  const inMemory = directory === ':memory:'
  if (!inMemory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = inMemory ? directory : databasePath(directory)
  const database = sqliteOf(path)
  try {
    assertReadable(database, path)
    preparePragmas(database)
    bringUpToDate(database)
    fixSettings(database, settings, path)
    return database
  } catch (error) {
    database.close()
    throw asDirectoryError(error, path)
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

/** Opens an existing database for reading only, also beside the process that owns it; makes and alters nothing. */
export function openDatabaseReadOnly(directory: string): Sqlite.Database {
  const path = databasePath(directory)
  if (!existsSync(path)) {
    throw new DataDirectoryError(
      `There is no Recoup database in ${directory}; give the directory of one with --data.`,
    )
  }
  const database = sqliteOf(path, { readonly: true })
  try {
    assertReadable(database, path)
    return database
  } catch (error) {
    database.close()
    throw asDirectoryError(error, path)
  }
}

function sqliteOf(path: string, options: Sqlite.Options = {}): Sqlite.Database {
  try {
    return new Sqlite(path, options)
  } catch (error) {
    throw asDirectoryError(error, path)
  }
}

export function databasePath(directory: string): string {
  return join(directory, 'recoup.db')
}

function assertReadable(database: Sqlite.Database, path: string): void {
  const version =
    database.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()?.version ?? ''
  if (compareVersions(version, sqliteVersionMin) < 0) {
    throw new DataDirectoryError(`SQLite ${version} is too old; ${sqliteVersionMin} or newer is needed.`)
  }
  const stored = schemaVersionOf(database)
  if (stored > schemaVersion) {
    throw new DataDirectoryError(
      `${path} was written by a newer Recoup (schema ${stored}, this one knows ${schemaVersion}); run that version.`,
    )
  }
  if (stored === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
    throw new DataDirectoryError(`${path} is not a Recoup database; choose another data directory.`)
  }
}

function schemaVersionOf(database: Sqlite.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true })
}

/** Runs the migrations that a database has not seen, each in a transaction of its own. */
export function bringUpToDate(database: Sqlite.Database): void {
  database.function('placed_journal_checksum', { deterministic: true }, placedJournalChecksum as never)
  for (let version = schemaVersionOf(database); version < schemaVersion; version += 1) {
    database.transaction(() => {
      database.exec(migrations[version] ?? '')
      database.pragma(`user_version = ${version + 1}`)
    })()
  }
}

function fixSettings(database: Sqlite.Database, settings: DatabaseSettings, path: string): void {
  const read = database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?')
  for (const [name, value] of Object.entries(settings)) {
    const stored = read.get(name)?.value
    if (stored === undefined)
      database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(name, value)
    else if (stored !== value) {
      throw new DataDirectoryError(
        `${path} was made with the ${name} ${stored}, which cannot be changed to ${value}; set it to ${stored}.`,
      )
    }
  }
}

function asDirectoryError(error: unknown, path: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  switch (error.code) {
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new DataDirectoryError(`${path} is damaged (${error.message}); restore it from a backup.`)
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new DataDirectoryError(
        `${path} cannot be opened (${error.message}); check the directory and its permissions.`,
      )
    default:
      return error
  }
}
