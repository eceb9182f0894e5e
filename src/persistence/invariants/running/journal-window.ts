import type { Database, Statement } from 'better-sqlite3'
import type { Address } from '../../../runtime/envelope.ts'
import { isJournalRowIntact, type StoredJournalRow } from '../../checksum.ts'
import { unpackJournal } from '../../packing.ts'
import { isRequest, isWhole, journalKeptMs } from '../journal-numbering.ts'
import { AppendedRows } from './appended-rows.ts'
import type { Findings } from './findings.ts'
import type { StoredStates } from './stored-states.ts'
import type { Touched } from './touched.ts'

/*
 * The journal rows since the last look: who took part (everything else is judged by that), and whether each actor's
 * transitions go on where they ended (E5) and each row is as it was written (E7).
 */

/** The last known transition of an actor, and the row that tells of it. */
interface Last {
  readonly transition: number
  readonly sequence: number
}

/** Transitions of an actor that a row tells of. */
interface Told {
  readonly committedAt: number
  readonly transitions: readonly (readonly [Address, number])[]
}

/** So many actors' last numbers are remembered; of others their numbering is judged within a look only. */
const lastMax = 200_000

const columns = 'sequence, saga, committed_at AS committedAt, entries, checksum'

export class JournalWindow {
  readonly #rows: AppendedRows<StoredJournalRow, Told>
  readonly #row: Statement<[number], StoredJournalRow>
  readonly #database: Database
  readonly #last = new Map<Address, Last>()
  /** Whether an actor without a last number has made no transition yet. */
  #complete: boolean | undefined
  #told = nothingTold

  constructor(database: Database, from: 'start' | 'end') {
    this.#database = database
    this.#complete = from === 'start' ? undefined : false
    this.#rows = new AppendedRows(database, {
      table: 'journal',
      columns,
      identity: "saga || ' ' || committed_at || ' ' || checksum",
      from,
      before: nothingTold,
    })
    this.#row = database.prepare(`SELECT ${columns} FROM journal WHERE sequence = ?`)
  }

  /** Reads what is new and notes whom it is about. */
  read(touched: Touched, states: StoredStates, findings: Findings, now: number): void {
    this.#complete ??= isEmpty(this.#database) || isWhole(this.#database, now)
    this.#judgeVanished(touched, states, findings, now)
    const news = new Map<Address, (Last & { nameless: boolean })[]>()
    for (const row of this.#rows.next(() => this.#told)) {
      const { sequence, saga, committedAt } = row
      findings.looked('E7')
      findings.looked('E5')
      this.#told = { committedAt, transitions: [] }
      if (!isJournalRowIntact(row)) {
        findings.violated('E7', `journal row ${sequence} of ${saga} was altered`)
        touched.journalDamaged = true
        continue
      }
      const transitions: [Address, number][] = []
      for (const { actor, transition, messageId, causationId, message } of unpackJournal(row.entries)) {
        touched.actor(actor)
        if (transition === undefined) continue
        touched.message(actor, message)
        const nameless = !(messageId && causationId && message?.type)
        const known = news.get(actor)
        if (known === undefined) news.set(actor, [{ transition, sequence, nameless }])
        else known.push({ transition, sequence, nameless })
        transitions.push([actor, transition])
      }
      this.#told = { committedAt, transitions }
    }
    if (touched.journalDamaged) {
      // Nobody knows whose transitions it told of.
      this.#last.clear()
      this.#complete = false
      return
    }
    for (const [actor, transitions] of news) this.#judgeNumbers(actor, transitions, findings)
    for (const actor of touched.actors)
      states.unlessDamaged(() => this.#judgeSnapshot(actor, states, findings))
    this.#forgetOldest()
  }

  #judgeNumbers(actor: Address, news: readonly (Last & { nameless: boolean })[], findings: Findings): void {
    const nameless = news.filter(entry => entry.nameless).length
    if (nameless > 0) findings.violated('E5', `${nameless} transitions of ${actor} name no message`)
    let last = this.#last.get(actor) ?? (this.#complete && !isRequest(actor) ? none : undefined)
    for (const entry of news.toSorted((a, b) => a.transition - b.transition)) {
      if (last !== undefined && entry.transition !== last.transition + 1 && this.#isTold(actor, last)) {
        findings.violated('E5', `transition ${entry.transition} of ${actor} follows ${last.transition}`)
      }
      last = entry
    }
    if (last === undefined) return
    // The most recent ones last, so that the oldest are forgotten first.
    this.#last.delete(actor)
    this.#last.set(actor, { transition: last.transition, sequence: last.sequence })
  }

  /** Whether the journal still tells of a transition; a saga that was about nothing is forgotten with all it told. */
  #isTold(actor: Address, { transition, sequence }: Last): boolean {
    if (transition === 0) return true
    const row = this.#row.get(sequence)
    return (
      row !== undefined &&
      unpackJournal(row.entries).some(entry => entry.actor === actor && entry.transition === transition)
    )
  }

  #judgeSnapshot(actor: Address, states: StoredStates, findings: Findings): void {
    const stored = states.snapshot(actor)?.transition
    const last = this.#last.get(actor)
    if (stored === last?.transition) return
    if (stored === undefined) {
      if (last !== undefined && this.#isTold(actor, last))
        findings.violated('E5', `${actor} has ${last.transition} transitions and no snapshot`)
      this.#last.delete(actor)
    } else if (last !== undefined || (this.#complete && !isRequest(actor))) {
      const ends = last?.transition ?? 'nothing'
      findings.violated('E5', `${actor} is at transition ${stored}, its journal ends with ${ends}`)
    }
  }

  /** Newest rows go only with a saga about nothing, which leaves no actor behind but the request that asked. */
  #judgeVanished(touched: Touched, states: StoredStates, findings: Findings, now: number): void {
    for (const { committedAt, transitions } of this.#rows.vanished()) {
      if (committedAt < now - journalKeptMs) continue
      for (const [actor, transition] of transitions) {
        if (isRequest(actor)) continue
        touched.actor(actor)
        states.unlessDamaged(() => {
          const stored = states.snapshot(actor)?.transition
          if (stored === undefined || stored < transition) return
          const ends = `its journal ends with ${transition - 1 || 'nothing'}`
          findings.violated('E5', `${actor} is at transition ${stored}, ${ends}`)
        })
      }
    }
  }

  #forgetOldest(): void {
    if (this.#last.size <= lastMax) return
    this.#complete = false
    for (const actor of this.#last.keys()) {
      if (this.#last.size <= lastMax / 2) return
      this.#last.delete(actor)
    }
  }
}

function isEmpty(database: Database): boolean {
  return database.prepare('SELECT 1 FROM snapshots').get() === undefined
}

const nothingTold: Told = { committedAt: 0, transitions: [] }
const none: Last = { transition: 0, sequence: 0 }
