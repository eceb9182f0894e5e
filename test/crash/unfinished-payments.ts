import { openDatabaseReadOnly } from '../../src/persistence/database.ts'

/** The payments that have neither completed nor failed, as they were committed last; also while nobody runs. */
export function unfinishedPayments(directory: string): number[] {
  const database = openDatabaseReadOnly(directory)
  try {
    return database
      .prepare<[], number>(
        `SELECT CAST(id AS INTEGER) FROM snapshots
         WHERE kind = 'payment' AND state ->> '$.value' NOT IN ('completed', 'failed')`,
      )
      .pluck()
      .all()
  } finally {
    database.close()
  }
}
