import type { LedgerLine, Row } from './actor.ts'
import type { Address, Envelope, Message } from './envelope.ts'

/** An actor as it was last committed. `state` is JSON text. */
export interface Snapshot {
  readonly kind: string
  readonly id: string
  readonly version: number
  /** How many transitions the actor has made. */
  readonly transition: number
  readonly state: string
}

/**
 * One key that was handled: what was said and what was answered, null while the answer is to come. A tombstone, without a
 * message, was undone before it came.
 */
export interface InboxRecord {
  readonly actor: Address
  readonly name: string
  readonly message: Message | null
  readonly reply: Message | null
}

export interface Timer {
  readonly actor: Address
  readonly name: string
  readonly dueAt: number
  /** Tells a timer from the one it superseded. */
  readonly generation: number
  readonly correlationId: string
}

export interface OutboxEvent {
  /** `actor#transition#effect`: the same however often the step is run. */
  readonly id: string
  readonly topic: string
  readonly key: string
  readonly message: Message
  readonly at: number
  readonly correlationId: string
}

export interface LedgerEntry {
  readonly changeType: string
  readonly key: string
  readonly at: number
  readonly lines: readonly LedgerLine[]
}

/** Changes as [path, value] pairs; a pair without value is a removal. The path [] is the whole. */
export type Patch = readonly (readonly [path: readonly (string | number)[], value?: unknown])[]

/** One transition as people will read it; see `journal.ts`. */
export interface JournalEntry {
  readonly actor: Address
  /** Number of the transition; absent when the message changed nothing. */
  readonly transition?: number | undefined
  readonly at: number
  readonly messageId: string
  readonly causationId: string
  readonly from: Address
  readonly message: Message
  /** Whether it is a command or reply within a saga, as against a question at the door. */
  readonly inSaga: boolean
  readonly state?: unknown
  /** What it changed of the context. */
  readonly patch?: Patch | undefined
}

/** A message whose step threw. It waits for an operator, and its actor with it, unless its caller was told at once. */
export interface DeadLetter {
  readonly envelope: Envelope
  readonly error: string
  readonly stack: string
  readonly at: number
  readonly refused: boolean
}

/** What an operator did with a message that was set aside. */
export type Resolution = 'RETRIED' | 'EDITED' | 'SKIPPED'

/** One thing an operator did, by whom and why; `outcome` is the type of the answer, or the code of the refusal. */
export interface AuditEntry {
  readonly at: number
  readonly operator: string
  readonly action: string
  readonly subject: Address
  readonly reason: string
  readonly outcome: string
}

/** Everything one commit makes true, together or not at all. */
export interface Batch {
  readonly at: number
  readonly snapshots: readonly Snapshot[]
  readonly rows: readonly { readonly table: string; readonly row: Row }[]
  readonly ledger: readonly LedgerEntry[]
  readonly inbox: ReadonlyMap<string, readonly InboxRecord[]>
  readonly journal: ReadonlyMap<string, readonly JournalEntry[]>
  readonly outbox: readonly OutboxEvent[]
  readonly timersSet: readonly Timer[]
  /** Removed before the others are set. */
  readonly timersRemoved: readonly Pick<Timer, 'actor' | 'name'>[]
  /** Messages between local actors that were sent but not yet handled when the batch closed. */
  readonly mailboxAdded: readonly Envelope[]
  /** Ids of stored messages that have been handled. */
  readonly mailboxRemoved: readonly string[]
  readonly deadLetters: readonly DeadLetter[]
  readonly deadLettersResolved: readonly { readonly id: number; readonly resolution: Resolution }[]
  readonly audit: readonly AuditEntry[]
  readonly forgotten: readonly {
    readonly actor: Address
    readonly correlationId: string
    readonly scope: string
  }[]
}

/** The database refused before the commit point: nothing of the batch is there. */
export class CommitRefused extends Error {
  override name = 'CommitRefused'
}

/** The database could not be read just now; the same may work in a moment. */
export class ReadFailed extends Error {
  override name = 'ReadFailed'
}

/** What was read is not what was written: it was altered on disk. The message is one sentence. */
export class Damaged extends Error {
  override name = 'Damaged'
  /** Whose it is, where that is known; nobody else is touched by it. */
  readonly actor: Address | undefined

  constructor(message: string, actor?: Address) {
    super(message)
    this.actor = actor
  }
}

/** What the runtime needs of a database. Reads see committed data only; they throw `ReadFailed` or `Damaged`. */
export interface Store {
  /** Throws `Damaged` when it was altered on disk. */
  snapshot(kind: string, id: string): Snapshot | undefined
  inbox(scope: string): readonly InboxRecord[]
  rowExists(table: string, unique: string): boolean
  mailbox(): readonly Envelope[]
  /** The actors that take no message until an operator has resolved the one that was set aside. */
  suspended(): readonly Address[]
  /** A message that was set aside and still waits. */
  deadLetter(id: number): Envelope | undefined
  /** Timers of actors that are not suspended, due at `now`, in due order, at most `limit`. */
  dueTimers(now: number, limit: number): readonly Timer[]
  timers(actor: Address): readonly Timer[]
  nextDueAt(): number | undefined
  /** Rises with every commit that leaves a trace in the journal; 0 at first. */
  journalEnd(): number
  /**
   * Writes the batch in one transaction; a promise when it is done elsewhere. Throws or rejects with `CommitRefused` when
   * nothing was written; any other error is indeterminate. The runtime gives the next one only after this one.
   */
  commit(batch: Batch): void | Promise<void>
}

/** The stored actors of one kind and version that are in the same state, or have the same fields. */
export interface SnapshotGroup {
  readonly kind: string
  readonly version: number
  /** Tells it from the others of its kind and version; null where the state is no JSON. */
  readonly form: string | null
  readonly count: number
  /** Id of the first of them. */
  readonly first: string
}

/** What a change of versions needs of a database. It passes over snapshots that were altered on disk. */
export interface UpgradeStore {
  groups(): readonly SnapshotGroup[]
  /** One of a group; `undefined` when every one of them was altered. */
  example(group: SnapshotGroup): Snapshot | undefined
  /** All of a kind and version, by id, in lists of at most `limit`; each may be migrated before the next is asked for. */
  snapshots(kind: string, version: number, limit: number): Iterable<readonly Snapshot[]>
  timers(actor: Address): readonly Timer[]
  /** What `noteRunBy` was last given. */
  lastRunBy(): string | undefined
  noteRunBy(definitions: string): void
  /** Writes in place. Throws `CommitRefused` when nothing was written. */
  commit(batch: Batch): void
}
