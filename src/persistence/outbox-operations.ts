import { type Clock, isoTime } from '../clock.ts'
import { type Calls, codeOf } from './batch-writer.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Everything that was parked, of every topic; or delivered events again: one, or all since a moment in milliseconds. */
type Selection =
  | { readonly type: 'parked' }
  | { readonly type: 'event'; readonly eventId: string }
  | { readonly type: 'since'; readonly at: number }

interface ParkedRow {
  readonly eventId: string
  readonly topic: string
  readonly key: string
  readonly type: string
  readonly attempts: number
  readonly error: string
  readonly createdAt: number
  readonly parkedAt: number
}

interface SettledRow {
  readonly sequence: number
  readonly eventId: string
  readonly topic: string
  readonly createdAt: number
  readonly owed: number
}

const rowsOfPage = 1_000
const rowsOfWrite = 500

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** What operators see of the outbox and do with it. Only events of `replayedTopic` are sent again after delivery. */
export function createOutboxOperations({
  reader,
  writer,
  clock,
  replayedTopic,
}: {
  reader: Reader
  writer: Writer
  clock: Clock
  replayedTopic: string
}) {
  const waiting = 'next_attempt_at IS NOT NULL OR parked_at IS NOT NULL'
  const backlog = reader.prepare<[], { topic: string; owed: number; parked: number; oldestAt: number }>(
    `SELECT topic, count(*) - count(parked_at) AS owed, count(parked_at) AS parked, min(created_at) AS oldestAt
     FROM outbox INDEXED BY outbox_waiting WHERE ${waiting} GROUP BY topic`,
  )
  const parkedRows = reader.prepare<[number], ParkedRow>(
    `SELECT event_id AS eventId, topic, key, message ->> '$.type' AS type, attempts,
       substr(outcome, length('parked: ') + 1) AS error, created_at AS createdAt, parked_at AS parkedAt
     FROM outbox INDEXED BY outbox_waiting WHERE (${waiting}) AND parked_at IS NOT NULL ORDER BY sequence LIMIT ?`,
  )
  const parkedSequences = reader.prepare<[], { sequence: number }>(
    `SELECT sequence FROM outbox INDEXED BY outbox_waiting WHERE (${waiting}) AND parked_at IS NOT NULL
     ORDER BY sequence`,
  )
  const pageBefore = reader.prepare<[number, number], SettledRow>(
    `SELECT sequence, event_id AS eventId, topic, created_at AS createdAt, next_attempt_at IS NOT NULL AS owed
     FROM outbox WHERE sequence < ? ORDER BY sequence DESC LIMIT ?`,
  )

  /** Newest first, a page at a time, so that a long look back holds nobody up. `take` says when to stop. */
  async function lookBack(take: (row: SettledRow) => 'on' | 'stop'): Promise<void> {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const rows = pageBefore.all(before, rowsOfPage)
      for (const row of rows) if (take(row) === 'stop') return
      const last = rows.at(-1)
      if (last === undefined) return
      before = last.sequence
      await turn()
    }
  }

  /** Oldest first. */
  async function selected(selection: Selection): Promise<number[]> {
    if (selection.type === 'parked') return parkedSequences.all().map(({ sequence }) => sequence)
    const sequences: number[] = []
    await lookBack(({ sequence, eventId, topic, createdAt, owed }) => {
      if (selection.type === 'since') {
        if (createdAt < selection.at) return 'stop'
        if (topic === replayedTopic && owed === 0) sequences.push(sequence)
        return 'on'
      }
      if (eventId !== selection.eventId) return 'on'
      if (topic === replayedTopic && owed === 0) sequences.push(sequence)
      return 'stop'
    })
    return sequences.reverse()
  }

  return {
    /** What waits, by topic. `oldestAt` in milliseconds. */
    backlog: () => backlog.all(),
    /** What was given up, oldest first. */
    parked: (limit: number) => parkedRows.all(limit),
    /** Has events delivered again, and resolves with how many. Rejects when it could not be written. */
    async replay(selection: Selection, { name, reason }: { name: string; reason: string }): Promise<number> {
      const sequences = await selected(selection)
      const now = clock.now()
      const outcome = `${sequences.length} events`
      let calls: Calls = [codeOf('audit'), now, name, 'ReplayEvents', subjectOf(selection), reason, outcome]
      for (let from = 0; from === 0 || from < sequences.length; from += rowsOfWrite) {
        const some = sequences.slice(from, from + rowsOfWrite)
        calls = [...calls, ...some.flatMap(sequence => [codeOf('outboxReplayed'), now, sequence])]
        const written = await writer.write(calls)
        if (written.type !== 'written') throw new Error(written.reason)
        calls = []
      }
      return sequences.length
    },
  }
}

function subjectOf(selection: Selection): string {
  if (selection.type === 'parked') return 'outbox/parked'
  return selection.type === 'event' ? `outbox/${selection.eventId}` : `outbox/since ${isoTime(selection.at)}`
}
