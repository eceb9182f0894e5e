import {
  type DisposableTempDir,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backUp, restoreBackup } from '../../src/persistence/backup.ts'
import { databasePath, openDatabaseReadOnly } from '../../src/persistence/database.ts'
import { lockDirectory } from '../../src/persistence/directory-lock.ts'
import { checkInvariants, invariants } from '../../src/persistence/invariants/invariants.ts'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openSmallShop, startedAt } from './invariants/small-shop.ts'

const now = startedAt + 60_000

/** A shop with three orders: 81 paid, 82 new, and 83 whose wallet has paid without the payment having heard of it. */
let shopDirectory: string
/** A backup of it. */
let backup: string
let kept: DisposableTempDir

beforeAll(async () => {
  kept = temporaryDirectory()
  shopDirectory = join(kept.path, 'shop')
  const shop = openSmallShop({
    directory: shopDirectory,
    intercept: ({ message, to }) =>
      message.type === 'BalanceDeducted' && to === 'payment/83' ? 'drop' : 'deliver',
  })
  shop.furnish()
  shop.order(81, 11, 2, 1)
  shop.pay(81, 71)
  shop.order(82, 12, 1, 0)
  shop.order(83, 11, 1, 1)
  shop.pay(83)
  shop.close()
  mkdirSync(join(kept.path, 'backups'))
  backup = join(kept.path, 'backups', 'shop.backup')
  await backUp(shopDirectory, backup, watched())
})

afterAll(() => kept.remove())

/** Watches a copy being made; `onStep` is told each part of the way. */
function watched(onStep: (label: string) => void = () => {}, signal = new AbortController().signal) {
  const progress = (label: string) => ({ advance: () => onStep(label), end() {} })
  return { now, signal, progress }
}

function rowsOf(file: string, sql: string): unknown[] {
  const database = new Sqlite(file, { readonly: true })
  try {
    return database.prepare(sql).pluck().all()
  } finally {
    database.close()
  }
}

/** Fails with a sentence that contains `part`, and leaves the directory as it is but for the lock. */
async function expectRefused(doing: () => Promise<unknown>, directory: string, part: string): Promise<void> {
  const before = readdirSync(directory)
  await expect(doing()).rejects.toThrow(part)
  expect(readdirSync(directory).filter(name => name !== 'recoup.lock' || before.includes(name))).toEqual(
    before,
  )
}

