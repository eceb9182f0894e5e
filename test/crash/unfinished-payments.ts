import { openDatabaseReadOnly } from '../../src/persistence/database.ts'

/** The payments that have neither completed nor failed, as they were committed last; also while nobody runs. */
export function unfinishedPayments(directory: string): number[] {
  return numbers(
    directory,
    `SELECT CAST(id AS INTEGER) FROM snapshots
     WHERE kind = 'payment' AND state ->> '$.value' NOT IN ('completed', 'failed')`,
  )
}

/** How many requests have passed something on that nobody has answered yet: it may have been lost, and is sent again. */
export function requestsUnderWay(directory: string): number {
  const sql = `SELECT count(*) FROM snapshots WHERE kind = 'request' AND state -> '$.passed' IS NOT NULL`
  return numbers(directory, sql)[0] ?? 0
}

/** How many events are owed to somebody and not delivered yet. */
export function eventsOwed(directory: string): number {
  return numbers(directory, 'SELECT count(*) FROM outbox WHERE next_attempt_at IS NOT NULL')[0] ?? 0
}

function numbers(directory: string, sql: string): number[] {
  const database = openDatabaseReadOnly(directory)
  try {
    return database.prepare<[], number>(sql).pluck().all()
  } finally {
    database.close()
  }
}
