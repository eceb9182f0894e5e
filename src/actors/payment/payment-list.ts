import type { Clock } from '../../clock.ts'
import { addressOf } from '../../runtime/envelope.ts'
import { Damaged, type JournalEntry } from '../../runtime/store.ts'
import { type OperatedPayment, undoResendsToAlarm } from '../operator-questions.ts'
import { pageOf, sliceOf } from '../paging.ts'
import type { Page, PageRequest } from '../questions.ts'
import { openStatuses, type PaymentFilter, paymentStatuses } from './payment-filter.ts'
import type { PaymentStatus } from './payment-messages.ts'

/*
 * Payments as an operator finds them: filtered, newest first, in pages, and counted. What is asked for is looked up
 * status by status in what the database keeps in order, so that no list reads more than it has to. How long a payment
 * has been in its state stands nowhere but in the journal; only those that might be too young are looked up there.
 */

/** What a payment has to be; null makes no difference. */
interface Wanted {
  readonly status: PaymentStatus
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

/** A payment as it is found, before anything else about it is read. */
interface FoundPayment {
  readonly id: number
  readonly status: string
  readonly step: string
  /** What the wallet pays; null while that is not known. */
  readonly amount: number | null
}

/** What is needed of a database to list payments. */
export interface PaymentRows {
  /** Newest first. */
  list(wanted: Wanted, limit: number): readonly FoundPayment[]
  count(wanted: Wanted): number
  /** How many there are of a status, from this number on. */
  countFrom(status: PaymentStatus, low: number): number
  /** The lowest number among the newest `count` of a status; `undefined` when there are fewer. */
  lowestOfNewest(status: PaymentStatus, count: number): number | undefined
  ofCustomer(customerId: number): readonly number[]
  /** Those of which a message was set aside. */
  suspended(): readonly number[]
  /**
   * Those of whose saga something was committed after `at`, in milliseconds; `isNew`: and nothing before. Of numbers
   * below `low` it may tell or not.
   */
  touchedSince(at: number, low: number): readonly { readonly id: number; readonly isNew: boolean }[]
}

/** A payment in a list; `since` is when it came into its state, null when the journal does not reach back so far. */
export interface ListedPayment extends OperatedPayment {
  readonly since: number | null
}

export interface PaymentCountsByStatus {
  readonly total: number
  /** Of each status under the other filters: how many there would be if it were chosen. */
  readonly statuses: Readonly<Record<PaymentStatus, number>>
  /** The same of those that have not ended. */
  readonly open: number
  /** Of `total`, those that somebody has to look at. */
  readonly attention: number
  /** How many of a status were looked at, the newest, where there are more; null when all were. */
  readonly newestOnly: number | null
}

/**
 * A filter looks at so many payments of each status, the newest, and counts no more: it is answered by the process that
 * carries out payments, which must not wait for it. By order or customer any payment is found.
 */
const lookedAtMax = 20_000
/** How long it is remembered where they begin: meanwhile a few more are looked at. */
const lowestForMs = 60_000

/** Stages in which a payment can have a failure. */
const failing: readonly PaymentStatus[] = ['PAYING', 'COMPENSATING', 'FAILED']

/** The statuses a payment can have in a state of the machine, by its outermost. */
const statusesOf: Readonly<Record<string, readonly PaymentStatus[]>> = {
  paying: ['PAYING'],
  compensating: ['COMPENSATING'],
  failed: ['FAILED'],
  completed: ['COMPLETED', 'PARTIALLY_RETURNED'],
  returning: ['RETURNING'],
  returned: ['RETURNED'],
}

export function createPaymentList({
  rows,
  journal,
  payment,
  clock,
  newestMax = lookedAtMax,
}: {
  rows: PaymentRows
  /** Throws `Damaged` when it was altered on disk. */
  journal(saga: string): readonly JournalEntry[]
  /** Throws `Damaged` when it was altered on disk. */
  payment(paymentId: number): OperatedPayment | undefined
  clock: Pick<Clock, 'now'>
  /** How many payments of a status a filter looks at. */
  newestMax?: number
}) {
  const lowest = new Map<PaymentStatus, { low: number; until: number }>()

  /** Where the newest of a status begin. */
  function lowestOf(status: PaymentStatus): number {
    const known = lowest.get(status)
    if (known !== undefined && clock.now() < known.until) return known.low
    const low = rows.lowestOfNewest(status, newestMax)
    if (low !== undefined) lowest.set(status, { low, until: clock.now() + lowestForMs })
    return low ?? 1
  }

  /** When a payment came into its state, in milliseconds; `undefined` when the journal does not say. */
  function enteredAt(paymentId: number): number | undefined {
    const actor = addressOf('payment', paymentId)
    let entered: { state: string; at: number } | undefined
    for (const entry of unlessDamaged(() => journal(addressOf('order', paymentId))) ?? []) {
      if (entry.actor !== actor || entry.state === undefined) continue
      const state = JSON.stringify(entry.state)
      if (state !== entered?.state) entered = { state, at: entry.at }
    }
    return entered?.at
  }

  /** What a filter looks for, one for each status, its age left aside. */
  function wantedOf(filter: PaymentFilter): Wanted[] {
    const suspended = rows.suspended()
    const { status, orderId, customerId } = filter
    const ofOrder = orderId === undefined ? undefined : [orderId]
    const ids = both(ofOrder, customerId === undefined ? undefined : rows.ofCustomer(customerId))
    const wanted: Wanted = {
      status: 'PAYING',
      low: 1,
      high: Number.MAX_SAFE_INTEGER,
      step: filter.step ?? null,
      failedAt: filter.failedAt ?? null,
      errorCode: filter.errorCode ?? null,
      amountMin: filter.amountMin ?? null,
      amountMax: filter.amountMax ?? null,
      resendsMin: null,
      ids,
      without: [],
    }
    const ofStep = filter.step === undefined ? paymentStatuses : statusesOf[filter.step.split('.')[0] ?? '']
    const bounded = ids === undefined && !isPlain(filter)
    const canFail = filter.failedAt === undefined && filter.errorCode === undefined
    return (status === 'open' ? paymentStatuses : status)
      .filter(each => (canFail || failing.includes(each)) && ofStep?.includes(each))
      .flatMap((each): Wanted[] => {
        const ofStatus = { ...wanted, status: each }
        const ended = status === 'open' && !openStatuses.includes(each)
        const ofSuspended = { ...ofStatus, ids: both(ids, suspended) }
        if (!ended && !filter.attention) return [ofStatus]
        if (!filter.attention || each !== 'COMPENSATING') return [ofSuspended]
        return [ofSuspended, { ...ofStatus, resendsMin: undoResendsToAlarm, without: suspended }]
      })
      .filter(({ ids: some }) => some?.length !== 0)
      .map(each => (bounded && each.ids === undefined ? { ...each, low: lowestOf(each.status) } : each))
  }

  /** Those of what is wanted that have not been in their state since `cutoff` or before. */
  function tooYoung(wanted: readonly Wanted[], cutoff: number): number[] {
    const isYoung = (id: number) => (enteredAt(id) ?? 0) > cutoff
    const few = wanted.every(({ status, ids }) => ids !== undefined || openStatuses.includes(status))
    if (few || wanted.length === 0) {
      return wanted
        .flatMap(each => rows.list(each, Number.MAX_SAFE_INTEGER))
        .map(({ id }) => id)
        .filter(isYoung)
    }
    const low = Math.min(...wanted.map(each => each.low))
    return rows.touchedSince(cutoff, low).flatMap(({ id, isNew }) => (isNew || isYoung(id) ? [id] : []))
  }

  /** What a filter looks for, altogether. */
  function planOf(filter: PaymentFilter): Wanted[] {
    const wanted = wantedOf(filter)
    if (filter.ageMinMs === undefined) return wanted
    const young = tooYoung(wanted, clock.now() - filter.ageMinMs)
    return wanted.map(each => ({ ...each, without: [...each.without, ...young] }))
  }

  function found(wanted: readonly Wanted[], high: number, limit: number): FoundPayment[] {
    return wanted
      .flatMap(each => rows.list({ ...each, high }, limit))
      .sort((left, right) => right.id - left.id)
      .slice(0, limit)
  }

  function listed(row: FoundPayment): ListedPayment | undefined {
    try {
      const operated = payment(row.id)
      return operated && { ...operated, since: enteredAt(row.id) ?? null }
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      return damagedPayment(row)
    }
  }

  const countOf = (wanted: readonly Wanted[]) => wanted.reduce((sum, each) => sum + rows.count(each), 0)

  return {
    enteredAt,

    /** Newest first. */
    list(filter: PaymentFilter, page: PageRequest): Page<ListedPayment> {
      const { after = Number.MAX_SAFE_INTEGER, limit } = sliceOf(page)
      const { items, next } = pageOf(found(planOf(filter), after - 1, limit), page, ({ id }) => id)
      const payments = items.flatMap(row => listed(row) ?? [])
      return next === undefined ? { items: payments } : { items: payments, next }
    },

    /** Numbers of the newest that a filter finds, at most `limit`, and how many it counts. */
    ids(filter: PaymentFilter, limit: number): { ids: readonly number[]; total: number } {
      const wanted = planOf(filter)
      const ids = found(wanted, Number.MAX_SAFE_INTEGER, limit).map(({ id }) => id)
      const counted = wanted.map(each =>
        each.ids === undefined ? { ...each, low: Math.max(each.low, lowestOf(each.status)) } : each,
      )
      return { ids, total: countOf(counted) }
    },

    counts(filter: PaymentFilter): PaymentCountsByStatus {
      const { status, ...others } = filter
      const plain = isPlain(filter)
      const wanted = plain ? [] : planOf({ ...others, status: paymentStatuses })
      const lows = new Map(paymentStatuses.map(each => [each, plain ? lowestOf(each) : 1]))
      const statuses = Object.fromEntries(
        paymentStatuses.map(each => [
          each,
          plain
            ? rows.countFrom(each, lows.get(each) ?? 1)
            : countOf(wanted.filter(one => one.status === each)),
        ]),
      ) as Record<PaymentStatus, number>
      const sumOf = (some: readonly PaymentStatus[]) => some.reduce((sum, each) => sum + statuses[each], 0)
      const open = countOf(planOf({ ...others, status: 'open' }))
      return {
        total: status === 'open' ? open : sumOf(status),
        statuses,
        open,
        attention: countOf(planOf({ ...filter, attention: true })),
        newestOnly: [...lows.values(), ...wanted.map(({ low }) => low)].some(low => low > 1)
          ? newestMax
          : null,
      }
    },
  }
}

/** Whether a filter asks for nothing but the status. */
function isPlain({ status: _status, ...others }: PaymentFilter): boolean {
  return Object.values(others).every(value => value === undefined || value === false)
}

/** What is in both; what is absent is everything. */
function both(
  left: readonly number[] | undefined,
  right: readonly number[] | undefined,
): readonly number[] | undefined {
  if (left === undefined) return right
  if (right === undefined) return left
  const others = new Set(right)
  return left.filter(id => others.has(id))
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}

/** A payment that was altered on disk: of it only what the list itself knows can be told, and that may be wrong too. */
function damagedPayment({ id, status, step, amount }: FoundPayment): ListedPayment {
  return {
    paymentId: id,
    orderId: id,
    customerId: null,
    status: status as PaymentStatus,
    step,
    attempt: 0,
    couponId: null,
    originalPrice: amount,
    discountAmount: amount === null ? null : 0,
    discountedPrice: amount,
    paidAt: null,
    refundedAmount: 0,
    failure: null,
    resends: 0,
    nextResendAt: null,
    givenUpAt: null,
    attention: ['DAMAGED'],
    deadLetterIds: [],
    since: null,
  }
}
