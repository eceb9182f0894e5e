import type Sqlite from 'better-sqlite3'
import { type Calls, codeOf, createBatchWriter } from './batch-writer.ts'
import { isIntact, type StoredSnapshot } from './intact-snapshot.ts'
import { foldOf, missteps, orderStreams, type StoredEvent, streamBreaks } from './invariants/order-stream.ts'
import { unpackJournal } from './packing.ts'

/*
 * The stream of an order is what counts and is kept for ever; its snapshot is a cache of the fold of it. So a snapshot that
 * is altered or gone can be made again, and whether it is right can be seen without anybody's word.
 */

/** What folding every stream has shown. */
export interface OrderFindings {
  readonly orders: number
  readonly events: number
  /** Orders whose snapshot is not the fold of their events, or gone, with what differs; the first few. */
  readonly differing: readonly { readonly orderId: number; readonly differences: readonly string[] }[]
  readonly differingCount: number
  /** Of them, those whose own events do not follow from each other: they cannot be made again. */
  readonly brokenStreams: number
}

const shownMax = 20

interface Differing {
  readonly orderId: number
  readonly events: readonly StoredEvent[]
  readonly snapshot: StoredSnapshot | undefined
  readonly differences: readonly string[]
  readonly isBroken: boolean
}

/** Folds the stream of every order and compares; only reads. `onOrder` is called after each. */
export function verifyOrders(database: Sqlite.Database, onOrder: () => void = () => {}): OrderFindings {
  return findingsOf([...differingOrders(database, onOrder)], countsOf(database))
}

/**
 * Makes the snapshot of every order anew that is not the fold of its events, as version `version` of the actor, in a
 * database that nobody else has open. What was still waiting in the old one, customers who cancel, is kept where it can be
 * read. Returns what it found, which a later `verifyOrders` no longer finds but for broken streams.
 */
export function rebuildOrders(
  database: Sqlite.Database,
  version: number,
  onOrder: () => void = () => {},
): OrderFindings {
  const differing = [...differingOrders(database, onOrder)]
  const write = createBatchWriter(database)
  const transitions = transitionsOf(database)
  const calls: Calls = differing
    .filter(({ isBroken }) => !isBroken)
    .flatMap(({ orderId, events, snapshot }) => {
      const { status, context } = foldOf(events)
      const state = JSON.stringify({
        value: status,
        context: { ...context, cancellers: cancellersOf(snapshot) },
      })
      const transition = transitions(orderId) ?? snapshot?.transition ?? events.length
      return [codeOf('snapshot'), 'order', String(orderId), version, transition, state]
    })
  const outcome = write(calls)
  if (outcome.type !== 'written') throw new Error(outcome.reason)
  return findingsOf(differing, countsOf(database))
}

function* differingOrders(database: Sqlite.Database, onOrder: () => void): Iterable<Differing> {
  const stored = database.prepare<[string], StoredSnapshot>(
    `SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = 'order' AND id = ?`,
  )
  for (const events of orderStreams(database)) {
    const orderId = events[0]?.orderId ?? 0
    const snapshot = stored.get(String(orderId))
    const isWritten = snapshot !== undefined && isIntact(snapshot)
    const altered =
      snapshot !== undefined && !isWritten ? [`the snapshot of order ${orderId} was altered`] : []
    const differences = [...altered, ...streamBreaks(orderId, events, isWritten ? snapshot.state : undefined)]
    if (differences.length > 0)
      yield { orderId, events, snapshot, differences, isBroken: [...missteps(events)].length > 0 }
    onOrder()
  }
}

function findingsOf(
  differing: readonly Differing[],
  counts: { orders: number; events: number },
): OrderFindings {
  return {
    ...counts,
    differing: differing.slice(0, shownMax).map(({ orderId, differences }) => ({ orderId, differences })),
    differingCount: differing.length,
    brokenStreams: differing.filter(({ isBroken }) => isBroken).length,
  }
}

function countsOf(database: Sqlite.Database): { orders: number; events: number } {
  const counts = database
    .prepare<[], { orders: number; events: number }>(
      'SELECT count(DISTINCT order_id) AS orders, count(*) AS events FROM order_events',
    )
    .get()
  return counts ?? { orders: 0, events: 0 }
}

/** The last transition that the journal tells of an order; `undefined` once it tells of none any more. */
function transitionsOf(database: Sqlite.Database): (orderId: number) => number | undefined {
  const rows = database
    .prepare<[string], string>('SELECT entries FROM journal WHERE saga = ? ORDER BY sequence DESC')
    .pluck()
  return orderId => {
    for (const entries of rows.iterate(`order/${orderId}`)) {
      const told = unpackJournal(entries).filter(({ actor }) => actor === `order/${orderId}`)
      const last = told.findLast(({ transition }) => transition !== undefined)
      if (last !== undefined) return last.transition
    }
    return undefined
  }
}

function cancellersOf(snapshot: StoredSnapshot | undefined): unknown[] {
  try {
    const { context } = JSON.parse(snapshot?.state ?? '')
    return Array.isArray(context.cancellers) ? context.cancellers : []
  } catch {
    return []
  }
}
