import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import {
  DataDirectoryError,
  databasePath,
  openDatabase,
  openDatabaseReadOnly,
  schemaVersion,
} from '../../src/persistence/database.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import { createReadSide } from '../../src/persistence/read-side.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { at, batchOf, snapshot } from './batches.ts'

const settings = { timeZone: 'Asia/Seoul', currency: 'KRW' }

/** A directory with a database, closed; `alter` is done to it first. */
function directoryWith(alter: (database: Sqlite.Database) => void = () => {}): string {
  const directory = dataDirectory()
  const database = openDatabase(directory, settings)
  alter(database)
  database.close()
  return directory
}

/** Every file of a directory with its bytes and the time it was written; of the shared memory only that it is there. */
function filesOf(directory: string): Record<string, string> {
  const contents = (path: string) =>
    path.endsWith('-shm') ? '' : `${statSync(path).mtimeMs} ${readFileSync(path).toString('base64')}`
  const names = readdirSync(directory).sort()
  return Object.fromEntries(names.map(name => [name, contents(join(directory, name))]))
}

/** What a process that was killed leaves: its last commits are in the WAL only. */
function killedDirectory(commit: (database: Sqlite.Database) => void): string {
  const living = dataDirectory()
  const database = openDatabase(living, settings)
  commit(database)
  const directory = dataDirectory(living)
  database.close()
  return directory
}

function expectRefused(
  directory: string,
  sentence: RegExp,
  open = () => openDatabase(directory, settings),
): void {
  const before = filesOf(directory)
  expect(open).toThrow(DataDirectoryError)
  expect(open).toThrow(sentence)
  expect(filesOf(directory)).toEqual(before)
}

describe('A database', () => {
  it('is made in a directory that does not exist yet, at the version of this schema', () => {
    const directory = join(dataDirectory(), 'new', 'data')
    const database = openDatabase(directory, settings)
    expect(database.pragma('user_version', { simple: true })).toBe(schemaVersion)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.prepare('SELECT name, value FROM meta ORDER BY name').raw().all()).toEqual([
      ['currency', 'KRW'],
      ['timeZone', 'Asia/Seoul'],
    ])
    database.close()
  })

  it.each(['a file', 'memory'])('in %s syncs every commit, also after the first one', async place => {
    const database = openDatabase(place === 'memory' ? ':memory:' : dataDirectory(), settings)
    const store = createSqliteStore(database, { subscribedTopics: new Set() })
    await store.commit(batchOf({ snapshots: [snapshot('1', 1)] }))
    expect(database.pragma('synchronous', { simple: true })).toBe(2)
    database.close()
  })

  it('that is opened again is as it was left', async () => {
    const directory = directoryWith(database => {
      void createSqliteStore(database, { subscribedTopics: new Set() }).commit(
        batchOf({ snapshots: [snapshot('1', 1)] }),
      )
    })
    const database = openDatabase(directory, settings)
    const store = createSqliteStore(database, { subscribedTopics: new Set() })
    expect(store.snapshot('counter', '1')).toEqual(snapshot('1', 1))
    database.close()
  })
})

describe('A database of schema 1', () => {
  it('is brought up to date; a journal row that was altered before stays noticed', () => {
    const directory = dataDirectory()
    const first = new Sqlite(databasePath(directory))
    first.exec(readFileSync('src/persistence/migrations/001-initial.sql', 'utf8'))
    first.pragma('user_version = 1')
    const insert = first.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)')
    insert.run(1, 'order/1', at, '[]', crc32(`order/1\n${at}\n[]`))
    insert.run(2, 'order/1', at, '["altered"]', crc32(`order/1\n${at}\n[]`))
    first.close()

    const database = openDatabase(directory, settings)
    expect(database.pragma('user_version', { simple: true })).toBe(schemaVersion)
    expect(checkInvariants(database, at).find(({ name }) => name === 'E7')?.violations).toEqual([
      'journal row 2 of order/1 was altered',
    ])
    database.close()
  })
})

describe('A database of an older schema', () => {
  it('is brought up to date; what it sells is found by its name', () => {
    const directory = dataDirectory()
    const first = new Sqlite(databasePath(directory))
    first.exec(readFileSync('src/persistence/migrations/001-initial.sql', 'utf8'))
    first.exec("INSERT INTO products VALUES (51, 'Robe d’été', 1000)")
    first.pragma('user_version = 1')
    first.close()

    const database = openDatabase(directory, settings)
    const readSide = createReadSide(createDirectReader(database))
    expect(readSide.products('ÉTÉ', { after: undefined, limit: 9 })).toMatchObject([{ id: 51 }])
    database.close()
  })
})