describe('A backup', () => {
  it('is one file, for its owner alone, that is whole by itself', () => {
    expect(readdirSync(join(backup, '..'))).toEqual(['shop.backup'])
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(rowsOf(backup, 'PRAGMA journal_mode')).toEqual(['delete'])
    const [copy, original] = [new Sqlite(backup), new Sqlite(databasePath(shopDirectory))]
    const tables = original
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .pluck()
      .all()
    expect(tables.length).toBeGreaterThan(14)
    for (const table of tables) {
      const rows = `SELECT * FROM ${table}`
      expect(copy.prepare(rows).all()).toEqual(original.prepare(rows).all())
    }
    copy.close()
    original.close()
  })

  it('tells what is in it and which time it stands for', async () => {
    const file = join(dataDirectory(), 'backup')
    expect(await backUp(shopDirectory, file, watched())).toEqual({
      orders: 3,
      payments: 2,
      bytes: statSync(file).size,
      lastCommitAt: startedAt,
      invariants: invariants.length,
    })
  })

  it('is of the commit before it began, and takes the way once, however many come meanwhile', async () => {
    const directory = dataDirectory(shopDirectory)
    const shop = openSmallShop({ directory })
    // Large enough to be copied in several parts.
    shop.database.prepare(`INSERT INTO meta VALUES ('filler', ?)`).run('.'.repeat(5_000_000))
    const file = join(dataDirectory(), 'backup')
    let parts = 0
    const facts = await backUp(
      directory,
      file,
      watched(label => {
        if (label !== 'parts copied') return
        shop.order(1_000 + parts, 12, 1, 0)
        parts += 1
      }),
    )
    expect(parts).toBe(Math.ceil(facts.bytes / 4_096 / 256))
    expect(parts).toBeGreaterThan(4)
    expect(facts.orders).toBe(3)
    expect(rowsOf(file, 'SELECT count(*) FROM order_events WHERE order_id >= 1000')).toEqual([0])
    const orders = `SELECT count(*) FROM snapshots WHERE kind = 'order'`
    expect(shop.database.prepare(orders).pluck().get()).toBe(3 + parts)
    shop.close()
  })

  it('sees what a killed process has committed', async () => {
    const living = dataDirectory()
    const shop = openSmallShop({ directory: living })
    shop.furnish()
    const directory = dataDirectory(living)
    shop.close()
    const before = readFileSync(databasePath(directory))
    const file = join(dataDirectory(), 'backup')
    await backUp(directory, file, watched())
    expect(rowsOf(file, `SELECT count(*) FROM snapshots WHERE kind = 'customer'`)).toEqual([2])
    expect(readFileSync(databasePath(directory))).toEqual(before)
  })

  it.each(['parts copied', 'invariants'])(
    'that is interrupted while it is at its %s leaves nothing',
    async at => {
      const directory = dataDirectory()
      const controller = new AbortController()
      let partial: string[] = []
      const watch = watched(label => {
        if (label !== at) return
        partial = readdirSync(directory)
        controller.abort(new Error('Enough.'))
      }, controller.signal)
      await expectRefused(() => backUp(shopDirectory, join(directory, 'backup'), watch), directory, 'Enough.')
      expect(partial).toContain('backup.partial')
    },
  )

  it('of a shop that contradicts itself is refused, and nothing is left of it', async () => {
    const directory = dataDirectory(shopDirectory)
    const database = new Sqlite(databasePath(directory))
    database.exec(`UPDATE ledger_lines SET amount = amount + 1 WHERE sequence = 1`)
    database.close()
    const target = dataDirectory()
    const doing = () => backUp(directory, join(target, 'backup'), watched())
    await expectRefused(doing, target, 'breaks M1, ')
  })

  it('of a file whose index disagrees with its table is refused', async () => {
    const directory = dataDirectory(shopDirectory)
    const database = new Sqlite(databasePath(directory))
    // The row stays; where to find it is forgotten.
    const root = database
      .prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'inbox_by_scope'`)
      .pluck()
      .get()
    database.close()
    const bytes = readFileSync(databasePath(directory))
    const page = (Number(root) - 1) * 4_096
    bytes.writeUInt16BE(bytes.readUInt16BE(page + 3) - 1, page + 3)
    writeFileSync(databasePath(directory), bytes)
    const target = dataDirectory()
    await expectRefused(() => backUp(directory, join(target, 'backup'), watched()), target, 'is damaged')
  })

  it.each(['', '-wal', '-journal'])(
    'replaces no file, nor takes the place beside one that ends in "%s"',
    async ending => {
      const directory = dataDirectory()
      writeFileSync(join(directory, `backup${ending}`), 'precious')
      const doing = () => backUp(shopDirectory, join(directory, 'backup'), watched())
      await expectRefused(doing, directory, `backup${ending} is there already; give another name.`)
      expect(readFileSync(join(directory, `backup${ending}`), 'utf8')).toBe('precious')
    },
  )

  it('does not replace a file that came meanwhile', async () => {
    const directory = dataDirectory()
    const file = join(directory, 'backup')
    const doing = () =>
      backUp(
        shopDirectory,
        file,
        watched(() => writeFileSync(file, 'precious')),
      )
    await expect(doing()).rejects.toThrow('is there already')
    expect(readdirSync(directory)).toEqual(['backup'])
    expect(readFileSync(file, 'utf8')).toBe('precious')
  })

  it('is written by one process at a time', async () => {
    const directory = dataDirectory()
    writeFileSync(join(directory, 'backup.partial'), '')
    const doing = () => backUp(shopDirectory, join(directory, 'backup'), watched())
    await expectRefused(doing, directory, 'backup.partial is there already: somebody else is writing it')
  })

  it('in a directory that does not exist is refused', async () => {
    const directory = dataDirectory()
    const doing = () => backUp(shopDirectory, join(directory, 'none', 'backup'), watched())
    await expectRefused(doing, directory, 'cannot be written (ENOENT')
  })
})

describe('A restored directory', () => {
  it('is what was backed up, in order, and leaves the backup as it was', async () => {
    const before = readFileSync(backup)
    const directory = join(dataDirectory(), 'new', 'data')
    expect(await restoreBackup(backup, directory, watched())).toMatchObject({ orders: 3, payments: 2 })
    expect(readFileSync(backup)).toEqual(before)
    expect(readdirSync(directory)).toEqual(['recoup.db', 'recoup.lock'])
    expect(statSync(databasePath(directory)).mode & 0o777).toBe(0o600)
    const database = openDatabaseReadOnly(directory)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(checkInvariants(database, now).filter(({ violationCount }) => violationCount > 0)).toEqual([])
    database.close()
  })

  it('goes on with a payment that was in flight', async () => {
    const directory = dataDirectory()
    await restoreBackup(backup, directory, watched())
    const stage = `SELECT state ->> '$.value' FROM snapshots WHERE kind = 'payment' AND id = '83'`
    expect(rowsOf(backup, stage)).toEqual(['{"paying":"deductingBalance"}'])
    const shop = openSmallShop({ directory })
    shop.wait(2_000)
    expect(shop.database.prepare(stage).pluck().get()).toBe('completed')
    // The money was taken before the backup, and once.
    const taken = `SELECT count(*) FROM ledger_lines WHERE account = 'wallet/11' AND key LIKE '83/%'`
    expect(shop.database.prepare(taken).pluck().get()).toBe(1)
    expect(checkInvariants(shop.database, now).filter(({ violationCount }) => violationCount > 0)).toEqual([])
    shop.close()
  })

  it.each(['recoup.db', 'recoup.db-wal'])('is not one in which there is a %s', async name => {
    const directory = dataDirectory()
    writeFileSync(join(directory, name), 'precious')
    const doing = () => restoreBackup(backup, directory, watched())
    await expectRefused(doing, directory, `${name} is there already; choose another directory`)
    expect(readFileSync(join(directory, name), 'utf8')).toBe('precious')
  })

  it('is not one that another process owns', async () => {
    const directory = dataDirectory()
    const lock = lockDirectory(directory)
    const doing = () => restoreBackup(backup, directory, watched())
    await expectRefused(doing, directory, 'Another Recoup process is using')
    lock.release()
  })

  it('holds nothing of a backup that was altered', async () => {
    const file = join(dataDirectory(), 'altered')
    writeFileSync(file, readFileSync(backup))
    const database = new Sqlite(file)
    database.exec(`UPDATE snapshots SET state = replace(state, '"status":"USED"', '"status":"LOST"')`)
    database.close()
    const directory = dataDirectory()
    const doing = () => restoreBackup(file, directory, watched())
    await expectRefused(doing, directory, 'nothing was restored; give another backup.')
  })

  it('may hold what a killed restore has left', async () => {
    const directory = dataDirectory()
    writeFileSync(join(directory, 'recoup.db.partial'), 'half of it')
    await restoreBackup(backup, directory, watched())
    expect(readdirSync(directory)).toEqual(['recoup.db', 'recoup.lock'])
  })

  it('can be backed up through a link to it', async () => {
    const parent = dataDirectory()
    symlinkSync(shopDirectory, join(parent, 'link'))
    await backUp(join(parent, 'link'), join(parent, 'backup'), watched())
    expect(existsSync(join(parent, 'backup'))).toBe(true)
  })
})
