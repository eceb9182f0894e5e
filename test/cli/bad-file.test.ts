import {
  cpSync,
  type DisposableTempDir,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { actorsOf, openShop } from '../../src/main.ts'
import { openSmallShop } from '../persistence/invariants/small-shop.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** A command on a bad file `recoup.db` in `directory`; what it could make belongs into `empty`. */
type Words = (directory: string, empty: string) => string[]

const reading: Record<string, Words> = {
  check: directory => ['check', '--data', directory],
  backup: (directory, empty) => ['backup', join(empty, 'backup'), '--data', directory],
  restore: (directory, empty) => ['restore', join(directory, 'recoup.db'), '--data', join(empty, 'data')],
}
const owning: Record<string, Words> = {
  serve: directory => ['serve', '--port', '0', '--data', directory],
  seed: directory => ['seed', '--data', directory],
  replay: directory => ['replay', dayOfOrders, '--data', directory],
  demo: directory => ['demo', '--port', '0', '--data', directory],
}
const everyCommand = { ...reading, ...owning }
const dayOfOrders = join(import.meta.dirname, '../../data/online-retail-2010-12-01.csv')

interface Kind {
  /** Turns the good database of `directory` into a bad one. */
  readonly make: (directory: string) => void
  readonly says: string
  /** The commands that refuse it; the others can use it, or find out later. */
  readonly commands: Record<string, Words>
}

const fileOf = (directory: string) => join(directory, 'recoup.db')

const kinds: Record<string, Kind> = {
  missing: {
    make: directory => rmSync(fileOf(directory)),
    says: 'There is no ',
    commands: reading,
  },
  empty: {
    make: directory => writeFileSync(fileOf(directory), ''),
    says: 'is not a Recoup database',
    commands: reading,
  },
  'a text': {
    make: directory => writeFileSync(fileOf(directory), 'Dear diary, '.repeat(1_000)),
    says: 'is damaged (file is not a database)',
    commands: everyCommand,
  },
  'a directory': {
    make(directory) {
      rmSync(fileOf(directory))
      mkdirSync(fileOf(directory))
    },
    says: 'cannot be opened',
    commands: everyCommand,
  },
  "another program's": {
    make: directory => makeForeign(fileOf(directory)),
    says: 'is not a Recoup database',
    commands: everyCommand,
  },
  "another program's, which was killed": {
    make(directory) {
      rmSync(fileOf(directory))
      leaveKilled(directory, living => makeForeign(fileOf(living)))
    },
    says: 'is not a Recoup database',
    commands: everyCommand,
  },
  newer: {
    make: directory => alter(directory, database => database.pragma('user_version = 999')),
    says: 'was written by a newer Recoup (schema 999',
    commands: everyCommand,
  },
  'newer, of a server that was killed': {
    make: directory =>
      leaveKilled(directory, living => {
        cpSync(directory, living, { recursive: true })
        return opened(living, database => database.pragma('user_version = 999'))
      }),
    says: 'was written by a newer Recoup (schema 999',
    commands: everyCommand,
  },
  'locked by another connection': {
    make(directory) {
      const holder = new Sqlite(fileOf(directory))
      holder.pragma('locking_mode = EXCLUSIVE')
      holder.exec('BEGIN EXCLUSIVE')
      onTestFinished(() => void holder.close())
    },
    says: 'is locked by another process',
    commands: { ...reading, serve: everyCommand['serve'] as Words },
  },
  'damaged in its header': {
    make: directory => overwrite(directory, 0, 100),
    says: 'is damaged',
    commands: everyCommand,
  },
  'damaged in its schema': {
    make: directory => overwrite(directory, 100, 2_000),
    says: 'is damaged',
    commands: everyCommand,
  },
  'damaged in the middle': {
    make: directory =>
      overwrite(directory, Math.floor(statSync(fileOf(directory)).size / 8_192) * 4_096, 4_096),
    says: 'is damaged',
    commands: reading,
  },
  truncated: {
    make(directory) {
      const bytes = readFileSync(fileOf(directory))
      writeFileSync(fileOf(directory), bytes.subarray(0, bytes.length / 2))
    },
    says: 'is damaged',
    commands: everyCommand,
  },
  'truncated within its header': {
    make: directory => writeFileSync(fileOf(directory), readFileSync(fileOf(directory)).subarray(0, 60)),
    says: 'is damaged',
    commands: everyCommand,
  },
}

function opened(directory: string, use: (database: Sqlite.Database) => void): Sqlite.Database {
  const database = new Sqlite(fileOf(directory))
  use(database)
  return database
}

function alter(directory: string, use: (database: Sqlite.Database) => void): void {
  opened(directory, use).close()
}

function makeForeign(path: string): Sqlite.Database {
  rmSync(path, { force: true })
  const database = new Sqlite(path)
  database.pragma('journal_mode = WAL')
  database.pragma('user_version = 1')
  database.exec('CREATE TABLE recipes (name TEXT)')
  onTestFinished(() => void database.close())
  return database
}

/** Puts into `directory` what is on disk while the connection that `live` makes elsewhere is still open. */
function leaveKilled(directory: string, live: (living: string) => Sqlite.Database): void {
  using living = temporaryDirectory()
  const database = live(living.path)
  cpSync(living.path, directory, { recursive: true })
  database.close()
  expect(readdirSync(directory).sort()).toEqual(['recoup.db', 'recoup.db-shm', 'recoup.db-wal'])
}

function overwrite(directory: string, from: number, length: number): void {
  const bytes = readFileSync(fileOf(directory))
  expect(from + length).toBeLessThanOrEqual(bytes.length)
  writeFileSync(fileOf(directory), bytes.fill(0xa5, from, from + length))
}

/** Everything in a directory but the lock, with its bytes and the time it was written; of shared memory only its name. */
function contentsOf(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter(name => name !== 'recoup.lock')
  return Object.fromEntries(
    names.sort().map(name => {
      const path = join(directory, name)
      const { mtimeMs } = statSync(path)
      if (name.endsWith('-shm') || statSync(path).isDirectory()) return [name, '']
      return [name, `${mtimeMs} ${readFileSync(path).toString('base64')}`]
    }),
  )
}

async function run(words: string[]) {
  let output = ''
  const errors = new PassThrough()
  const status = await runCommand(words, {
    environment: {},
    clock: systemClock,
    input: process.stdin,
    version: 'of the test',
    openShop: config => openShop({ config }),
    actorsOf,
    out: text => {
      output += text
    },
    errorStream: errors,
  })
  return { status, output, errors: String(errors.read() ?? '') }
}

const oneSentence = /^\S[^\n]*[.)]\n$/

