import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backUp } from '../../src/persistence/backup.ts'
import { createBreachMarker } from '../../src/persistence/breach-marker.ts'
import { asDirectoryError, DataDirectoryError } from '../../src/persistence/database.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario, reopenScenario, smallProfile } from '../support/open-scenario.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

/** The files of a directory with their modes. */
const modesIn = (directory: string) =>
  Object.fromEntries(readdirSync(directory).map(name => [name, modeOf(join(directory, name))]))

const open = (directory: string) => openScenario({ profile: smallProfile, dataDirectory: directory })

const allPrivate = {
  'recoup.db': '600',
  'recoup.db-shm': '600',
  'recoup.db-wal': '600',
  'recoup.lock': '600',
}

describe('the files of a data directory', () => {
  it('are for their owner only, and so is a directory that is made for them', async () => {
    expect(process.umask(), 'or else there would be nothing to see').not.toBe(0o077)
    const directory = join(dataDirectory(), 'new')
    const shop = await open(directory)
    await shop.charge(1, 5)
    expect(modesIn(directory)).toEqual(allPrivate)
    expect(modeOf(directory)).toBe('700')
  })

  it('are taken from others at the next start, and hold what they held', async () => {
    const directory = dataDirectory()
    const before = await open(directory)
    await before.charge(1, 5)
    await before.close()
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o666)

    const shop = reopenScenario({ profile: smallProfile, dataDirectory: directory })
    await shop.charge(1, 5)
    expect(modesIn(directory)).toEqual(allPrivate)
    expect(shop.questions.balanceAmount(1)).toBe(150_010)
  })

  it('are no worse in a directory that others may look into', async () => {
    const directory = dataDirectory()
    chmodSync(directory, 0o755)
    await open(directory)
    expect(modesIn(directory)).toEqual(allPrivate)
  })

  it('of whoever else is theirs to change, and it says so', () => {
    const refused = Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
    const told = asDirectoryError(refused, '/data/recoup.db', { damaged: '' }) as Error
    expect(told).toBeInstanceOf(DataDirectoryError)
    expect(told.message).toMatch(/^\/data\/recoup\.db can be read by others, .*; run as its owner\.$/)
  })
})

describe('a directory that anybody may write to', () => {
  it('is refused with one sentence, and nothing is made in it', async () => {
    const directory = join(dataDirectory(), 'open')
    mkdirSync(directory)
    chmodSync(directory, 0o777)
    expect(() => reopenScenario({ dataDirectory: directory })).toThrow(
      `Anybody on this machine may put other files into ${directory}; run chmod o-w on it, or choose another directory with --data.`,
    )
    expect(readdirSync(directory)).toEqual([])
  })

  it('is taken where everybody may only touch their own', async () => {
    const directory = join(dataDirectory(), 'sticky')
    mkdirSync(directory)
    chmodSync(directory, 0o1777)
    await open(directory)
    expect(modesIn(directory)).toEqual(allPrivate)
  })
})

describe('what is written beside them', () => {
  it('is for its owner only: a backup, and the marker of a breach', async () => {
    const directory = dataDirectory()
    const shop = await open(directory)
    const file = join(directory, 'shop.backup')
    await backUp(directory, file, {
      now: shop.clock.now(),
      signal: new AbortController().signal,
      progress: () => ({ advance() {}, end() {} }) as never,
    })
    createBreachMarker(directory).write({ name: 'M1', sentence: '', violation: '', since: 0 })
    expect(modesIn(directory)).toMatchObject({ 'shop.backup': '600', 'recoup.breach': '600' })
    expect(readFileSync(join(directory, 'recoup.breach'), 'utf8')).toContain('M1')
  })
})
