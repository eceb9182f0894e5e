import Sqlite, { type Database } from 'better-sqlite3'
import type { Random } from '../crash/random.ts'

/*
 * What can happen to a stored row on a disk that lies: a bit flips, cells or rows change places, a row comes twice, is
 * lost, or is the one of an earlier time.
 */

export const tables = ['snapshots', 'ledger_lines', 'journal'] as const
export type Table = (typeof tables)[number]

const keysOf: Readonly<Record<Table, readonly string[]>> = {
  snapshots: ['kind', 'id'],
  ledger_lines: ['sequence'],
  journal: ['sequence'],
}

export type Kind =
  | 'flip'
  | 'exchange of cells'
  | 'exchange of rows'
  | 'duplicate'
  | 'loss'
  | 'earlier version'

/** A row by the names of its columns; integers as BigInt, so that no bit is lost. */
export type StoredRow = Readonly<Record<string, bigint | string | Buffer | null>>
type Cell = StoredRow[string]

/** What was done, and to which rows: as they were, and as they are now. */
export interface RowDamage {
  readonly kind: Kind
  readonly table: Table
  /** The column, where it is one. */
  readonly column: string | undefined
  readonly before: readonly StoredRow[]
  readonly after: readonly StoredRow[]
}

export class RowDamages {
  readonly #database: Database
  readonly #random: Random
  readonly #places: Readonly<Record<Table, readonly StoredRow[]>>

  /** Snapshots of an earlier time that are others by now. */
  readonly #earlier: readonly StoredRow[]