describe('A file', () => {
  let good: DisposableTempDir
  beforeAll(() => {
    good = temporaryDirectory()
    const shop = openSmallShop({ directory: good.path })
    shop.furnish()
    for (let order = 1; order <= 5; order += 1) {
      shop.order(order, 11, 1, 1)
      shop.pay(order)
    }
    shop.close()
  })
  afterAll(() => good.remove())

  const cases = Object.entries(kinds).flatMap(([name, { commands }]) =>
    Object.keys(commands).map(command => [name, command] as const),
  )

  it.each(cases)('that is %s is refused by %s in one sentence, and left as it is', async (name, command) => {
    const { make, says, commands } = kinds[name] as Kind
    using directory = temporaryDirectory()
    using empty = temporaryDirectory()
    cpSync(good.path, directory.path, { recursive: true })
    make(directory.path)
    const before = contentsOf(directory.path)
    const words = commands[command]?.(directory.path, empty.path) ?? []
    const { status, output, errors } = await run(words)
    expect({ status, output }).toEqual({ status: 1, output: '' })
    expect(errors).toMatch(oneSentence)
    expect(errors).toContain(says)
    expect(errors).toContain(directory.path)
    expect(contentsOf(directory.path)).toEqual(before)
    expect(existsSync(join(empty.path, 'data')) ? contentsOf(join(empty.path, 'data')) : {}).toEqual({})
    expect(existsSync(join(empty.path, 'backup'))).toBe(false)
  })

  it.each(Object.keys(reading))('that is good is not refused by %s, and left as it is', async command => {
    using empty = temporaryDirectory()
    const before = contentsOf(good.path)
    const { status, output, errors } = await run(reading[command]?.(good.path, empty.path) ?? [])
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    expect(output).not.toBe('')
    expect(contentsOf(good.path)).toEqual(before)
  })
})
