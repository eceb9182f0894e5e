import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

/** One line of the CSV; what is not given is believable. */
export function soldLine(fields: {
  invoice?: string
  code?: string
  description?: string
  quantity?: number
  price?: string
  customer?: string
}): string {
  const { invoice = '536365', code = 'MUG', description = 'TEA MUG', quantity = 1, price = '2.55' } = fields
  const { customer = '17850.0' } = fields
  return `${invoice},${code},${description},${quantity},2010-12-01 08:26:00,${price},${customer},United Kingdom`
}

/** Writes the lines under a header to a new file and returns its path. */
export function retailFile(...lines: string[]): string {
  return fileWith([header, ...lines, ''].join('\r\n'))
}

export function fileWith(content: string | Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'retail-')), 'retail.csv')
  writeFileSync(file, content)
  return file
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
