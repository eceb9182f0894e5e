import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { DataDirectoryError, databasePath, openDatabaseReadOnly } from '../../src/persistence/database.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import type { Random } from '../crash/random.ts'

/**
 * Flips one bit of a copy of the database file of `directory`, runs the check on it, and says what came of it. What is not
 * noticed is compared with the original, row by row.
 */
export function fileDamage(directory: string, random: Random, now: number): string {
  const damaged = join(directory, 'damaged')
  mkdirSync(damaged, { recursive: true })
  try {
    const bytes = readFileSync(databasePath(directory))
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    writeFileSync(databasePath(damaged), bytes)
    return noticed(damaged, now) ?? difference(directory, damaged)
  } finally {
    rmSync(damaged, { recursive: true })
  }
}

function noticed(directory: string, now: number): string | undefined {
  let database: Database | undefined
  try {
    database = openDatabaseReadOnly(directory)
    const broken = checkInvariants(database, now).filter(({ violationCount }) => violationCount > 0)
    if (broken.some(({ name }) => name === 'E7')) return 'noticed as an altered row (E7)'
    return broken.length > 0 ? 'noticed by a relation' : undefined
  } catch (error) {
    if (error instanceof DataDirectoryError || error instanceof Sqlite.SqliteError)
      return 'noticed by SQLite: the file cannot be read'
    throw error
  } finally {
    database?.close()
  }
}

/** Why nobody noticed. */
function difference(directory: string, damaged: string): string {
  // A copy of its own: even a reader would leave the original's WAL files behind.
  copyFileSync(databasePath(directory), `${databasePath(damaged)}.original`)
  const database = new Sqlite(databasePath(damaged), { readonly: true })
  try {
    database.prepare('ATTACH ? AS original').run(`${databasePath(damaged)}.original`)
    const tables = database
      .prepare<[], string>(`SELECT name FROM original.sqlite_schema WHERE type = 'table'`)
      .pluck()
      .all()
    const changed = tables.filter(table => {
      const rows = (schema: string) =>
        database.prepare(`SELECT * FROM ${schema}.${table} NOT INDEXED`).raw().safeIntegers(true).all()
      return !Buffer.from(stringOf(rows('main'))).equals(Buffer.from(stringOf(rows('original'))))
    })
    if (changed.length > 0) return `unnoticed: a row of ${changed.join(', ')} says something else`
    const integrity = database.pragma('integrity_check(1)', { simple: true })
    return integrity === 'ok'
      ? 'unnoticed: bytes that hold nothing'
      : 'unnoticed: no row is changed, an index or page header is'
  } catch {
    return 'unnoticed by the check, but SQLite cannot read all of it'
  } finally {
    database.close()
  }
}

function stringOf(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
