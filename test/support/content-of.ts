import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'

/** A hash over every row of every table but these. */
export function contentOf({ database }: { database: Database }, except: readonly string[] = []): string {
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all()
  const hash = createHash('sha256')
  for (const name of names) {
    if (except.includes(name)) continue
    hash.update(JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all()))
  }
  return hash.digest('hex')
}
