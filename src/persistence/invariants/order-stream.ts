import { isDeepStrictEqual } from 'node:util'
import type { Database } from 'better-sqlite3'

/*
 * The fold of an order's events, told once more from what the stream means: were it the order machine's own code, a
 * mistake in there would agree with itself.
 */

export interface StoredEvent {
  readonly orderId: number
  readonly sequence: number
  readonly type: string
  readonly status: string
  readonly at: number
  readonly body: string
}

export const selectEvents = 'SELECT order_id AS orderId, sequence, type, status, at, body FROM order_events'

export interface Fold {
  readonly status: string
  readonly context: { readonly sequence: number; readonly [field: string]: unknown }
}

const returns = { ItemsReturned: 'PARTIALLY_RETURNED', OrderReturned: 'RETURNED' }

/** The status an event leads to from the one before it; what is not named here does not happen. */
const legalSteps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': { OrderCreated: 'CREATED' },
  CREATED: { PaymentBegun: 'PAYING', OrderCancelled: 'CANCELLED', OrderExpired: 'EXPIRED' },
  PAYING: {
    OrderPaid: 'PAID',
    PaymentReleased: 'CREATED',
    OrderCancelled: 'CANCELLED',
    OrderExpired: 'EXPIRED',
  },
  PAID: { PaymentVoided: 'PAYING', ...returns },
  PARTIALLY_RETURNED: returns,
}

/** The stream of every order, one after the other. */
export function* orderStreams(database: Database): Iterable<readonly StoredEvent[]> {
  let stream: StoredEvent[] = []
  const rows = database.prepare<[], StoredEvent>(`${selectEvents} ORDER BY order_id, sequence`)
  for (const event of rows.iterate()) {
    if (stream.length > 0 && event.orderId !== stream[0]?.orderId) {
      yield stream
      stream = []
    }
    stream.push(event)
  }
  if (stream.length > 0) yield stream
}

/** Every event that does not follow from those before it, and every order whose state is not what its events say. */
export function* orderStreamBreaks(database: Database): Iterable<string> {
  const stored = database
    .prepare<[string], string>(`SELECT state FROM snapshots WHERE kind = 'order' AND id = ?`)
    .pluck()
  for (const stream of orderStreams(database)) {
    const orderId = stream[0]?.orderId ?? 0
    yield* streamBreaks(orderId, stream, stored.get(String(orderId)))
  }

  yield* database
    .prepare<[], string>(`
      SELECT format('order %s has no events', id)
      FROM snapshots
      WHERE kind = 'order' AND NOT EXISTS (SELECT 1 FROM order_events WHERE order_id = CAST(id AS INTEGER))`)
    .pluck()
    .iterate()
}

/** What the events of one order come to: its status, and what its context says. */
export function foldOf(events: readonly StoredEvent[]): Fold {
  return events.reduce(applied, nothing)
}

/** Every event of one order that does not follow from those before it. */
export function* missteps(events: readonly StoredEvent[]): Iterable<string> {
  let fold: Fold = nothing
  for (const event of events) {
    yield* misstep(fold, event)
    fold = applied(fold, event)
  }
}

/** The same of one order: its events in their order, and its state as JSON, if it has one. */
export function* streamBreaks(
  orderId: number,
  events: readonly StoredEvent[],
  state: string | undefined,
): Iterable<string> {
  yield* missteps(events)
  if (state !== undefined && events.length > 0) yield* differences(orderId, foldOf(events), JSON.parse(state))
  else if (state !== undefined) yield `order ${orderId} has no events`
  else if (events.length > 0) yield `order ${orderId} has events and no state`
}

const nothing: Fold = { status: '', context: { attempt: 0, payment: null, sequence: 0 } }

function* misstep({ status, context }: Fold, event: StoredEvent): Iterable<string> {
  const { orderId, sequence, type } = event
  const name = `event ${sequence} of order ${orderId}`
  if (sequence !== Number(context['sequence']) + 1) yield `${name} follows event ${context['sequence']}`
  const legal = legalSteps[status]?.[type]
  if (legal !== event.status) yield `${name}, ${type}, leads from ${status || 'nothing'} to ${event.status}`
}

function applied({ context }: Fold, { orderId, sequence, type, status, at, body }: StoredEvent): Fold {
  const content = JSON.parse(body)
  const next = { ...context, sequence }
  switch (type) {
    case 'OrderCreated':
      return { status, context: { ...next, orderId, createdAt: at, ...content } }
    case 'PaymentBegun':
      return { status, context: { ...next, ...content } }
    case 'OrderPaid':
      return { status, context: { ...next, payment: content } }
    case 'PaymentVoided':
      return { status, context: { ...next, payment: null } }
    default:
      return { status, context: next }
  }
}

function* differences(
  orderId: number,
  fold: Fold,
  { value, context }: { value: string; context: Readonly<Record<string, unknown>> },
): Iterable<string> {
  if (value !== fold.status) yield `order ${orderId} is ${value}, its events say ${fold.status}`
  for (const [field, folded] of Object.entries(fold.context)) {
    if (!isDeepStrictEqual(context[field], folded))
      yield `${field} of order ${orderId} is not what its events say`
  }
}
