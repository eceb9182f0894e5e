import { proportionOf, walletAmountMax } from '../../money.ts'
import type { ShopProfile } from '../seed/shop-profile.ts'
import { type LeftOutLine, type RetailLine, type ReturnedLine, readRetailCsv } from './retail-csv.ts'

/** What of the file is payable, counted before anything is sent. */
export interface RetailTotals {
  lines: number
  invoices: number
  units: number
  pence: number
}

/** The returns of a file: its invoices that begin with a C. */
export interface RetailReturned {
  lines: number
  invoices: number
  units: number
}

/** What of the file is not: every other line of it, and every other invoice with a line that is not bad. */
export interface RetailLeftOut {
  lines: Record<LeftOutLine['leftOut'] | 'BEYOND_LIMIT', number>
  invoices: Record<'INVOICE_NOT_NUMERIC' | 'NO_PAYABLE_LINE' | 'BEYOND_LIMIT', number>
  /** The first bad lines, with their numbers. */
  badLines: readonly { lineNumber: number; detail: string }[]
}

/** Everything that must exist before the orders of a file can be placed, and what they come to. */
export interface RetailCatalogue {
  profile: ShopProfile
  totals: RetailTotals
  /** What the file says came back, before anything is matched. */
  returned: RetailReturned
  leftOut: RetailLeftOut
  /** The ids of what a line sold; `undefined` when the file did not have it when the catalogue was made. */
  optionOf(line: RetailLine): { productId: number; productOptionId: number } | undefined
  /** Who a line that came back is about; `undefined` for one who has bought nothing that counts. */
  customerOf(line: ReturnedLine): number | undefined
  /** What a stock code is in the shop; `undefined` when it was never sold. */
  productOf(stockCode: string): number | undefined
  /** Whether a customer returns some of a product somewhere in the file. */
  isReturned(customerId: number, productId: number): boolean
  /** By invoice number: who pays, and of how many lines the order consists. */
  invoices: ReadonlyMap<string, { customerId: number; lines: number }>
  /** By invoice number: of how many lines a return consists. */
  returns: ReadonlyMap<string, number>
}

/**
 * Ids count up from these in order of appearance. They lie beyond those of the built-in seed profiles, so a replay can
 * be added to a seeded shop.
 */
const firstIds = { product: 1_000_001, option: 2_000_001, customer: 3_000_001 }

const shortOptionEvery = 50
const poorCustomerEvery = 10
const badLinesMax = 20

interface Product {
  id: number
  stockCode: string
  description: string
  options: Map<number, { id: number; sold: number }>
}

/**
 * First pass over the file: sums up what is sold, by whom, at which prices. A stock code is a product, each price of it
 * in pence an option; a customer is a customer, and so is each invoice that names none (a guest). Unless `exact`, every
 * fiftieth option is stocked one unit short and every tenth customer gets nine tenths of the money, so that some orders
 * must be refused. `limit` keeps the first so many payable invoices. Throws `RetailFileUnreadable`.
 */