describe('A data directory', () => {
  it('of a newer version is refused in one sentence, and not touched', () => {
    const directory = directoryWith(database => database.pragma(`user_version = ${schemaVersion + 1}`))
    expectRefused(
      directory,
      /was written by a newer Recoup \(schema \d+, this one knows \d+\); run that version\.$/,
    )
  })

  it('with a file that is no database is refused, and not touched', () => {
    const directory = dataDirectory()
    writeFileSync(databasePath(directory), 'Dear diary, '.repeat(1_000))
    expectRefused(directory, /is damaged \(file is not a database\); restore it from a backup\.$/)
  })

  it('with the database of another program is refused, and not touched', () => {
    const directory = dataDirectory()
    const other = new Sqlite(databasePath(directory))
    other.exec('CREATE TABLE recipes (name TEXT)')
    other.close()
    expectRefused(directory, /is not a Recoup database; choose another data directory\.$/)
  })

  it('with a damaged database is refused, and not touched', () => {
    const directory = directoryWith()
    const bytes = readFileSync(databasePath(directory))
    // The header stays whole; the page with the schema does not.
    bytes.fill(0xff, 100, 2_000)
    writeFileSync(databasePath(directory), bytes)
    expectRefused(directory, /is damaged \(database disk image is malformed\); restore it from a backup\.$/)
  })

  it.each([
    [
      'timeZone',
      { ...settings, timeZone: 'UTC' },
      /made with the timeZone Asia\/Seoul, which cannot be changed to UTC/,
    ],
    [
      'currency',
      { ...settings, currency: 'GBP' },
      /made with the currency KRW, which cannot be changed to GBP/,
    ],
  ])('made with another %s is refused', (_name, others, sentence) => {
    const directory = directoryWith()
    expect(() => openDatabase(directory, others)).toThrow(DataDirectoryError)
    expect(() => openDatabase(directory, others)).toThrow(sentence)
    openDatabase(directory, settings).close()
  })
})

describe('A data directory of a killed process', () => {
  it('of a newer version is refused, with its WAL as it was', () => {
    const directory = killedDirectory(database => database.pragma(`user_version = ${schemaVersion + 1}`))
    expect(readdirSync(directory)).toContain('recoup.db-wal')
    expectRefused(directory, /newer Recoup/)
  })

  it.each([
    ['', 0],
    ['its first page', 4_096],
  ])('that was killed while it was made, with %s written, is made again', (_, size) => {
    const directory = dataDirectory()
    const bytes = readFileSync(databasePath(directoryWith()))
    writeFileSync(databasePath(directory), emptyDatabase(bytes).subarray(0, size))
    const database = openDatabase(directory, settings)
    expect(database.pragma('user_version', { simple: true })).toBe(schemaVersion)
    database.close()
  })
})

/** The first page of a database in WAL mode that has no table yet. */
function emptyDatabase(bytes: Buffer): Buffer {
  const directory = dataDirectory()
  const database = new Sqlite(databasePath(directory))
  database.pragma('journal_mode = WAL')
  database.close()
  const first = readFileSync(databasePath(directory))
  expect(first.subarray(0, 20)).toEqual(bytes.subarray(0, 20))
  return first
}

describe('openDatabaseReadOnly', () => {
  it('leaves nothing beside a database at rest', () => {
    const directory = directoryWith()
    const before = filesOf(directory)
    const reader = openDatabaseReadOnly(directory)
    expect(reader.prepare('SELECT count(*) FROM meta').pluck().get()).toBe(2)
    expect(() => reader.exec('DELETE FROM meta')).toThrow('readonly')
    reader.close()
    expect(Object.keys(before)).toEqual(['recoup.db'])
    expect(filesOf(directory)).toEqual(before)
  })

  it('sees what a killed process has committed, and leaves it where it is', () => {
    const directory = killedDirectory(database =>
      database.exec(`INSERT INTO meta (name, value) VALUES ('committed', 'last')`),
    )
    const before = filesOf(directory)
    const reader = openDatabaseReadOnly(directory)
    expect(reader.prepare(`SELECT value FROM meta WHERE name = 'committed'`).pluck().get()).toBe('last')
    reader.close()
    expect(Object.keys(before)).toEqual(['recoup.db', 'recoup.db-shm', 'recoup.db-wal'])
    expect(filesOf(directory)).toEqual(before)
    // It is not in the file itself.
    const alone = dataDirectory()
    writeFileSync(databasePath(alone), readFileSync(databasePath(directory)))
    expect(() => openDatabaseReadOnly(alone)).toThrow('is not a Recoup database')
  })

  it('keeps what was committed meanwhile when it is the last to close', () => {
    const directory = directoryWith()
    const owner = openDatabase(directory, settings)
    const reader = openDatabaseReadOnly(directory)
    owner.exec(`INSERT INTO meta (name, value) VALUES ('committed', 'last')`)
    owner.close()
    reader.close()
    const next = openDatabaseReadOnly(directory)
    expect(next.prepare(`SELECT value FROM meta WHERE name = 'committed'`).pluck().get()).toBe('last')
    next.close()
  })

  it('reads beside the process that owns the directory, and cannot write', () => {
    const directory = dataDirectory()
    const owner = openDatabase(directory, settings)
    const reader = openDatabaseReadOnly(directory)
    expect(reader.prepare('SELECT value FROM meta WHERE name = ?').pluck().get('currency')).toBe('KRW')
    expect(() => reader.exec(`DELETE FROM meta`)).toThrow('readonly')
    reader.close()
    owner.close()
  })

  it('makes no database where there is none', () => {
    const directory = dataDirectory()
    expectRefused(directory, /^There is no Recoup database in /, () => openDatabaseReadOnly(directory))
  })

  it('refuses one of a newer version', () => {
    const directory = directoryWith(database => database.pragma(`user_version = ${schemaVersion + 1}`))
    expect(() => openDatabaseReadOnly(directory)).toThrow('newer Recoup')
  })
})
