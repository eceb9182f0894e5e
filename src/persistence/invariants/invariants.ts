import Sqlite, { type Database } from 'better-sqlite3'
import { DataDirectoryError, schemaVersion } from '../database.ts'
import { coupon } from './coupon.ts'
import type { Invariant } from './invariant.ts'
import { listing } from './listing.ts'
import { messages } from './messages.ts'
import { money } from './money.ts'
import { order } from './orders.ts'
import { stock } from './stock.ts'

/*
 * Everything that must be true of a data directory, at rest and at every commit of a running server. What can only be
 * seen by trying (that an acknowledged answer survives a crash, that a repeat changes nothing) is shown by tests and not
 * listed here.
 */

export const invariants: readonly Invariant[] = [
  ...money,
  ...stock,
  ...coupon,
  ...listing,
  ...order,
  ...messages,
]

export interface InvariantResult {
  readonly name: string
  readonly sentence: string
  /** How many rows or things were looked at. */
  readonly checked: number
  /** How many contradict it; it holds when there is none. */
  readonly violationCount: number
  /** The first few of them. */
  readonly violations: readonly string[]
}

export const violationsKeptMax = 5

/**
 * Decides every invariant on one state of the database, whatever is committed meanwhile. `now` is the time in
 * milliseconds: it tells what retention may have dropped. Only reads, and in bounded memory. Throws `DataDirectoryError`
 * when the database is damaged or of an older schema, and an `Error` between two invariants once it `isGivenUp`.
 */
export function checkInvariants(
  database: Database,
  now: number,
  isGivenUp: () => boolean = () => false,
): InvariantResult[] {
  const decideAll = () => {
    const results: InvariantResult[] = []
    for (const result of decideInvariants(database, now)) {
      if (isGivenUp()) throw new Error('the check was given up')
      results.push(result)
    }
    return results
  }
  try {
    assertCurrent(database)
    return database.transaction(decideAll).deferred()
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error
    throw new DataDirectoryError(
      `${database.name} cannot be read (${error.message}); restore it from a backup.`,
    )
  }
}

/**
 * The same, one after the other, for a database that nobody else writes to and that has the current schema. Throws what
 * SQLite throws.
 */
export function* decideInvariants(database: Database, now: number): Generator<InvariantResult> {
  for (const invariant of invariants) yield resultOf(database, invariant, now)
}

function assertCurrent(database: Database): void {
  const stored = Number(database.pragma('user_version', { simple: true }))
  if (stored === schemaVersion) return
  throw new DataDirectoryError(
    `${database.name} has the schema ${stored} and not ${schemaVersion}; start its server once to bring it up to date.`,
  )
}

function resultOf(database: Database, invariant: Invariant, now: number): InvariantResult {
  const { name, sentence } = invariant
  const violations: string[] = []
  let checked = 0
  let violationCount = 0
  const note = (violation: string) => {
    violationCount += 1
    if (violations.length < violationsKeptMax) violations.push(violation)
  }
  try {
    checked = database.prepare<[], number>(invariant.looksAt).pluck().get() ?? 0
    for (const violation of violationsOf(database, invariant, now)) note(violation)
  } catch (error) {
    // A state that is no JSON any more stops one question halfway; a database that cannot be read stops them all.
    if (error instanceof Sqlite.SqliteError && error.code !== 'SQLITE_ERROR') throw error
    note(`cannot be decided: ${(error as Error).message}`)
  }
  return { name, sentence, checked, violationCount, violations }
}

function violationsOf(database: Database, { violations }: Invariant, now: number): Iterable<string> {
  if (typeof violations !== 'string') return violations(database, now)
  return database.prepare<[{ now: number }], string>(violations).pluck().iterate({ now })
}
