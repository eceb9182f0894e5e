import type { RetailCatalogue } from './retail-catalogue.ts'
import { RetailFileUnreadable, type ReturnedLine, readRetailCsv } from './retail-csv.ts'

interface RetailOrderItem {
  productId: number
  productOptionId: number
  quantity: number
}

/** One payable invoice as the order it becomes. */
export interface RetailOrder {
  type: 'order'
  customerId: number
  items: readonly RetailOrderItem[]
}

/** One invoice of what came back, product by product. */
export interface RetailReturn {
  type: 'return'
  invoice: string
  /** `undefined` where the invoice names nobody, or one who has bought nothing that counts. */
  customerId: number | undefined
  isNamed: boolean
  /** `productId` is `undefined` for what was never sold. */
  items: readonly { productId: number | undefined; quantity: number }[]
}

/**
 * Second pass over the file: its orders and returns in time order, which is the order of the file, each when its last line
 * is read, with lines of the same option as one item.
 * The lines of an invoice need not stand together (those of 542806 do not); only invoices that are not yet whole are
 * kept in memory. Throws `RetailFileUnreadable`, also when the file is no longer the one the catalogue was made of.
 */
export async function* retailOrders(
  file: string,
  catalogue: RetailCatalogue,
): AsyncGenerator<RetailOrder | RetailReturn> {
  const returning = new Map<string, ReturnedLine[]>()
  const unfinished = new Map<string, { lines: number; items: Map<number, RetailOrderItem> }>()
  for await (const line of readRetailCsv(file)) {
    if (line.type === 'leftOut') continue
    if (line.type === 'returned') {
      const lines = returning.get(line.invoice) ?? []
      returning.set(line.invoice, lines)
      lines.push(line)
      if (lines.length !== catalogue.returns.get(line.invoice)) continue
      returning.delete(line.invoice)
      yield returnOf(lines, catalogue)
      continue
    }
    const invoice = catalogue.invoices.get(line.invoice)
    // Beyond the limit.
    if (invoice === undefined) continue
    const option = catalogue.optionOf(line)
    if (option === undefined) throw new RetailFileUnreadable(`${file} was changed while it was being read.`)

    const order = unfinished.get(line.invoice) ?? { lines: 0, items: new Map() }
    unfinished.set(line.invoice, order)
    const item = order.items.get(option.productOptionId) ?? { ...option, quantity: 0 }
    order.items.set(option.productOptionId, item)
    item.quantity += line.quantity
    order.lines += 1
    if (order.lines === invoice.lines) {
      unfinished.delete(line.invoice)
      yield { type: 'order', customerId: invoice.customerId, items: Array.from(order.items.values()) }
    }
  }
}

function returnOf(lines: readonly ReturnedLine[], catalogue: RetailCatalogue): RetailReturn {
  const [first] = lines
  return {
    type: 'return',
    invoice: first?.invoice ?? '',
    customerId: first && catalogue.customerOf(first),
    isNamed: first?.customer !== '',
    items: lines.map(({ stockCode, quantity }) => ({ productId: catalogue.productOf(stockCode), quantity })),
  }
}
