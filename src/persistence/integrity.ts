import type { Database } from 'better-sqlite3'
import { type Advice, asDirectoryError, DataDirectoryError } from './database.ts'

/**
 * Throws `DataDirectoryError` when the pages of a database do not hang together: a page that is no page, an index that
 * disagrees with its table. What stands within the rows is for the invariants to judge.
 */
export function assertIntact(database: Database, path: string, advice: Pick<Advice, 'damaged'>): void {
  let found: string
  try {
    found = String(database.pragma('integrity_check(1)', { simple: true }))
  } catch (error) {
    throw asDirectoryError(error, path, advice)
  }
  if (found === 'ok') return
  // The finding names a tree and a page on lines of their own.
  throw new DataDirectoryError(`${path} is damaged (${found.replaceAll(/\s+/g, ' ')}); ${advice.damaged}.`)
}