export async function retailCatalogue(
  file: string,
  { exact, limit = Infinity }: { exact: boolean; limit?: number },
): Promise<RetailCatalogue> {
  const products = new Map<string, Product>()
  const customers = new Map<string, { id: number; spends: number }>()
  const invoices = new Map<string, { customerId: number; lines: number }>()
  const totals: RetailTotals = { lines: 0, invoices: 0, units: 0, pence: 0 }
  const returned: RetailReturned = { lines: 0, invoices: 0, units: 0 }
  const returns = new Map<string, number>()
  const returnedProducts = new Set<string>()
  const tally = createLeftOutTally()
  let optionCount = 0

  const add = (line: RetailLine) => {
    let product = products.get(line.stockCode)
    if (product === undefined) {
      product = {
        id: firstIds.product + products.size,
        stockCode: line.stockCode,
        description: '',
        options: new Map(),
      }
      products.set(line.stockCode, product)
    }
    product.description ||= line.description.trim()
    let option = product.options.get(line.pence)
    if (option === undefined) {
      option = { id: firstIds.option + optionCount, sold: 0 }
      optionCount += 1
      product.options.set(line.pence, option)
    }
    option.sold += line.quantity

    const username = line.customer === '' ? `guest ${line.invoice}` : usernameOf(line.customer)
    let customer = customers.get(username)
    if (customer === undefined) {
      customer = { id: firstIds.customer + customers.size, spends: 0 }
      customers.set(username, customer)
    }
    customer.spends += line.quantity * line.pence

    const invoice = invoices.get(line.invoice)
    if (invoice === undefined) invoices.set(line.invoice, { customerId: customer.id, lines: 1 })
    else invoice.lines += 1
    totals.lines += 1
    totals.units += line.quantity
    totals.pence += line.quantity * line.pence
  }

  const takeBack = (line: ReturnedLine) => {
    returned.lines += 1
    returned.units += line.quantity
    returns.set(line.invoice, (returns.get(line.invoice) ?? 0) + 1)
    const customer = customers.get(usernameOf(line.customer))
    const product = products.get(line.stockCode)
    if (customer && product) returnedProducts.add(`${customer.id} ${product.id}`)
  }

  for await (const line of readRetailCsv(file)) {
    if (line.type === 'leftOut') tally.leaveOut(line)
    else if (line.type === 'returned') {
      if (invoices.size < limit) takeBack(line)
      else tally.leaveOutBeyondLimit(line)
    } else if (invoices.has(line.invoice) || invoices.size < limit) add(line)
    else tally.leaveOutBeyondLimit(line)
  }
  totals.invoices = invoices.size
  returned.invoices = returns.size

  return {
    profile: {
      products: Array.from(products.values(), product => shelved(product, exact)),
      customers: Array.from(customers, ([username, { id, spends }], at) => ({
        id,
        username,
        balance: walletOf(spends, !exact && (at + 1) % poorCustomerEvery === 0),
      })),
      coupons: [],
    },
    totals,
    returned,
    leftOut: tally.result(invoices),
    optionOf(line) {
      const product = products.get(line.stockCode)
      const option = product?.options.get(line.pence)
      return product && option && { productId: product.id, productOptionId: option.id }
    },
    customerOf: ({ customer }) => customers.get(usernameOf(customer))?.id,
    productOf: stockCode => products.get(stockCode)?.id,
    isReturned: (customerId, productId) => returnedProducts.has(`${customerId} ${productId}`),
    invoices,
    returns,
  }
}

const usernameOf = (customer: string) => `customer ${customer}`

function walletOf(spends: number, poor: boolean): number {
  return Math.min(poor ? proportionOf(spends, 9, 10) : spends, walletAmountMax)
}

function shelved(product: Product, exact: boolean): ShopProfile['products'][number] {
  const basePrice = Math.min(...product.options.keys())
  return {
    id: product.id,
    name: (product.description || product.stockCode).slice(0, 200),
    basePrice,
    options: Array.from(product.options, ([pence, { id, sold }]) => ({
      id,
      optionName: (pence / 100).toFixed(2),
      extraPrice: pence - basePrice,
      stock: !exact && (id - firstIds.option + 1) % shortOptionEvery === 0 ? sold - 1 : sold,
    })),
  }
}

function createLeftOutTally() {
  const lines = {
    BAD_LINE: 0,
    INVOICE_NOT_NUMERIC: 0,
    QUANTITY_NOT_POSITIVE: 0,
    PRICE_NOT_POSITIVE: 0,
    BEYOND_LIMIT: 0,
  }
  const badLines: { lineNumber: number; detail: string }[] = []
  const reasons = new Map<string, keyof RetailLeftOut['invoices']>()
  return {
    leaveOut(line: LeftOutLine) {
      lines[line.leftOut] += 1
      if (line.leftOut === 'BAD_LINE') {
        const { lineNumber, detail } = line
        if (badLines.length < badLinesMax) badLines.push({ lineNumber, detail })
      } else if (!reasons.has(line.invoice)) {
        const { leftOut, invoice } = line
        reasons.set(invoice, leftOut === 'INVOICE_NOT_NUMERIC' ? leftOut : 'NO_PAYABLE_LINE')
      }
    },
    leaveOutBeyondLimit({ invoice }: RetailLine | ReturnedLine) {
      lines.BEYOND_LIMIT += 1
      reasons.set(invoice, 'BEYOND_LIMIT')
    },
    result(payable: ReadonlyMap<string, unknown>): RetailLeftOut {
      const invoices = { INVOICE_NOT_NUMERIC: 0, NO_PAYABLE_LINE: 0, BEYOND_LIMIT: 0 }
      for (const [invoice, reason] of reasons) if (!payable.has(invoice)) invoices[reason] += 1
      return { lines, invoices, badLines }
    },
  }
}
