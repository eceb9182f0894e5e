import type { Reader } from './reader.ts'

/** What a row has to be; null makes no difference. */
interface Wanted {
  readonly status: string
  /** Numbers of payments, both ends included. */
  readonly low: number
  readonly high: number
  readonly step: string | null
  readonly failedAt: string | null
  readonly errorCode: string | null
  readonly amountMin: number | null
  readonly amountMax: number | null
  readonly resendsMin: number | null
  /** Only these; all where absent. */
  readonly ids?: readonly number[] | undefined
  /** None of these. */
  readonly without: readonly number[]
}

/** A payment as the index tells it. */
interface IndexedPayment {
  readonly id: number
  readonly status: string
  readonly step: string
  readonly amount: number | null
}

/** From here on every number that will ever be given has sixteen digits. */
const allOfSameLength = 1_000_000_000_000_000

const wantedRows = `status = :status AND payment_id BETWEEN :low AND :high
  AND (:step IS NULL OR step = :step)
  AND (:failedAt IS NULL OR failed_at = :failedAt)
  AND (:errorCode IS NULL OR error_code = :errorCode)
  AND (:amountMin IS NULL OR amount >= :amountMin)
  AND (:amountMax IS NULL OR amount <= :amountMax)
  AND (:resendsMin IS NULL OR resends >= :resendsMin)
  AND payment_id NOT IN (SELECT value FROM json_each(:without))`
const amongIds = 'payment_id IN (SELECT value FROM json_each(:ids))'
const columns = 'payment_id AS id, status, step, amount'
const newestFirst = 'ORDER BY payment_id DESC LIMIT :limit'

/**
 * Payments as the view `listed_payments` tells them, of one status at a time: then the rows of the index stand in the order in
 * which they are listed, and a filter, however rare what it looks for, reads no more than that status.
 */
export function createPaymentRows({ prepare }: Reader) {
  type Bound = Record<string, string | number | null>
  const all = prepare<[Bound], IndexedPayment>(
    `SELECT ${columns} FROM listed_payments WHERE ${wantedRows} ${newestFirst}`,
  )
  const some = prepare<[Bound], IndexedPayment>(
    `SELECT ${columns} FROM listed_payments WHERE ${wantedRows} AND ${amongIds} ${newestFirst}`,
  )
  const countOfAll = prepare<[Bound], { count: number }>(
    `SELECT count(*) AS count FROM listed_payments WHERE ${wantedRows}`,
  )
  const countOfSome = prepare<[Bound], { count: number }>(
    `SELECT count(*) AS count FROM listed_payments WHERE ${wantedRows} AND ${amongIds}`,
  )
  const countFrom = prepare<[string, number], { count: number }>(
    'SELECT count(*) AS count FROM listed_payments WHERE status = ? AND payment_id >= ?',
  )
  const nthNewest = prepare<[string, number], { id: number }>(
    'SELECT payment_id AS id FROM listed_payments WHERE status = ? ORDER BY payment_id DESC LIMIT 1 OFFSET ?',
  )
  const ordersOfCustomer = prepare<[number], { id: number }>(
    'SELECT order_id AS id FROM customer_orders WHERE customer_id = ?',
  )
  const suspended = prepare<[], { id: number }>(
    `SELECT DISTINCT CAST(substr(envelope ->> '$.correlationId', 7) AS INTEGER) AS id FROM dead_letters
     WHERE resolution IS NULL AND envelope ->> '$.correlationId' LIKE 'order/%'`,
  )
  const ends = prepare<[], { first: number | null; last: number | null }>(
    `SELECT (SELECT sequence FROM journal ORDER BY sequence LIMIT 1) AS first,
       (SELECT sequence FROM journal ORDER BY sequence DESC LIMIT 1) AS last`,
  )
  const rowFrom = prepare<[number], { at: number }>(
    'SELECT committed_at AS at FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT 1',
  )
  // The index alone tells it: the rows themselves are large.
  const touched = prepare<[number, string, number], { saga: string; isNew: number }>(
    `SELECT saga, min(sequence) > ? AS isNew FROM journal INDEXED BY journal_by_saga
     WHERE saga >= ? AND saga < 'order0' GROUP BY saga HAVING max(sequence) > ?`,
  )

  const boundOf = ({ ids, without, ...wanted }: Wanted): Bound => ({
    ...wanted,
    without: JSON.stringify(without),
    ...(ids && { ids: JSON.stringify(ids) }),
  })

  /** The last row of the journal that was committed by then; commits are numbered as time passes. */
  function lastCommittedBy(at: number): number {
    const { first, last } = ends.get() ?? {}
    let low = (first ?? 1) - 1
    let high = last ?? 0
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((rowFrom.get(middle)?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  return {
    /** Newest first. */
    list: (wanted: Wanted, limit: number) =>
      (wanted.ids === undefined ? all : some).all({ ...boundOf(wanted), limit }),
    count: (wanted: Wanted) =>
      (wanted.ids === undefined ? countOfAll : countOfSome).get(boundOf(wanted))?.count ?? 0,
    /** How many there are of a status, from this number on. */
    countFrom: (status: string, low: number) => countFrom.get(status, low)?.count ?? 0,
    /** The lowest number among the newest `count` of a status; `undefined` when there are fewer. */
    lowestOfNewest: (status: string, count: number) => nthNewest.get(status, count - 1)?.id,
    ofCustomer: (customerId: number) => ordersOfCustomer.all(customerId).map(({ id }) => id),
    /** Those of which a message was set aside. */
    suspended: () => suspended.all().map(({ id }) => id),
    /**
     * Those of whose saga something was committed after `at`, in milliseconds; `isNew`: and nothing before. Of numbers
     * below `low` it may tell or not.
     */
    touchedSince(at: number, low: number) {
      const sequence = lastCommittedBy(at)
      // Only numbers of the same length stand in the same order as texts.
      const from = low >= allOfSameLength ? `order/${low}` : 'order/'
      return touched
        .all(sequence, from, sequence)
        .map(({ saga, isNew }) => ({ id: Number(saga.slice('order/'.length)), isNew: isNew === 1 }))
    },
  }
}
