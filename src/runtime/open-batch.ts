import type { LedgerLine, Row } from './actor.ts'
import type { Address, Envelope, Key, Message } from './envelope.ts'
import type {
  AuditEntry,
  Batch,
  DeadLetter,
  InboxRecord,
  JournalEntry,
  LedgerEntry,
  OutboxEvent,
  Snapshot,
  Store,
  Timer,
} from './store.ts'

/** The records of one scope: those looked at in this batch, and those it adds. */
interface ScopeRecords {
  readonly known: Map<string, InboxRecord>
  readonly added: InboxRecord[]
  /** Whether the store's records are among the known ones. */
  loaded: boolean
}

const recordName = (actor: Address, name: string) => `${actor} ${name}`

/** What the steps of one tick have done so far and what the next commit will make true. */
export class OpenBatch {
  readonly rows: { table: string; row: Row }[] = []
  readonly ledger: LedgerEntry[] = []
  readonly outbox: OutboxEvent[] = []
  readonly timersSet = new Map<string, Timer>()
  readonly timersRemoved = new Map<string, Pick<Timer, 'actor' | 'name'>>()
  readonly mailboxRemoved: string[] = []
  readonly deadLetters: DeadLetter[] = []
  readonly deadLettersResolved: Batch['deadLettersResolved'][number][] = []
  readonly audit: AuditEntry[] = []
  readonly forgotten: { actor: Address; correlationId: string; scope: string }[] = []
  /** Ids of the fired timers it handled. */
  readonly timersFired: string[] = []
  readonly #store: Store
  /** The batch before, while the store is still writing it and so does not answer from it. */
  #previous: OpenBatch | undefined
  readonly #uniqueRows = new Set<string>()
  readonly #inbox = new Map<string, ScopeRecords>()
  readonly #journal = new Map<string, JournalEntry[]>()

  constructor(store: Store, previous?: OpenBatch) {
    this.#store = store
    this.#previous = previous
  }

  previousWritten(): void {
    this.#previous = undefined
  }

  append(table: string, row: Row, unique: string | undefined): void {
    this.rows.push({ table, row })
    if (unique !== undefined) this.#uniqueRows.add(`${table} ${unique}`)
  }

  rowExists(table: string, unique: string): boolean {
    const name = `${table} ${unique}`
    if (this.#uniqueRows.has(name) || this.#previous?.appended(name)) return true
    return this.#store.rowExists(table, unique)
  }

  post(changeType: string, key: string, at: number, lines: readonly LedgerLine[]): void {
    if (lines.length > 0) this.ledger.push({ changeType, key, at, lines })
  }

  #scope(scope: string): ScopeRecords {
    let records = this.#inbox.get(scope)
    if (records === undefined) {
      records = { known: new Map(), added: [], loaded: false }
      this.#inbox.set(scope, records)
    }
    return records
  }

  appended(name: string): boolean {
    return this.#uniqueRows.has(name)
  }

  addedRecords(scope: string): readonly InboxRecord[] | undefined {
    return this.#inbox.get(scope)?.added
  }

  /** What was recorded for a key of an actor, in this batch or any before. */
  record(actor: Address, key: Key): InboxRecord | undefined {
    const records = this.#scope(key.scope)
    const name = recordName(actor, key.name)
    // What this batch added is the newest there is.
    if (!records.loaded && !records.known.has(name)) {
      for (const record of this.#store.inbox(key.scope)) {
        records.known.set(recordName(record.actor, record.name), record)
      }
      for (const record of this.#previous?.addedRecords(key.scope) ?? []) {
        records.known.set(recordName(record.actor, record.name), record)
      }
      for (const record of records.added) records.known.set(recordName(record.actor, record.name), record)
      records.loaded = true
    }
    return records.known.get(name)
  }

  addRecord(scope: string, record: InboxRecord): void {
    const records = this.#scope(scope)
    records.known.set(recordName(record.actor, record.name), record)
    records.added.push(record)
  }

  /** Remembers the answer to a command whose own step had none to give. */
  completeRecord(actor: Address, key: Key, reply: Message): void {
    const record = this.record(actor, key)
    if (record?.reply !== null || record.message === null) return
    const { known, added } = this.#scope(key.scope)
    const completed = { ...record, reply }
    const place = added.indexOf(record)
    if (place >= 0) added[place] = completed
    else added.push(completed)
    known.set(recordName(actor, key.name), completed)
  }

  journal(saga: string, entry: JournalEntry): void {
    const entries = this.#journal.get(saga)
    if (entries === undefined) this.#journal.set(saga, [entry])
    else entries.push(entry)
  }

  /** Leaves no row behind of a saga that turned out to be about nothing. */
  forget(actor: Address, correlationId: string, scope: string): void {
    this.#journal.delete(correlationId)
    this.#inbox.delete(scope)
    this.forgotten.push({ actor, correlationId, scope })
  }

  setTimer(timer: Timer): void {
    // A removal of the one before stays: this one may be removed again before the store hears of either.
    this.timersSet.set(recordName(timer.actor, timer.name), timer)
  }

  removeTimer(timer: Timer, stored: boolean): void {
    const name = recordName(timer.actor, timer.name)
    this.timersSet.delete(name)
    if (stored) this.timersRemoved.set(name, timer)
  }

  /** The finished batch, or `undefined` when there is nothing to write. */
  close(at: number, snapshots: readonly Snapshot[], mailboxAdded: readonly Envelope[]): Batch | undefined {
    const inbox = new Map<string, readonly InboxRecord[]>()
    for (const [scope, { added }] of this.#inbox) if (added.length > 0) inbox.set(scope, added)
    const journal = new Map<string, readonly JournalEntry[]>()
    for (const [saga, entries] of this.#journal) if (entries.some(isWorthARow)) journal.set(saga, entries)
    const batch: Batch = {
      at,
      snapshots,
      rows: this.rows,
      ledger: this.ledger,
      inbox,
      journal,
      outbox: this.outbox,
      timersSet: [...this.timersSet.values()],
      timersRemoved: [...this.timersRemoved.values()],
      mailboxAdded,
      mailboxRemoved: this.mailboxRemoved,
      deadLetters: this.deadLetters,
      deadLettersResolved: this.deadLettersResolved,
      audit: this.audit,
      forgotten: this.forgotten,
    }
    return isEmpty(batch) ? undefined : batch
  }
}

/** A refusal at the door changed nothing and leaves no row; a late or repeated message of a saga can be seen. */
function isWorthARow(entry: JournalEntry): boolean {
  return entry.transition !== undefined || entry.inSaga
}

function isEmpty(batch: Batch): boolean {
  return Object.values(batch).every(
    part => typeof part === 'number' || (part instanceof Map ? part.size === 0 : part.length === 0),
  )
}
