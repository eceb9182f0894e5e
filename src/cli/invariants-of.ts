import type { Clock } from '../clock.ts'
import { databasePath, openDatabaseReadOnly } from '../persistence/database.ts'
import { assertIntact } from '../persistence/integrity.ts'
import { checkInvariants, type InvariantResult } from '../persistence/invariants/invariants.ts'

/** Every invariant on the last commit of a data directory, which may be in use. Throws `DataDirectoryError`. */
export function invariantsOf(directory: string, clock: Clock): InvariantResult[] {
  const database = openDatabaseReadOnly(directory)
  try {
    assertIntact(database, databasePath(directory), { damaged: 'restore it from a backup' })
    return checkInvariants(database, clock.now())
  } finally {
    database.close()
  }
}

/** One line for each, and one more for each violation that was kept. */
export function invariantLines(results: readonly InvariantResult[]): string[] {
  return results.flatMap(({ name, sentence, checked, violationCount, violations }) => [
    `${name.padEnd(3)} ${violationCount === 0 ? 'ok    ' : 'BROKEN'} ${String(checked).padStart(9)}  ${sentence}`,
    ...violations.map(violation => `           ${violation}`),
    ...(violationCount > violations.length
      ? [`           and ${violationCount - violations.length} more`]
      : []),
  ])
}

export function brokenInvariants(results: readonly InvariantResult[]): string[] {
  return results.filter(({ violationCount }) => violationCount > 0).map(({ name }) => name)
}
