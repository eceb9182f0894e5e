import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DataDirectoryError } from './database.ts'
import { isOpenToAll, keepPrivate, makePrivate } from './private-files.ts'

/**
 * Makes this process the one owner of a data directory until `release` or its end, however it ends: the lock is one of
 * the operating system, held through an exclusive transaction on a file of its own. Throws `DataDirectoryError` when
 * another process has it, or when there can be no directory of that name.
 */
export function lockDirectory(directory: string): { release(): void } {
  if (existsSync(directory) && isOpenToAll(directory)) {
    throw new DataDirectoryError(
      `Anybody on this machine may put other files into ${directory}; run chmod o-w on it, or choose another directory with --data.`,
    )
  }
  const lock = openLock(directory)
  try {
    // Without a journal on disk there is nothing a killed process could leave behind.
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') {
      throw new DataDirectoryError(
        `Another Recoup process is using ${directory}; stop it, or choose another directory with --data.`,
      )
    }
    throw error
  }
  return { release: () => void lock.close() }
}

function openLock(directory: string): Sqlite.Database {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, 'recoup.lock')
    makePrivate(path)
    keepPrivate(path)
    return new Sqlite(path, { timeout: 0 })
  } catch (error) {
    throw new DataDirectoryError(
      `${directory} cannot be a data directory (${(error as Error).message}); choose another one with --data.`,
    )
  }
}
