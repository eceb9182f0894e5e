import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { isJournalRowIntact, type StoredJournalRow } from '../../src/persistence/checksum.ts'
import { databasePath, openDatabase } from '../../src/persistence/database.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import { Random } from '../crash/random.ts'
import { DamageReading } from './damage-reading.ts'
import type { ClassReport, DamageReport } from './damage-report.ts'
import { fileDamage } from './file-damage.ts'
import { fillDirectory } from './filled-directory.ts'
import { flipped, type Kind, type RowDamage, RowDamages, tables } from './row-damage.ts'

/** How many of a hundred damages are of each kind. What only the whole check can notice takes long. */
const shares: readonly (readonly [Kind, number])[] = [
  ['flip', 70],
  ['exchange of cells', 12],
  ['exchange of rows', 12],
  ['duplicate', 4],
  ['loss', 1],
  ['earlier version', 1],
]

export interface DamageRunOptions {
  /** An empty directory. */
  readonly directory: string
  readonly seed: number
  /** Orders that the directory is filled with. */
  readonly payments: number
  /** Rows that are damaged, one after the other, each undone before the next. */
  readonly rows: number
  /** Bits of the file that are flipped, each in a copy of its own. */
  readonly files: number
  say(line: string): void
}

/** Damages rows of a real data directory, reads them as the product would, and reports who noticed. */
export async function runDamage(options: DamageRunOptions): Promise<DamageReport> {
  const { directory, seed, payments, rows, files, say } = options
  const random = new Random(seed)
  const [shop, halfway] = ['shop', 'halfway'].map(name => join(directory, name)) as [string, string]
  for (const path of [shop, halfway]) mkdirSync(path)
  await fillDirectory(shop, { halfway, payments, random: random.fork() })
  say(`${payments} orders are placed`)

  const database = openDatabase(shop, { timeZone: 'Asia/Seoul', currency: 'KRW' })
  const run = new DamageRun(database, databasePath(halfway), random, { ...options })
  try {
    run.damageRows(rows)
    run.control(Math.ceil(rows / 100))
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
  for (let done = 0; done < files; done += 1) {
    const outcome = fileDamage(shop, random, run.now)
    run.report.file[outcome] = (run.report.file[outcome] ?? 0) + 1
    if ((done + 1) % 20 === 0) say(`${done + 1} of ${files} copies`)
  }
  return run.report
}

class DamageRun {
  readonly report: DamageReport
  /** A moment at which retention has dropped nothing. */
  readonly now: number
  readonly #database: Database
  readonly #random: Random
  readonly #damages: RowDamages
  readonly #reading: DamageReading
  readonly #say: (line: string) => void
  /** Whether the checksum of a journal row covers its place, so that no other row can take it. */
  readonly #placeCovered: boolean
  readonly #classes = new Map<string, ClassReport>()

  constructor(
    database: Database,
    earlier: string,
    random: Random,
    { seed, payments, say }: Pick<DamageRunOptions, 'seed' | 'payments' | 'say'>,
  ) {
    this.#database = database
    this.#random = random
    this.#say = say
    this.#damages = new RowDamages(database, random, earlier)
    this.#reading = new DamageReading(database)
    const one = (sql: string) => database.prepare<[], number>(sql).pluck().get() ?? 0
    this.now = one('SELECT max(committed_at) FROM journal')
    const row = database
      .prepare<[], StoredJournalRow>(
        'SELECT sequence, saga, committed_at AS committedAt, entries, checksum FROM journal LIMIT 1',
      )
      .get()
    if (row === undefined) throw new Error('There is no journal to damage')
    this.#placeCovered = !isJournalRowIntact({ ...row, sequence: row.sequence + 1 })
    this.report = {
      seed,
      payments,
      rows: Object.fromEntries(tables.map(table => [table, one(`SELECT count(*) FROM ${table}`)])),
      drawnInVain: 0,
      classes: [],
      otherErrors: 0,
      firstBadAsked: 0,
      firstBadNamed: 0,
      control: { flips: 0, noticed: 0 },
      file: {},
    }
  }

  damageRows(rows: number): void {
    this.#database.exec('BEGIN')
    for (let done = 0; done < rows; ) {
      this.#database.exec('SAVEPOINT whole')
      const damage = this.#damages.damage(this.#kind())
      if (damage === undefined) this.report.drawnInVain += 1
      else {
        this.#judge(damage)
        done += 1
        if (done % 1_000 === 0) this.#say(`${done} of ${rows} rows`)
      }
      this.#database.exec('ROLLBACK TO whole')
      this.#database.exec('RELEASE whole')
    }
    this.#database.exec('ROLLBACK')
    this.report.classes = [...this.#classes.values()].sort((a, b) => a.name.localeCompare(b.name))
  }

  #kind(): Kind {
    let drawn = this.#random.below(100)
    for (const [kind, share] of shares) {
      if (drawn < share) return kind
      drawn -= share
    }
    throw new Error('The shares of the kinds of damage are less than a hundred')
  }

  #judge(damage: RowDamage): void {
    const ofClass = this.#classOf(damage)
    ofClass.damages += 1
    const read = this.#reading.read(damage)
    if (read === 'damage') ofClass.byReading += 1
    else if (read === 'error') this.report.otherErrors += 1
    else if (this.#reading.findsAltered(this.now)) ofClass.byChecksum += 1
    else {
      const broken = this.#broken().join(' ')
      if (broken === '') ofClass.unnoticed += 1
      else ofClass.byRelation[broken] = (ofClass.byRelation[broken] ?? 0) + 1
    }
    if (damage.table === 'ledger_lines' && ofClass.damages % firstBadEvery === 1) this.#askFirstBad(damage)
  }

  #classOf({ kind, table, column }: RowDamage): ClassReport {
    const name = `${kind} of ${table}${column === undefined ? '' : `.${column}`}`
    let ofClass = this.#classes.get(name)
    if (ofClass === undefined) {
      const place = kind === 'exchange of rows' || kind === 'duplicate' || column === 'sequence'
      const promised =
        kind !== 'loss' &&
        kind !== 'earlier version' &&
        !(table === 'journal' && place && !this.#placeCovered)
      const counts = { damages: 0, byReading: 0, byChecksum: 0, byRelation: {}, unnoticed: 0 }
      ofClass = { name, promised, ...counts }
      this.#classes.set(name, ofClass)
    }
    return ofClass
  }

  #broken(): string[] {
    return checkInvariants(this.#database, this.now).flatMap(({ name, violationCount }) =>
      violationCount > 0 ? [name] : [],
    )
  }

  /** The first row that the check names is the first that was damaged, or the one that follows where it was. */
  #askFirstBad({ before, after }: RowDamage): void {
    const places = [...before, ...after].map(row => Number(row['sequence']))
    const named = this.#reading.firstBadLine()
    this.report.firstBadAsked += 1
    if (places.some(place => named === place || named === place + 1)) this.report.firstBadNamed += 1
  }

  /** Flips what no checksum covers and no invariant compares: nobody can notice. */
  control(flips: number): void {
    const products = this.#database
      .prepare<[], { id: number; name: string }>(
        'SELECT product_id AS id, searched_name AS name FROM products',
      )
      .all()
    const rename = this.#database.prepare(
      'UPDATE products SET searched_name = CAST(? AS TEXT) WHERE product_id = ?',
    )
    this.#database.exec('BEGIN')
    for (let done = 0; done < flips; done += 1) {
      const { id, name } = products[this.#random.below(products.length)] ?? { id: 0, name: '' }
      this.report.control.flips += rename.run(flipped(name, this.#random), id).changes
      if (this.#reading.findsAltered(this.now)) this.report.control.noticed += 1
    }
    if (this.#broken().length > 0) this.report.control.noticed += 1
    this.#database.exec('ROLLBACK')
  }
}

/** Walking the ledger takes long: the check is asked at the first of so many damages of a class. */
const firstBadEvery = 10
