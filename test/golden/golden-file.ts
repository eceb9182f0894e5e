import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { databasePath, schemaVersionOf } from '../../src/persistence/database.ts'

/*
 * A golden database as text: a file of INSERTs for each scene, beside one file of CREATEs for each version of the schema.
 * Text, so that a change can be seen in a diff and no later code has a say in what an earlier release wrote.
 */

const root = import.meta.dirname
/** Where the checkout is says something about one machine and nothing about the release: it stands in stacks. */
const checkout = resolve(root, '../..')

/** Every release that is kept, the oldest first. */
export function goldenReleases(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

export function goldenSceneNames(release: string): string[] {
  return readdirSync(join(root, release))
    .filter(file => file.endsWith('.sql') && !file.startsWith('schema-'))
    .map(file => file.slice(0, -'.sql'.length))
}

const scenePath = (release: string, scene: string) => join(root, release, `${scene}.sql`)
const schemaPath = (release: string, version: number) => join(root, release, `schema-${version}.sql`)

export function hasGolden(release: string, scene: string): boolean {
  return existsSync(scenePath(release, scene))
}

/** Keeps what is in `database`; never twice. */
export function writeGolden(release: string, scene: string, database: Database): void {
  mkdirSync(join(root, release), { recursive: true })
  const version = schemaVersionOf(database)
  if (!existsSync(schemaPath(release, version)))
    writeFileSync(schemaPath(release, version), schemaText(database), { flag: 'wx' })
  writeFileSync(scenePath(release, scene), rowsText(database, version), { flag: 'wx' })
}

/** Makes the database of a scene in `directory`, byte for byte what the release had on its disk as far as SQL can tell. */
export function restoreGolden(release: string, scene: string, directory: string): void {
  const rows = readFileSync(scenePath(release, scene), 'utf8')
  const version = Number(/^PRAGMA user_version = (\d+);/.exec(rows)?.[1])
  const database = new Sqlite(databasePath(directory))
  database.pragma('journal_mode = WAL')
  database.exec(`BEGIN; ${readFileSync(schemaPath(release, version), 'utf8')}; ${rows}; COMMIT`)
  database.close()
}

function schemaText(database: Database): string {
  const statements = database
    .prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid')
    .pluck()
    .all()
  return `${statements.join(';\n\n')};\n`
}

function rowsText(database: Database, version: number): string {
  const tables = database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .pluck()
    .all()
  const inserts = tables.flatMap(table => {
    const rows = database.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all()
    if (rows.length === 0) return []
    return [
      `INSERT INTO ${table} VALUES\n${rows.map(row => `(${row.map(literal).join(', ')})`).join(',\n')};`,
    ]
  })
  return `PRAGMA user_version = ${version};\n\n${inserts.join('\n\n')}\n`
}

function literal(cell: unknown): string {
  if (cell === null || typeof cell === 'number') return String(cell)
  if (Buffer.isBuffer(cell)) return `x'${cell.toString('hex')}'`
  return `'${String(cell).replaceAll(checkout, '/recoup').replaceAll("'", "''")}'`
}
