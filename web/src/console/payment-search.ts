import type { paths } from '../api/schema.d.ts'

export type FilterQuery = NonNullable<paths['/operator/payments/counts']['get']['parameters']['query']>

/** The filters of the list of payments as they stand in the URL of the page; what is absent filters nothing. */
export interface PaymentSearch {
  /** `open`, or statuses with commas between them; all where absent. */
  readonly state?: string
  readonly step?: string
  readonly failedAt?: NonNullable<FilterQuery['failedAt']>
  readonly errorCode?: string
  readonly amountMin?: number
  readonly amountMax?: number
  readonly ageMinSeconds?: number
  readonly customer?: number
  readonly order?: number
  readonly attention?: true
}

export const statuses = [
  'PAYING',
  'COMPENSATING',
  'FAILED',
  'COMPLETED',
  'RETURNING',
  'PARTIALLY_RETURNED',
  'RETURNED',
] as const
export type Status = (typeof statuses)[number]

export const refusableSteps = [
  'claimingOrder',
  'decreasingStock',
  'usingCoupon',
  'deductingBalance',
  'recordingPayment',
  'recordingStatistics',
] as const satisfies readonly NonNullable<FilterQuery['failedAt']>[]

/** Reads the filters from a URL that anybody may have typed: what is no filter is left out. */
export function paymentSearch(given: Record<string, unknown>): PaymentSearch {
  const state = stateOf(given['state'])
  const step = textOf(given['step'])
  const failedAt = refusableSteps.find(each => each === given['failedAt'])
  const errorCode = textOf(given['errorCode'])?.toUpperCase()
  const numbers = {
    amountMin: numberOf(given['amountMin'], 0),
    amountMax: numberOf(given['amountMax'], 0),
    ageMinSeconds: numberOf(given['ageMinSeconds'], 1),
    customer: numberOf(given['customer'], 1),
    order: numberOf(given['order'], 1),
  }
  return {
    ...(state !== undefined && { state }),
    ...(step !== undefined && { step }),
    ...(failedAt !== undefined && { failedAt }),
    ...(errorCode !== undefined && /^[A-Z_]{1,60}$/.test(errorCode) && { errorCode }),
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)),
    ...(`${given['attention']}` === 'true' && { attention: true as const }),
  }
}

/** The same as the server asks for it. */
export function filterQuery({ state = 'all', attention, ...search }: PaymentSearch): FilterQuery {
  return { ...search, status: state, ...(attention && { attention: 'true' as const }) }
}

/** The same as it stands in a body. */
export function filterBody({ attention, ...query }: FilterQuery) {
  return { ...query, ...(attention !== undefined && { attention: true as const }) }
}

/** How many filters are set beside the status. */
export function filtersSet({ state: _state, ...others }: PaymentSearch): number {
  return Object.keys(others).length
}

function stateOf(given: unknown): string | undefined {
  const text = textOf(given)
  if (text === undefined || text === 'all') return undefined
  if (text === 'open') return text
  const wanted = text.toUpperCase().split(',')
  const known = statuses.filter(status => wanted.includes(status))
  return known.length === 0 ? undefined : known.join(',')
}

function textOf(given: unknown): string | undefined {
  const text = typeof given === 'string' || typeof given === 'number' ? `${given}`.trim() : ''
  return text === '' ? undefined : text.slice(0, 100)
}

function numberOf(given: unknown, min: number): number | undefined {
  const number = Number(textOf(given) ?? Number.NaN)
  return Number.isSafeInteger(number) && number >= min ? number : undefined
}
