import type { Schemas } from '../api/client.ts'

export type History = Schemas['PaymentHistory']
export type Entry = Schemas['HistoryEntry']
export type Posting = Schemas['LedgerEntry']

/** Which way a payment goes in a state: on, back, or giving back what was paid for. */
export type Lane = 'forward' | 'undo' | 'return'

/** The kind of an address `kind/id`. */
export function kindOf(actor: string): string {
  return actor.slice(0, actor.indexOf('/'))
}

/** The number of an address `kind/id`. */
export function idOf(actor: string): string {
  return actor.slice(actor.indexOf('/') + 1)
}

/** Who asks from outside: a door, or the idempotency key that passes on what came to one. */
export function isCaller(actor: string): boolean {
  return ['door', 'request', 'http'].includes(kindOf(actor))
}

export function paymentActor({ paymentId }: Pick<History, 'paymentId'>): string {
  return `payment/${paymentId}`
}

/** An actor's message to itself: one of its timers has fired. */
export function isTimer({ actor, from }: Pick<Entry, 'actor' | 'from'>): boolean {
  return actor === from
}

/** Where an actor was before an entry; null when that is not told. */
export function stateBefore(entries: readonly Entry[], { actor, position }: Entry): string | null {
  for (let place = position - 2; place >= 0; place -= 1) {
    const entry = entries[place]
    if (entry?.actor === actor && entry.state !== null) return entry.state
  }
  return null
}

/** A message that says no, with why. */
export function refusalOf({ message }: Pick<Entry, 'message'>): { readonly code: string } | undefined {
  return message['refusal'] as { code: string } | undefined
}

/** The place to look at: what the URL says, kept within what is told; the end unless it says one. */
export function positionAt(history: History, at: number | undefined): number {
  const last = history.entries.length
  return at === undefined ? last : Math.min(Math.max(at, 1), Math.max(last, 1))
}