  /** `earlier` is the path of a copy of the database from an earlier time. */
  constructor(database: Database, random: Random, earlier: string) {
    this.#database = database
    this.#random = random
    database.prepare('ATTACH ? AS earlier').run(earlier)
    this.#earlier = this.#all(`
      SELECT was.* FROM earlier.snapshots AS was JOIN main.snapshots AS is_now USING (kind, id)
      WHERE was.transition <> is_now.transition ORDER BY kind, id`)
    const placesOf = (table: Table) =>
      this.#all(`SELECT ${keysOf[table].join(', ')} FROM ${table} ORDER BY ${keysOf[table].join(', ')}`)
    this.#places = {
      snapshots: placesOf('snapshots'),
      ledger_lines: placesOf('ledger_lines'),
      journal: placesOf('journal'),
    }
  }

  /** Does one; `undefined` when it came to nothing, since what was drawn was alike or SQLite does not take it. */
  damage(kind: Kind): RowDamage | undefined {
    const table = kind === 'earlier version' ? 'snapshots' : this.#pick(tables)
    try {
      return this.#ways[kind](table)
    } catch (error) {
      if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return undefined
      throw error
    }
  }

  readonly #ways: Readonly<Record<Kind, (table: Table) => RowDamage | undefined>> = {
    flip: table => {
      const row = this.#row(table)
      const column = this.#pick(Object.keys(row))
      const cell = flipped(row[column] ?? null, this.#random)
      if (cell === undefined) return undefined
      const after = { ...row, [column]: cell }
      this.#replace(table, row, after)
      return { kind: 'flip', table, column, before: [row], after: [after] }
    },

    'exchange of cells': table => {
      const [one, other] = [this.#row(table), this.#row(table)]
      const column = this.#pick(Object.keys(one).filter(name => !keysOf[table].includes(name)))
      if (same(one[column], other[column])) return undefined
      const after = [
        { ...one, [column]: other[column] ?? null },
        { ...other, [column]: one[column] ?? null },
      ] as const
      this.#replace(table, one, after[0])
      this.#replace(table, other, after[1])
      return { kind: 'exchange of cells', table, column, before: [one, other], after }
    },

    'exchange of rows': table => {
      const [one, other] = [this.#row(table), this.#row(table)]
      if (keysOf[table].every(key => same(one[key], other[key]))) return undefined
      const after = [
        { ...other, ...keyOf(table, one) },
        { ...one, ...keyOf(table, other) },
      ] as const
      this.#replace(table, one, after[0])
      this.#replace(table, other, after[1])
      return { kind: 'exchange of rows', table, column: undefined, before: [one, other], after }
    },

    duplicate: table => {
      const row = this.#row(table)
      const place =
        table === 'snapshots'
          ? { id: `${row['id']}0` }
          : { sequence: (this.#places[table].at(-1)?.['sequence'] as bigint) + 1n }
      const copy: StoredRow = { ...row, ...place }
      this.#insert(table, copy)
      return { kind: 'duplicate', table, column: undefined, before: [row], after: [row, copy] }
    },

    loss: table => {
      const row = this.#row(table)
      this.#delete(table, row)
      return { kind: 'loss', table, column: undefined, before: [row], after: [] }
    },

    'earlier version': table => {
      const earlier = this.#pick(this.#earlier)
      const where = [earlier['kind'] ?? null, earlier['id'] ?? null]
      const [row] = this.#all(`SELECT * FROM ${table} WHERE kind = ? AND id = ?`, where)
      if (row === undefined) return undefined
      this.#replace(table, row, earlier)
      return { kind: 'earlier version', table, column: undefined, before: [row], after: [earlier] }
    },
  }

  #pick<Of>(list: readonly Of[]): Of {
    return list[this.#random.below(list.length)] as Of
  }

  #row(table: Table): StoredRow {
    const place = this.#pick(this.#places[table])
    const where = keysOf[table].map(key => `${key} = ?`).join(' AND ')
    const [row] = this.#all(`SELECT * FROM ${table} WHERE ${where}`, Object.values(place))
    if (row === undefined) throw new Error(`${table} has lost a row before it was damaged`)
    return row
  }

  #replace(table: Table, before: StoredRow, after: StoredRow): void {
    const sets = Object.keys(after).map(column => `${column} = ${parameter(column, after[column])}`)
    const where = keysOf[table].map(key => `${key} = ?`).join(' AND ')
    this.#run(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${where}`, [
      ...Object.values(after),
      ...Object.values(keyOf(table, before)),
    ])
  }

  #insert(table: Table, row: StoredRow): void {
    const columns = Object.keys(row)
    const values = columns.map(column => parameter(column, row[column]))
    this.#run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      Object.values(row),
    )
  }

  #delete(table: Table, row: StoredRow): void {
    const where = keysOf[table].map(key => `${key} = ?`).join(' AND ')
    this.#run(`DELETE FROM ${table} WHERE ${where}`, Object.values(keyOf(table, row)))
  }

  #run(sql: string, cells: readonly Cell[]): void {
    const { changes } = this.#database.prepare(sql).run(...cells)
    if (changes !== 1) throw new Error(`${changes} rows were damaged instead of one`)
  }

  #all(sql: string, cells: readonly Cell[] = []): StoredRow[] {
    const statement = this.#database.prepare<Cell[], StoredRow>(sql).safeIntegers(true)
    return statement.all(...(cells as Cell[]))
  }
}

function keyOf(table: Table, row: StoredRow): StoredRow {
  return Object.fromEntries(keysOf[table].map(key => [key, row[key] ?? null]))
}

function same(one: Cell | undefined, other: Cell | undefined): boolean {
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return one.equals(other)
  return one === other
}

/** Text whose bits were flipped need not be text any more, so it travels as bytes. */
function parameter(column: string, cell: Cell | undefined): string {
  return Buffer.isBuffer(cell) && column !== 'hash' ? 'CAST(? AS TEXT)' : '?'
}

/** The cell with one bit the other way; `undefined` where there is none to flip. Nothing is taken for a zero. */
export function flipped(cell: Cell, random: Random): Cell | undefined {
  if (cell === null || typeof cell === 'bigint')
    return BigInt.asIntN(64, (cell ?? 0n) ^ (1n << BigInt(random.below(64))))
  const bytes = Buffer.from(cell)
  if (bytes.length === 0) return undefined
  const at = random.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  return bytes
}
