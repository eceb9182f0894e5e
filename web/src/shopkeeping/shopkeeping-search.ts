/* What stands in the URLs of these pages, which anybody may have typed: what means nothing is left out. */

type Given = Record<string, unknown>

export const rankingDays = [1, 7, 30] as const
export const campaignStates = ['open', 'future', 'over'] as const
export const customerTabs = ['ledger', 'orders', 'coupons'] as const

export interface ProductsSearch {
  readonly q?: string
  readonly days?: (typeof rankingDays)[number]
}

export interface ProductSearch {
  /** The option whose movements are shown. */
  readonly option?: number
}

export interface CouponsSearch {
  readonly state?: (typeof campaignStates)[number]
}

export interface CustomersSearch {
  readonly query?: string
}

export interface CustomerSearch {
  readonly tab?: (typeof customerTabs)[number]
}

export function productsSearch(given: Given): ProductsSearch {
  const days = rankingDays.find(each => `${each}` === `${given['days']}`)
  return { ...present('q', textOf(given['q'])), ...present('days', days) }
}

export function productSearch(given: Given): ProductSearch {
  return present('option', idOf(given['option']))
}

export function couponsSearch(given: Given): CouponsSearch {
  return present(
    'state',
    campaignStates.find(each => each === given['state']),
  )
}

export function customersSearch(given: Given): CustomersSearch {
  return present('query', textOf(given['query']))
}

export function customerSearch(given: Given): CustomerSearch {
  return present(
    'tab',
    customerTabs.find(each => each === given['tab']),
  )
}

/** The number in a path; `undefined` when it cannot be one of ours. */
export function idOf(given: unknown): number | undefined {
  const text = `${given}`
  const id = Number(text)
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(id) ? id : undefined
}

function textOf(given: unknown): string | undefined {
  const text = typeof given === 'string' || typeof given === 'number' ? `${given}`.trim() : ''
  return text === '' ? undefined : text.slice(0, 200)
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }
}
