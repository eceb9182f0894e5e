import type { Address, Caller, Key, Message, Operator } from './envelope.ts'
import type { Resolution } from './store.ts'

/** What a step is told beside the message itself. `at` is stamped when the step starts, so a step needs no clock. */
export interface Meta {
  /** Wall time in milliseconds. */
  readonly at: number
  /** Address of the actor itself. */
  readonly self: Address
  /** Who sent the message, to be answered now or in a later step. */
  readonly caller: Caller
  readonly key?: Key | undefined
  /** On an undo: the answer that what it undoes was given; absent when it never arrived, so there is nothing to undo. */
  readonly undone?: Message | undefined
  /** Whether the row this message declared in `needs` exists. */
  readonly rowExists?: boolean | undefined
}

/** A message as a step sees it. */
export type Incoming<M extends Message = Message> = M & { readonly meta: Meta }

/** A value that fits a column. */
type Cell = string | number | null
export type Row = Readonly<Record<string, Cell>>

/** One line of a double entry: `amount` is signed; `totalAfter` is the account's amount after it, where the step knows it. */
export interface LedgerLine {
  readonly account: string
  readonly amount: number
  readonly totalAfter?: number
}

/** What a step wants to happen. Data only: it happens when the runtime commits the step, or not at all. */
export type Effect =
  /** Sends a message. `resent` says that this key may have been sent before. */
  | {
      readonly type: 'send'
      readonly to: Address
      readonly message: Message
      readonly key?: Key
      readonly undoes?: Key
      readonly resent?: boolean
      readonly operator?: Operator | undefined
    }
  /** Answers the message of this step, or an earlier caller. */
  | { readonly type: 'reply'; readonly message: Message; readonly to?: Caller }
  /** Sends the actor the message `{type: name}` after `delayMs`; one of the same name is superseded. */
  | { readonly type: 'schedule'; readonly name: string; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly name: string }
  /** Writes a row of what grows with use or is read by others. `unique` names it for a later `needs`. */
  | { readonly type: 'append'; readonly table: string; readonly row: Row; readonly unique?: string }
  /** Posts one balanced entry: the lines' amounts sum to zero. */
  | {
      readonly type: 'post'
      readonly changeType: string
      readonly key: string
      readonly lines: readonly LedgerLine[]
    }
  /** An event for the outside, through the outbox: at least once, in order per `key`. */
  | { readonly type: 'emit'; readonly topic: string; readonly key: string; readonly message: Message }
  /**
   * Lets a suspended actor go on: the message that was set aside is handled (or `message` in its place) or skipped, then
   * those that queued behind it.
   */
  | {
      readonly type: 'resume'
      readonly deadLetterId: number
      readonly resolution: Resolution
      readonly message?: Message | undefined
    }
  /** Leaves no row behind: the actor, its saga's journal and its keys in `scope` are as if they had never been. */
  | { readonly type: 'forget'; readonly scope: string }

export interface StepResult<State> {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** What is stored of one actor, as far as a new version of it may change it. */
export interface StoredActor {
  /** The state in its stored form, plain JSON. */
  readonly state: unknown
  readonly timers: readonly { readonly name: string; readonly dueAt: number }[]
}

/**
 * Brings what is stored of an actor from one version to the next; pure. A timer of a renamed state has to be renamed with
 * it, a new one may be due at 0, which is at once. `undefined`: this one goes on under the version it has, which must
 * be among `earlier`.
 */
export type Migration = (stored: StoredActor) => StoredActor | undefined

/**
 * A kind of actor: a pure step over a state that is plain JSON. `step` gets `undefined` for an actor that has never
 * been stored. A step that returns the state it was given, and nothing but replies, is no transition and leaves no row.
 */
export interface ActorDefinition<State = unknown> {
  readonly kind: string
  /** Version of the state's shape and of the step; stored with each snapshot. */
  readonly version: number
  /** From version n, as which it is listed, to n + 1. What is stored in an older version is migrated at the start. */
  readonly migrations?: Readonly<Record<number, Migration>>
  /** Definitions of older versions, to run what no migration takes over. */
  readonly earlier?: readonly ActorDefinition[]
  /** Names of its states, or of the fields of its state where it has only one. */
  readonly form?: readonly string[]
  step(state: State | undefined, incoming: Incoming): StepResult<State | undefined>
  /** Names the row whose existence the step must know before it runs. */
  needs?(message: Message, self: Address): { readonly table: string; readonly unique: string } | undefined
  /** State to and from what is stored; plain JSON where absent. */
  dehydrate?(state: State): unknown
  /** Throws when `stored` is nothing that this version can run. */
  hydrate?(stored: unknown): State
  /** Names of the timers that mean something to it in this state; any may where absent. */
  timersOf?(state: State): readonly string[]
  /** The message that starts an attempt: the journal keeps the whole context then, and patches after it. */
  readonly startsAttempt?: string
  /** The part of the state that people read first: what the journal shows as "state". */
  stateValue?(state: State): unknown
  /** The rest of it, of which the journal keeps patches. */
  context?(state: State): unknown
}

/** Forgets the type of a definition's state, so that definitions of different actors fit one list. */
export function erased<State>(definition: ActorDefinition<State>): ActorDefinition {
  return definition as unknown as ActorDefinition
}
