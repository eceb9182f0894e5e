import Sqlite from 'better-sqlite3'
import { DataDirectoryError, openDatabaseReadOnly, schemaVersion } from '../persistence/database.ts'
import { checkInvariants, type InvariantResult } from '../persistence/invariants/invariants.ts'

export interface CheckOptions {
  readonly dataDirectory: string
  /** Prints one JSON object instead of lines. */
  readonly json: boolean
  /** Time in milliseconds. */
  readonly now: number
}

/**
 * Runs every invariant against a data directory, also beside the server that owns it, and tells `out` what holds and what
 * is broken. Returns the exit status: 0 when everything holds, 1 when something is broken or the database cannot be read.
 */
export function check({ dataDirectory, json, now }: CheckOptions, out: (text: string) => void): number {
  let results: readonly InvariantResult[]
  try {
    results = invariantsOf(dataDirectory, now)
  } catch (error) {
    if (!(error instanceof DataDirectoryError)) throw error
    out(json ? JSON.stringify({ error: error.message }) : error.message)
    return 1
  }
  const broken = results.filter(({ violationCount }) => violationCount > 0).map(({ name }) => name)
  out(json ? JSON.stringify({ broken, invariants: results }) : invariantLines(results).join('\n'))
  return broken.length > 0 ? 1 : 0
}

/** Decides every invariant on what the directory holds now. Throws `DataDirectoryError` when it cannot be read. */
export function invariantsOf(dataDirectory: string, now: number): InvariantResult[] {
  const database = openDatabaseReadOnly(dataDirectory)
  try {
    const version = Number(database.pragma('user_version', { simple: true }))
    if (version < schemaVersion) {
      throw new DataDirectoryError(
        `${dataDirectory} was written by an older Recoup (schema ${version}, this one knows ${schemaVersion}); start its server once to bring it up to date.`,
      )
    }
    return checkInvariants(database, now)
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error
    throw new DataDirectoryError(`${dataDirectory} is damaged (${error.message}); restore it from a backup.`)
  } finally {
    database.close()
  }
}

/** One line for each invariant, under it what contradicts it, and a last one with the verdict. */
export function invariantLines(results: readonly InvariantResult[]): string[] {
  const counts = results.map(({ checked }) => checked.toLocaleString('en'))
  const width = Math.max(...counts.map(count => count.length))
  const lines = results.flatMap(({ name, sentence, violations, violationCount }, place) => {
    const verdict = violationCount === 0 ? 'ok    ' : 'BROKEN'
    const more = violationCount - violations.length
    return [
      `${name}  ${verdict}  ${counts[place]?.padStart(width)}  ${sentence}`,
      ...violations.map(violation => `            ${violation}`),
      ...(more > 0 ? [`            and ${more.toLocaleString('en')} more`] : []),
    ]
  })
  const broken = results.filter(({ violationCount }) => violationCount > 0).map(({ name }) => name)
  return [...lines, '', broken.length === 0 ? 'Everything holds.' : `Broken: ${broken.join(', ')}`]
}
