import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const oneSentence = /^\S[^\n]*[.)]\n$/

/** Fails with status 1, nothing on its output, and one sentence that contains each of `parts`. */
async function expectRefusal(words: readonly string[], ...parts: string[]): Promise<void> {
  const { status, output, errors } = await recoup(words)
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toMatch(oneSentence)
  for (const part of parts) expect(errors).toContain(part)
}

describe.concurrent('a data directory', () => {
  it('has one owner at a time, and one whose owner was killed is free', async () => {
    using directory = temporaryDirectory()
    const words = ['serve', '--port', '0', '--data', directory.path]
    await using server = new RecoupProcess(words)
    await server.listening
    await Promise.all([
      expectRefusal(words, 'Another Recoup process is using', directory.path),
      expectRefusal(['seed', '--data', directory.path], 'Another Recoup process is using', directory.path),
    ])
    await server.end('SIGKILL')
    await using next = new RecoupProcess(words)
    expect(await next.listening).toMatch(/^http:/)
  })

  it('of a newer version is left alone', async () => {
    using directory = temporaryDirectory()
    const database = openDatabase(directory.path, { timeZone: 'Asia/Seoul', currency: 'KRW' })
    database.pragma('user_version = 999')
    database.close()
    await expectRefusal(['serve', '--port', '0', '--data', directory.path], 'newer Recoup', 'schema 999')
    await expectRefusal(['check', '--data', directory.path], 'newer Recoup', 'schema 999')
  })

  it('with a database that is damaged is told to be restored', async () => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'recoup.db'), 'not a database '.repeat(1_000))
    await expectRefusal(['serve', '--port', '0', '--data', directory.path], 'is damaged', 'restore it')
    await expectRefusal(['check', '--data', directory.path], 'is damaged', 'restore it')
  })

  it('with the database of another program is left alone', async () => {
    using directory = temporaryDirectory()
    const database = new Sqlite(join(directory.path, 'recoup.db'))
    database.exec('CREATE TABLE contacts (name TEXT)')
    database.close()
    await expectRefusal(['serve', '--port', '0', '--data', directory.path], 'is not a Recoup database')
  })

  it('that is a file is refused', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'file')
    writeFileSync(file, '')
    await expectRefusal(['serve', '--port', '0', '--data', file], file, 'cannot be a data directory')
    await expectRefusal(['check', '--data', file], file, 'no Recoup database')
  })

  it('was made in one currency and time zone, which stay', async () => {
    using directory = temporaryDirectory()
    openDatabase(directory.path, { timeZone: 'UTC', currency: 'GBP' }).close()
    await expectRefusal(['serve', '--port', '0', '--data', directory.path], 'Asia/Seoul', 'set it to UTC')
  })

  it.each([
    ['check', ['check'], 'no Recoup database'],
    [
      'replay of a missing file',
      ['replay', 'missing.csv'],
      'Cannot read missing.csv: there is no such file.',
    ],
    ['seed of a missing file', ['seed', '--profile', 'missing.json'], 'Cannot read the profile missing.json'],
    ['replay of another file', ['replay', import.meta.filename], 'is not the Online Retail CSV'],
  ])('is not made by a %s', async (_, words, part) => {
    using directory = temporaryDirectory()
    await expectRefusal([...words, '--data', join(directory.path, 'data')], part)
    expect(readdirSync(directory.path)).toEqual([])
  })

  it('is not made by a seed of a file that describes no shop, which is told every fault', async () => {
    using directory = temporaryDirectory()
    const profile = join(directory.path, 'shop.json')
    writeFileSync(profile, '{"customers": [{"id": 0, "username": ""}]}')
    const data = join(directory.path, 'data')
    const { status, errors } = await recoup(['seed', '--profile', profile, '--data', data])
    expect(status).toBe(1)
    expect(errors).toContain('customers[0].id')
    expect(errors).toContain('customers[0].username')
    expect(readdirSync(directory.path)).toEqual(['shop.json'])
  })

  it('is seeded once', async () => {
    using directory = temporaryDirectory()
    const words = ['seed', '--profile', 'demo', '--data', directory.path]
    expect(await recoup(words)).toMatchObject({
      status: 0,
      output: expect.stringMatching(/8 products, 10 customers, 2 coupons\n$/),
    })
    const { status, errors } = await recoup(words)
    expect(status).toBe(1)
    expect(errors).toBe(
      'The data directory already holds product 101; choose an empty one. Nothing was changed.\n',
    )
  })
})
