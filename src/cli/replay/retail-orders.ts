import type { RetailCatalogue } from './retail-catalogue.ts'
import { RetailFileUnreadable, readRetailCsv } from './retail-csv.ts'

interface RetailOrderItem {
  productId: number
  productOptionId: number
  quantity: number
}

/** One payable invoice as the order it becomes. */
export interface RetailOrder {
  customerId: number
  items: readonly RetailOrderItem[]
}

/**
 * Second pass over the file: its orders, each when its last line is read, with lines of the same option as one item.
 * The lines of an invoice need not stand together (those of 542806 do not); only invoices that are not yet whole are
 * kept in memory. Throws `RetailFileUnreadable`, also when the file is no longer the one the catalogue was made of.
 */
export async function* retailOrders(file: string, catalogue: RetailCatalogue): AsyncGenerator<RetailOrder> {
  const unfinished = new Map<string, { lines: number; items: Map<number, RetailOrderItem> }>()
  for await (const line of readRetailCsv(file)) {
    if ('leftOut' in line) continue
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
      yield { customerId: invoice.customerId, items: Array.from(order.items.values()) }
    }
  }
}
