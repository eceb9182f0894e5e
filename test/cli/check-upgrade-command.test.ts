import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { snapshotChecksum } from '../../src/persistence/checksum.ts'
import { databasePath, openDatabase, schemaVersion } from '../../src/persistence/database.ts'
import { restoreGolden } from '../golden/golden-file.ts'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const settings = { timeZone: 'Asia/Seoul', currency: 'KRW' }
const scene = 'paying-using-coupon'

/** A directory with a payment in flight; `alter` is done to every intact payment in it. */
function directoryWithPayment(alter?: (payment: { version: number; state: string }) => object) {
  const directory = temporaryDirectory()
  restoreGolden('0.1.0', scene, directory.path)
  if (alter === undefined) return directory
  const database = new Sqlite(databasePath(directory.path))
  const rows = database
    .prepare<[], { kind: string; id: string; version: number; transition: number; state: string }>(
      "SELECT kind, id, version, transition, state FROM snapshots WHERE kind = 'payment'",
    )
    .all()
  for (const row of rows) {
    const altered = { ...row, ...alter(row) }
    database
      .prepare('UPDATE snapshots SET version = ?, state = ?, checksum = ? WHERE kind = ? AND id = ?')
      .run(altered.version, altered.state, snapshotChecksum(altered), row.kind, row.id)
  }
  // Another version would have left its own name.
  database.exec("UPDATE meta SET value = 'another version' WHERE name = 'runBy'")
  database.close()
  return directory
}

/** The database file, as a hash of its bytes. */
const bytesOf = (directory: string) =>
  createHash('sha256')
    .update(readFileSync(databasePath(directory)))
    .digest('hex')

const newer = () => directoryWithPayment(() => ({ version: 7 }))
const renamed = () =>
  directoryWithPayment(({ state }) => ({ state: state.replace('usingCoupon', 'applyingCoupon') }))

