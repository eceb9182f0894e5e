import type { Database } from 'better-sqlite3'
import { unpackJournal } from '../packing.ts'

/** How long the journal is kept. */
export const journalKeptMs = 90 * 24 * 60 * 60 * 1_000

/**
 * Every actor whose transitions are not numbered without gap up to its snapshot, and every transition that does not name
 * its message. Retention drops the oldest, so the numbering may begin later once it was at work; that of a request may
 * begin later at any time, since a saga about nothing is forgotten together with the request's first entry.
 */
export function* journalNumberingBreaks(database: Database, now: number): Iterable<string> {
  const whole = isWhole(database, now)
  const lastByActor = new Map<string, number>()
  for (const numbers of numbersByCommit(database)) {
    for (const [actor, { transitions, nameless }] of numbers) {
      if (nameless > 0) yield `${nameless} transitions of ${actor} name no message`
      let last = lastByActor.get(actor) ?? (whole && !isRequest(actor) ? 0 : undefined)
      for (const transition of transitions.sort((a, b) => a - b)) {
        if (last !== undefined && transition !== last + 1)
          yield `transition ${transition} of ${actor} follows ${last}`
        last = transition
      }
      if (last !== undefined) lastByActor.set(actor, last)
    }
  }
  yield* snapshotsApart(database, lastByActor, whole)
}

export const isRequest = (actor: string) => actor.startsWith('request/')

/** Whether retention can have dropped nothing yet. An emptied journal is numbered from 1 again, so its age counts too. */
export function isWhole(database: Database, now: number): boolean {
  const before = now - journalKeptMs
  const whole = database.prepare<[number, number], number>(`
    SELECT (SELECT min(sequence) FROM journal) = 1
      AND NOT EXISTS (SELECT 1 FROM ledger_lines WHERE sequence = 1 AND at < ?)
      AND NOT EXISTS (SELECT 1 FROM stock_movements WHERE sequence = 1 AND at < ?)`)
  return whole.pluck().get(before, before) === 1
}

interface Numbers {
  readonly transitions: number[]
  nameless: number
}

/**
 * The transition numbers of each commit, by actor. A commit has one row for each saga, so an actor that took part in
 * several stands in several rows, and only together are they in order.
 */
function* numbersByCommit(database: Database): Iterable<Map<string, Numbers>> {
  const rows = database.prepare<[], { committedAt: number; entries: string }>(
    'SELECT committed_at AS committedAt, entries FROM journal ORDER BY sequence',
  )
  let numbers = new Map<string, Numbers>()
  let commit: number | undefined
  for (const { committedAt, entries } of rows.iterate()) {
    if (committedAt !== commit) {
      yield numbers
      numbers = new Map()
      commit = committedAt
    }
    for (const { actor, transition, messageId, causationId, message } of unpackJournal(entries)) {
      if (transition === undefined) continue
      const known = numbers.get(actor) ?? { transitions: [], nameless: 0 }
      known.transitions.push(transition)
      if (!(messageId && causationId && message?.type)) known.nameless += 1
      numbers.set(actor, known)
    }
  }
  yield numbers
}

function* snapshotsApart(
  database: Database,
  lastByActor: Map<string, number>,
  whole: boolean,
): Iterable<string> {
  const snapshots = database.prepare<[], { actor: string; transition: number }>(
    `SELECT kind || '/' || id AS actor, transition FROM snapshots`,
  )
  for (const { actor, transition } of snapshots.iterate()) {
    const last = lastByActor.get(actor)
    lastByActor.delete(actor)
    if (last === undefined ? whole : last !== transition) {
      yield `${actor} is at transition ${transition}, its journal ends with ${last ?? 'nothing'}`
    }
  }
  for (const [actor, last] of lastByActor) yield `${actor} has ${last} transitions and no snapshot`
}
