import type { InboxRecord, JournalEntry } from '../runtime/store.ts'

/*
 * How a saga's journal entries and a scope's inbox records of one commit become one row of text each. Most of a payment's
 * bytes are here, so names are not repeated: entries are arrays, and addresses stand in a list beside them.
 */

type PackedEntry = [
  actor: number,
  transition: number,
  /** Milliseconds since the first entry. */
  at: number,
  messageId: string,
  causationId: string,
  from: number,
  message: JournalEntry['message'],
  inSaga: 0 | 1,
  state: unknown,
  patch: JournalEntry['patch'] | null,
]

interface PackedJournal {
  readonly since: number
  readonly addresses: readonly string[]
  readonly entries: readonly PackedEntry[]
}

export function packJournal(entries: readonly JournalEntry[]): string {
  const places = new Map<string, number>()
  const placeOf = (address: string): number => {
    let place = places.get(address)
    if (place === undefined) {
      place = places.size
      places.set(address, place)
    }
    return place
  }
  const since = entries[0]?.at ?? 0
  const packed = entries.map((entry): PackedEntry => {
    const {
      actor,
      transition = 0,
      at,
      messageId,
      causationId,
      from,
      message,
      inSaga,
      state,
      patch = null,
    } = entry
    return [
      placeOf(actor),
      transition,
      at - since,
      messageId,
      causationId,
      placeOf(from),
      message,
      inSaga ? 1 : 0,
      state,
      patch,
    ]
  })
  return JSON.stringify({ since, addresses: [...places.keys()], entries: packed } satisfies PackedJournal)
}

export function unpackJournal(text: string): JournalEntry[] {
  const { since, addresses, entries } = JSON.parse(text) as PackedJournal
  return entries.map(
    ([actor, transition, at, messageId, causationId, from, message, inSaga, state, patch]): JournalEntry => ({
      actor: addresses[actor] ?? '',
      ...(transition > 0 && { transition }),
      at: since + at,
      messageId,
      causationId,
      from: addresses[from] ?? '',
      message,
      inSaga: inSaga === 1,
      ...(state !== null && { state }),
      ...(patch && { patch }),
    }),
  )
}

type PackedRecord = [
  actor: string,
  name: string,
  message: InboxRecord['message'],
  reply: InboxRecord['reply'],
]

export function packInbox(records: readonly InboxRecord[]): string {
  return JSON.stringify(
    records.map(({ actor, name, message, reply }): PackedRecord => [actor, name, message, reply]),
  )
}

export function unpackInbox(text: string): InboxRecord[] {
  return (JSON.parse(text) as PackedRecord[]).map(([actor, name, message, reply]) => ({
    actor,
    name,
    message,
    reply,
  }))
}
