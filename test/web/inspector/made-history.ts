import type { Entry, History } from '../../../web/src/inspector/history.ts'

export const newYear = Date.UTC(2026, 0, 1)

/** A history in which each entry came a second after the one before. */
export function madeHistory(entries: readonly Partial<Entry>[], more: Partial<History> = {}): History {
  return {
    paymentId: 1001,
    orderId: 1001,
    complete: true,
    entries: entries.map((entry, place) => ({
      position: place + 1,
      sequence: place + 1,
      actor: 'payment/1001',
      transition: place + 1,
      at: new Date(newYear + place * 1_000).toISOString(),
      messageId: `m${place + 1}`,
      causationId: `m${place}`,
      from: 'door/1',
      message: { type: 'PayOrder' },
      state: null,
      patch: null,
      ...entry,
    })),
    ledger: [],
    events: [],
    charts: { payment: '1', order: '1' },
    ...more,
  }
}
