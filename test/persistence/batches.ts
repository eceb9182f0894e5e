import type { Batch } from '../../src/runtime/store.ts'

export const at = Date.UTC(2026, 0, 5, 3)

const nothing: Batch = {
  at,
  snapshots: [],
  rows: [],
  ledger: [],
  inbox: new Map(),
  journal: new Map(),
  outbox: [],
  timersSet: [],
  timersRemoved: [],
  mailboxAdded: [],
  mailboxRemoved: [],
  deadLetters: [],
  deadLettersResolved: [],
  audit: [],
  forgotten: [],
}

/** A batch of these parts and nothing else. */
export const batchOf = (parts: Partial<Batch>): Batch => ({ ...nothing, ...parts })

export const snapshot = (id: string, total: number, transition = 1) => ({
  kind: 'counter',
  id,
  version: 1,
  transition,
  state: JSON.stringify({ total }),
})

/** A charge: two lines of the ledger. */
export const charge = (amount: number, totalAfter: number) => ({
  changeType: 'CHARGE',
  key: 'k',
  at,
  lines: [
    { account: 'wallet/11', amount, totalAfter },
    { account: 'cash-in', amount: -amount },
  ],
})

export const envelope = (id: string) => ({
  id,
  version: 1,
  from: 'counter/1',
  to: 'counter/2',
  message: { type: 'Add', amount: 1 },
  correlationId: 'saga',
  causationId: 'm0',
})

export const journalEntry = (messageId: string) => ({
  actor: 'counter/1',
  transition: 1,
  at,
  messageId,
  causationId: 'm0',
  from: 'door/1',
  message: { type: 'Add', amount: 1 },
  inSaga: true,
  patch: [[['total'], 1]] as const,
})

export const event = (id: string, topic = 'news') => ({
  id,
  topic,
  key: 'k',
  message: { type: 'Hello' },
  at,
  correlationId: 'saga',
})

export const timer = (name: string, dueAt: number) => ({
  actor: 'counter/1',
  name,
  dueAt,
  generation: 1,
  correlationId: 'saga',
})
