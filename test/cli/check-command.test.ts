import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

describe.concurrent('recoup check', () => {
  it('names every invariant, also beside a running server', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    await server.listening
    const { status, output, errors } = await recoup(['check', '--data', directory.path])
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    for (const name of ['M1', 'M5', 'S4', 'C3', 'O6', 'E7']) {
      expect(output).toMatch(new RegExp(`^${name} +ok +[\\d,]+ `, 'm'))
    }
    expect(output).not.toContain('BROKEN')
  })

  it('says what is broken and where, with status 1, after one row was altered', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    const database = new Sqlite(join(directory.path, 'recoup.db'))
    database.prepare("UPDATE ledger_lines SET amount = amount + 1 WHERE account = 'wallet/3'").run()
    database.close()
    const { status, output, errors } = await recoup(['check', '--data', directory.path])
    expect(status).toBe(1)
    expect(errors).toMatch(/^broken: .*M1.*\n$/)
    expect(output).toMatch(/^M3 +BROKEN .*\n +.*wallet.*3/m)

    const { invariants } = JSON.parse((await recoup(['check', '--data', directory.path, '--json'])).output)
    expect(invariants).toContainEqual(expect.objectContaining({ name: 'M1', violationCount: 1 }))
    expect(invariants).toContainEqual(expect.objectContaining({ name: 'S1', violationCount: 0 }))
  })
})
