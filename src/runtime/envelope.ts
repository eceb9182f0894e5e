/** An actor's address, `kind/id`. What is not an actor, such as a waiting HTTP request, is a `door/…`. */
export type Address = string

/** What is said: a type and flat, serialisable fields. Commands are imperative, events past tense, refusals `…Rejected`. */
export type Message = { readonly type: string; readonly [field: string]: unknown }

/**
 * The name of one effect that must happen once. `scope` groups the keys that are forgotten together (an attempt of a
 * payment: `1001/1`), `name` tells them apart (`decreaseStock/6001`).
 */
export interface Key {
  readonly scope: string
  readonly name: string
}

/** A message on its way. Serialisable as it stands: it may cross a process or be stored. */
export interface Envelope {
  readonly id: string
  readonly version: number
  readonly from: Address
  readonly to: Address
  readonly message: Message
  /** Set on every message that must take effect once however often it comes. */
  readonly key?: Key | undefined
  /** On an undo: the key of what it undoes, which may never have arrived. */
  readonly undoes?: Key | undefined
  /** On a reply: the id of the message it answers. */
  readonly inReplyTo?: string | undefined
  /** The saga this belongs to; the journal is grouped by it. */
  readonly correlationId: string
  /** Id of the message that caused this one. */
  readonly causationId: string
  readonly traceparent?: string
  /** Whoever commands it by hand, and why: the runtime keeps a row of it in the audit log. */
  readonly operator?: Operator | undefined
  /** What the sender said, where an operator put something else in its place; a repeat is held against this. */
  readonly original?: Message | undefined
  /** True only where it is certain that no earlier message had this key; then the look-up is saved. */
  readonly fresh?: boolean | undefined
}

/** A person who acts on actors by hand. */
export interface Operator {
  readonly name: string
  readonly reason: string
}

/** Who asked: enough to answer later, also from another step and after a restart. */
export interface Caller {
  readonly from: Address
  readonly id: string
  /** The key of what was asked, if it had one: what is answered later is then remembered with it. */
  readonly key?: Key | undefined
}

export function addressOf(kind: string, id: string | number): Address {
  return `${kind}/${id}`
}

export function kindOf(address: Address): string {
  return address.slice(0, address.indexOf('/'))
}

export function idOf(address: Address): string {
  return address.slice(address.indexOf('/') + 1)
}

/** A door, or an idempotency key that passes on what came to one: whoever waits there can be told at once. */
export function isOutside(address: Address): boolean {
  return address.startsWith('door/') || address.startsWith('request/')
}
