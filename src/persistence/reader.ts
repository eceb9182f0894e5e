import type Sqlite from 'better-sqlite3'

type ReadStatement<Parameters extends unknown[], Row> = Pick<Sqlite.Statement<Parameters, Row>, 'get' | 'all'>

/** Prepares statements that only read. */
export interface Reader {
  prepare<Parameters extends unknown[], Row>(sql: string): ReadStatement<Parameters, Row>
  /** Says that there is something new to see. */
  refresh(): void
}

/** For the connection that also writes: it sees its own commits as they are. */
export function createDirectReader(database: Sqlite.Database): Reader {
  return { prepare: sql => database.prepare(sql), refresh() {} }
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
    prepare<Parameters extends unknown[], Row>(sql: string) {
      const statement = database.prepare<Parameters, Row>(sql)
      return {
        get(...parameters: Parameters) {
          open()
          return statement.get(...parameters)
        },
        all(...parameters: Parameters) {
          open()
          return statement.all(...parameters)
        },
      }
    },
    refresh,
  }
}
