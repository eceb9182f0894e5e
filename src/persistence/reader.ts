import Sqlite from 'better-sqlite3'
import { Damaged, ReadFailed } from '../runtime/store.ts'

type ReadStatement<Parameters extends unknown[], Row> = Pick<Sqlite.Statement<Parameters, Row>, 'get' | 'all'>

/** Prepares statements that only read. What they throw is `Damaged` or `ReadFailed`. */
export interface Reader {
  prepare<Parameters extends unknown[], Row>(sql: string): ReadStatement<Parameters, Row>
  /** Says that there is something new to see. */
  refresh(): void
}

/** For the connection that also writes: it sees its own commits as they are. */
export function createDirectReader(database: Sqlite.Database): Reader {
  return { prepare: sql => guarded(database.prepare(sql)), refresh() {} }
}

/**
 * For a connection beside the one that writes. Before every read outside a transaction SQLite looks whether another
 * connection has committed, and then throws away what it has of the database. So reads that come close together share a
 * transaction, until the next commit is noted or the event loop comes round.
 */
export function createSharedReader(database: Sqlite.Database): Reader {
  const begin = database.prepare('BEGIN')
  const commit = database.prepare('COMMIT')
  let planned: NodeJS.Immediate | undefined

  function open(): void {
    if (planned !== undefined) return
    begin.run()
    planned = setImmediate(refresh)
  }

  function refresh(): void {
    if (planned === undefined) return
    clearImmediate(planned)
    planned = undefined
    if (database.open) commit.run()
  }

  return {
    prepare: sql => guarded(database.prepare(sql), open),
    refresh,
  }
}

function guarded<Parameters extends unknown[], Row>(
  statement: Sqlite.Statement<Parameters, Row>,
  before: () => void = () => {},
): ReadStatement<Parameters, Row> {
  return {
    get(...parameters) {
      try {
        before()
        return statement.get(...parameters)
      } catch (error) {
        throw readError(error)
      }
    },
    all(...parameters) {
      try {
        before()
        return statement.all(...parameters)
      } catch (error) {
        throw readError(error)
      }
    },
  }
}

/** A damaged page stays damaged; whatever else SQLite says may have passed in a moment. */
function readError(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const damaged = error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB'
  return damaged ? new Damaged(error.message) : new ReadFailed(error.message, { cause: error })
}
