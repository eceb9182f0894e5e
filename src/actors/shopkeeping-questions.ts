import type { Clock } from '../clock.ts'
import { Damaged } from '../runtime/store.ts'
import type { CouponCampaign } from './coupon/coupon-messages.ts'
import type { Account } from './customer/customer-messages.ts'
import { pageOf, sliceOf } from './paging.ts'
import type { BalanceHistory, Page, PageRequest, Questions } from './questions.ts'
import type { Slice } from './read-side.ts'

export const campaignStates = ['open', 'future', 'over'] as const
export type CampaignState = (typeof campaignStates)[number]

export const movementKinds = ['RESTOCK', 'WRITE_OFF', 'DECREASE', 'RESTORE', 'RETURN'] as const

/** A customer as whoever keeps the shop sees them. */
export interface KeptCustomer extends Account {
  /** In the minor unit; null before there is a balance, or when it was altered on disk. */
  readonly balance: number | null
}

/** One line of a wallet. `amount` is signed, in the minor unit; times in milliseconds. */
export interface LedgerLine {
  readonly sequence: number
  readonly changeType: BalanceHistory['changeType']
  readonly amount: number
  readonly totalAfter: number
  readonly at: number
  /** Of the order it was about; null where money came in or staff gave it. */
  readonly orderId: number | null
}

/** One change of a stock; `quantity` is signed. */
export interface StockMovement {
  readonly sequence: number
  readonly movement: (typeof movementKinds)[number]
  readonly quantity: number
  readonly at: number
  /** Null of what the staff did. */
  readonly orderId: number | null
}

export type KeptCampaign = CouponCampaign & {
  readonly state: CampaignState
}

/** What whoever keeps the shop needs of a database; everything newest first. */
interface ShopRows {
  customers(query: string | undefined, slice: Slice): readonly number[]
  walletLines(
    customerId: number,
    slice: Slice,
  ): readonly (Omit<LedgerLine, 'changeType' | 'orderId'> & {
    readonly changeType: string
    readonly key: string
  })[]
  stockMovements(
    productOptionId: number,
    slice: Slice,
  ): readonly (Omit<StockMovement, 'movement' | 'orderId'> & {
    readonly movement: string
    readonly key: string
  })[]
  campaigns(state: 'all' | CampaignState, now: number, slice: Slice): readonly number[]
}

interface Needed {
  readonly rows: ShopRows
  readonly questions: Pick<Questions, 'account' | 'balanceAmount' | 'coupon'>
  readonly clock: Pick<Clock, 'now'>
}

/** What whoever keeps the shop asks, answered from committed data. */
export function answerShopkeepingQuestions({ rows, questions, clock }: Needed) {
  function customer(customerId: number): KeptCustomer | undefined {
    const account = questions.account(customerId)
    if (account === undefined) return undefined
    return { ...account, balance: unlessDamaged(() => questions.balanceAmount(customerId)) ?? null }
  }

  return {
    /** Newest first; those with this number, or whose username begins so. What was altered on disk is left out. */
    customers: (query: string | undefined, page: PageRequest): Page<KeptCustomer> =>
      each(rows.customers(query, sliceOf(page)), page, customer),

    /** `undefined` when there is nobody of this number. */
    customer,

    /** Newest first. Throws `Damaged` when it was altered on disk. */
    ledger: (customerId: number, page: PageRequest): Page<LedgerLine> =>
      pageOf(
        rows.walletLines(customerId, sliceOf(page)),
        page,
        ({ sequence }) => sequence,
        ({ key, changeType, ...line }) => ({
          ...line,
          changeType: changeType as LedgerLine['changeType'],
          orderId: orderOf(key),
        }),
      ),

    /** Newest first. */
    stockMovements: (productOptionId: number, page: PageRequest): Page<StockMovement> =>
      pageOf(
        rows.stockMovements(productOptionId, sliceOf(page)),
        page,
        ({ sequence }) => sequence,
        ({ key, movement, quantity, ...row }) => ({
          ...row,
          movement: movement as StockMovement['movement'],
          quantity: movement === 'DECREASE' || movement === 'WRITE_OFF' ? -quantity : quantity,
          orderId: orderOf(key),
        }),
      ),

    /** Newest first. What was altered on disk is left out. */
    campaigns(state: 'all' | CampaignState, page: PageRequest): Page<KeptCampaign> {
      const now = clock.now()
      return each(rows.campaigns(state, now, sliceOf(page)), page, couponId => {
        const found = questions.coupon(couponId)
        return found && { ...found, state: stateOf(found, now) }
      })
    },
  }
}

export type ShopkeepingQuestions = ReturnType<typeof answerShopkeepingQuestions>

function stateOf({ startedAt, expiredAt, endedAt }: CouponCampaign, now: number): CampaignState {
  if (endedAt !== null || now > expiredAt) return 'over'
  return now < startedAt ? 'future' : 'open'
}

/** The order that a key names: `1001/2/stock/6001` is of the second attempt to pay order 1001. */
function orderOf(key: string): number | null {
  const id = key.match(/^([1-9]\d{0,15})\/\d+\//)?.[1]
  return id === undefined ? null : Number(id)
}

function each<Item>(
  ids: readonly number[],
  page: PageRequest,
  read: (id: number) => Item | undefined,
): Page<Item> {
  const { items, next } = pageOf(ids, page, id => id)
  const known = items.flatMap(id => unlessDamaged(() => read(id)) ?? [])
  return next === undefined ? { items: known } : { items: known, next }
}

function unlessDamaged<Item>(read: () => Item): Item | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}