describe.concurrent('recoup check-upgrade', () => {
  it('says of each kind, version and state how many there are and what becomes of them, also beside a server', async () => {
    using directory = temporaryDirectory()
    restoreGolden('0.1.0', 'completed', directory.path)
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    await server.listening
    const { status, output, errors } = await recoup(['check-upgrade', '--data', directory.path])
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    expect(output).toMatch(new RegExp(`^Schema ${schemaVersion} is the one known here\\.$`, 'm'))
    expect(output).toMatch(/^ +1 {2}order version 1, PAID: runs as it is \(first \d+\)$/m)
    expect(output).toMatch(/^ +2 {2}stock version 1, \(productOptionId, quantity\): runs as it is/m)
  })

  it('says the same as JSON', async () => {
    using directory = directoryWithPayment()
    const { status, output } = await recoup(['check-upgrade', '--data', directory.path, '--json'])
    expect(status).toBe(0)
    const upgrade = JSON.parse(output)
    expect(upgrade.schema).toEqual({ stored: schemaVersion, here: schemaVersion })
    expect(upgrade.groups).toContainEqual(
      expect.objectContaining({
        kind: 'payment',
        version: 1,
        form: 'paying.usingCoupon',
        count: 1,
        fate: 'runs',
      }),
    )
  })

  it.each([
    {
      what: 'of a newer version',
      make: newer,
      list: /payment version 7 in paying\.usingCoupon: 1, first \d+ \(newer/,
    },
    {
      what: 'in a state that is not known',
      make: renamed,
      list: /payment version 1 in paying\.applyingCoupon: 1, first \d+ \(State 'applyingCoupon' does not exist/,
    },
  ])('lists what is $what, and so does serve, which does not start; the file is not touched', async given => {
    using directory = given.make()
    const before = bytesOf(directory.path)
    const data = ['--data', directory.path]
    const checked = await recoup(['check-upgrade', ...data])
    const served = await recoup(['serve', '--port', '0', ...data])
    expect([checked.status, served.status]).toEqual([1, 1])
    expect(checked.output).toMatch(/ REFUSED: /)
    expect(served).toMatchObject({ output: '', errors: checked.errors })
    const [sentence, ...list] = served.errors.trimEnd().split('\n')
    expect(sentence).toContain(
      `${databasePath(directory.path)} holds actors that can neither be run nor migrated`,
    )
    expect(list).toEqual([expect.stringMatching(given.list)])
    expect(bytesOf(directory.path)).toBe(before)
  })

  it('says how an older schema will change, and changes nothing', async () => {
    using directory = temporaryDirectory()
    const first = new Sqlite(databasePath(directory.path))
    first.exec(readFileSync('src/persistence/migrations/001-initial.sql', 'utf8'))
    first.pragma('user_version = 1')
    first.close()
    const before = bytesOf(directory.path)
    const { status, output } = await recoup(['check-upgrade', '--data', directory.path])
    expect({ status, output }).toEqual({ status: 0, output: `Schema 1 will become ${schemaVersion}.\n` })
    expect(bytesOf(directory.path)).toBe(before)
  })
})

interface BadInput {
  readonly what: string
  readonly make: (directory: string) => void
  /** What another program does to it meanwhile. */
  readonly hold?: (other: Sqlite.Database) => void
  readonly sentence: RegExp
  readonly environment?: Record<string, string>
}

function opened(directory: string, alter: (database: Sqlite.Database) => void): void {
  const database = openDatabase(directory, settings)
  alter(database)
  database.close()
}

const bad: BadInput[] = [
  { what: 'missing', make: () => undefined, sentence: /^There is no Recoup database in .*\.$/ },
  {
    what: 'that of another program',
    make(directory) {
      const other = new Sqlite(databasePath(directory))
      other.exec('CREATE TABLE contacts (name TEXT)')
      other.close()
    },
    sentence: /is not a Recoup database; choose another data directory\.$/,
  },
  {
    what: 'no database',
    make: directory => writeFileSync(databasePath(directory), 'Dear diary, '.repeat(1_000)),
    sentence: /is damaged \(.*\); restore it from a backup\.$/,
  },
  {
    what: 'damaged where the snapshots are',
    make(directory) {
      restoreGolden('0.1.0', scene, directory)
      const path = databasePath(directory)
      const bytes = readFileSync(path)
      // The schema stays whole; every page after it does not.
      bytes.fill(0xff, 4_096 * 2)
      writeFileSync(path, bytes)
    },
    sentence: /is damaged \(.*\); restore it from a backup\.$/,
  },
  {
    what: 'of a newer schema',
    make: directory => opened(directory, database => database.pragma('user_version = 999')),
    sentence: /was written by a newer Recoup \(schema 999, .*\); run that version\.$/,
  },
  {
    what: 'locked',
    make: directory => opened(directory, database => database.pragma('journal_mode = DELETE')),
    hold: other => other.exec('BEGIN EXCLUSIVE'),
    sentence: /is locked by another process \(.*\); end that process, or try again when it is done\.$/,
  },
  {
    what: 'made with other settings',
    make: directory => opened(directory, () => {}),
    environment: { RECOUP_CURRENCY: 'GBP' },
    sentence: /was made with the currency KRW, which cannot be changed to GBP; set it to KRW\.$/,
  },
]

describe.concurrent('recoup check-upgrade of a database that is', () => {
  it.each(bad)('$what says so in one sentence, with status 1, and touches nothing', async given => {
    using directory = temporaryDirectory()
    given.make(directory.path)
    const before = readdirSync(directory.path).includes('recoup.db') ? bytesOf(directory.path) : undefined
    // A process that closes a file loses its locks on it, so the file is not looked at while it is held.
    const other = given.hold && new Sqlite(databasePath(directory.path))
    if (other !== undefined) given.hold?.(other)
    const { status, output, errors } = await recoup(['check-upgrade', '--data', directory.path], {
      environment: given.environment ?? {},
    })
    expect({ status, output }).toEqual({ status: 1, output: '' })
    expect(errors.trimEnd()).toMatch(given.sentence)
    expect(errors.trimEnd().split('\n')).toHaveLength(1)
    other?.close()
    if (before !== undefined) expect(bytesOf(directory.path)).toBe(before)
    else expect(readdirSync(directory.path)).toEqual([])
  })
})
