import Sqlite from 'better-sqlite3'

/*
 * A database whose writes can be made to fail, at any statement of a transaction and at its end, as a full disk or the
 * end of the process would make them. It tells of each committed transaction what rows it wrote.
 */

/** The process has ended here; whoever is still running in it must not go on. */
export class ProcessEnded extends Error {
  override name = 'ProcessEnded'
}

/** A row that a transaction wrote: the cells of an INSERT by column, or the cells of a DELETE or UPDATE in order. */
export interface WrittenRow {
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly table: string
  readonly columns: readonly string[]
  readonly cells: readonly unknown[]
}

/** What happens to a transaction: at its statement of that number, or instead of its COMMIT. */
export type TransactionFault =
  | { readonly type: 'full' | 'end'; readonly atStatement: number }
  /** The COMMIT fails and nobody knows what became of it. */
  | { readonly type: 'unknown'; readonly written: boolean }

export interface FaultyDatabase {
  /** What is handed to the shop. */
  readonly database: Sqlite.Database
  /** The database as it is, for looking at. It keeps its statements. */
  readonly plain: Sqlite.Database
  /** Asked at the beginning of each transaction. */
  faultOf: () => TransactionFault | undefined
  /** Whether a row gets lost on its way to the disk: never, unless a test breaks the database on purpose. */
  loses: (row: WrittenRow) => boolean
  /** Told of each transaction once it is committed. */
  onCommitted: (rows: readonly WrittenRow[]) => void
}

type Prepare = (sql: string) => Sqlite.Statement<unknown[]>

export function createFaultyDatabase(real: Sqlite.Database): FaultyDatabase {
  const plain = keepingStatements(real, sql => real.prepare(sql))
  let fault: TransactionFault | undefined
  let statements = 0
  let rows: WrittenRow[] = []

  const faulty: FaultyDatabase = {
    plain,
    database: keepingStatements(real, prepareFaulty),
    faultOf: () => undefined,
    loses: () => false,
    onCommitted: () => {},
  }

  function begin(statement: Sqlite.Statement<unknown[]>): Sqlite.RunResult {
    fault = faulty.faultOf()
    statements = 0
    rows = []
    return statement.run()
  }

  function write(statement: Sqlite.Statement<unknown[]>, row: WrittenRow): Sqlite.RunResult {
    if (fault !== undefined && fault.type !== 'unknown' && statements >= fault.atStatement) {
      if (fault.type === 'end') throw new ProcessEnded('In the middle of a commit')
      throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
    }
    statements += 1
    if (faulty.loses(row)) return { changes: 0, lastInsertRowid: 0 }
    rows.push(row)
    return statement.run(...row.cells)
  }

  function commit(statement: Sqlite.Statement<unknown[]>): Sqlite.RunResult {
    if (fault !== undefined && fault.type !== 'unknown') {
      // It was to come after more statements than there were.
      if (fault.type === 'end') throw new ProcessEnded('Before the commit point')
      throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
    }
    if (fault?.type === 'unknown' && !fault.written) throw syncFailed()
    const result = statement.run()
    faulty.onCommitted(rows)
    if (fault?.type === 'unknown') throw syncFailed()
    return result
  }

  function prepareFaulty(sql: string): Sqlite.Statement<unknown[]> {
    const statement = real.prepare<unknown[]>(sql)
    const words = sql.trimStart().split(/[\s(]+/, 6)
    const run = runnerOf(words, sql, statement)
    return run === undefined ? statement : (Object.assign(Object.create(statement), { run }) as never)
  }

  function runnerOf(words: readonly string[], sql: string, statement: Sqlite.Statement<unknown[]>) {
    const verb = words[0]
    if (verb === 'BEGIN') return () => begin(statement)
    if (verb === 'COMMIT') return () => commit(statement)
    if (verb !== 'INSERT' && verb !== 'UPDATE' && verb !== 'DELETE') return undefined
    const table =
      verb === 'UPDATE' ? words[1] : words[words.findIndex(word => /^(?:INTO|FROM)$/.test(word)) + 1]
    const columns = verb === 'INSERT' ? (/\(([^)]*)\)/.exec(sql)?.[1] ?? '').split(', ') : []
    if (table === undefined) throw new Error(`It is not clear what table this writes to: ${sql}`)
    return (...cells: unknown[]) => write(statement, { verb, table, columns, cells })
  }

  return faulty
}

const syncFailed = () => new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC')

/** The same database, preparing each statement once. */
function keepingStatements(real: Sqlite.Database, prepare: Prepare): Sqlite.Database {
  const kept = new Map<string, Sqlite.Statement<unknown[]>>()
  return Object.assign(Object.create(real), {
    prepare(sql: string) {
      let statement = kept.get(sql)
      if (statement === undefined) {
        statement = prepare(sql)
        kept.set(sql, statement)
      }
      return statement
    },
  }) as Sqlite.Database
}
