import Sqlite from 'better-sqlite3'
import {
  CommitRefused,
  type Snapshot,
  type SnapshotGroup,
  type Store,
  type Timer,
  type UpgradeStore,
} from '../runtime/store.ts'
import { snapshotChecksum } from './checksum.ts'
import { DataDirectoryError } from './database.ts'
import { createSqliteStore } from './sqlite-store.ts'

interface SnapshotRow extends Snapshot {
  readonly checksum: number
}

/** A machine stores its state as `value`; other actors are told apart by their fields. */
const form = `
  CASE WHEN json_valid(state) THEN
    coalesce(state -> '$.value', (SELECT group_concat(key) FROM json_each(state)))
  END`

const runBy = 'runBy'

/** What a change of versions needs, on SQLite. It only writes when told to. */
export function createUpgradeStore(database: Sqlite.Database): UpgradeStore {
  const columns = 'kind, id, version, transition, state, checksum'
  const one = database.prepare<[string, string], SnapshotRow>(
    `SELECT ${columns} FROM snapshots WHERE kind = ? AND id = ?`,
  )
  const alike = database.prepare<[string, number, string | null], SnapshotRow>(
    `SELECT ${columns} FROM snapshots WHERE kind = ? AND version = ? AND ${form} IS ? ORDER BY id`,
  )
  const following = database.prepare<[string, number, string, number], SnapshotRow>(
    `SELECT ${columns} FROM snapshots WHERE kind = ? AND version = ? AND id > ? ORDER BY id LIMIT ?`,
  )
  const timers = database.prepare<[string], Timer>(
    'SELECT actor, name, due_at AS dueAt, generation, correlation_id AS correlationId FROM timers WHERE actor = ?',
  )
  let writing: Store | undefined

  function notUpgraded(error: unknown): unknown {
    if (!(error instanceof CommitRefused || error instanceof Sqlite.SqliteError)) return error
    return new DataDirectoryError(
      `${database.name} could not be upgraded (${error.message}); start again to go on where it stopped.`,
    )
  }

  return {
    groups: () =>
      database
        .prepare<[], SnapshotGroup>(
          `SELECT kind, version, ${form} AS form, count(*) AS count, min(id) AS first
           FROM snapshots GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
        )
        .all(),

    example(group) {
      const first = one.get(group.kind, group.first)
      if (first !== undefined && isIntact(first)) return first
      for (const row of alike.iterate(group.kind, group.version, group.form)) if (isIntact(row)) return row
      return undefined
    },

    *snapshots(kind, version, limit) {
      for (let last = ''; ; ) {
        const rows = following.all(kind, version, last, limit)
        if (rows.length > 0) yield rows.filter(isIntact)
        if (rows.length < limit) return
        last = rows.at(-1)?.id ?? ''
      }
    },

    timers: actor => timers.all(actor),

    lastRunBy: () =>
      database.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(runBy),
    noteRunBy(definitions) {
      const note = database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)')
      try {
        note.run(runBy, definitions)
      } catch (error) {
        throw notUpgraded(error)
      }
    },
    commit(batch) {
      writing ??= createSqliteStore(database, { subscribedTopics: new Set() })
      try {
        void writing.commit(batch)
      } catch (error) {
        throw notUpgraded(error)
      }
    },
  }
}

function isIntact(row: SnapshotRow): boolean {
  return snapshotChecksum(row) === row.checksum
}
