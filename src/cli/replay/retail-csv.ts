import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { quantityMax, unitPriceMax } from '../../money.ts'

/** A line that counts: something was sold. */
export interface RetailLine {
  type: 'sold'
  invoice: string
  stockCode: string
  description: string
  /** Units, 1 to 100,000. */
  quantity: number
  /** Unit price in pence, at least 1. */
  pence: number
  /** Digits, or empty where the invoice names no customer. */
  customer: string
}

/** A line that counts: something came back. At which price it had been bought the line does not say reliably. */
export interface ReturnedLine {
  type: 'returned'
  /** Begins with a C. */
  invoice: string
  stockCode: string
  /** Units, positive. */
  quantity: number
  customer: string
}

/** A line that does not count, and why. */
export type LeftOutLine =
  | {
      type: 'leftOut'
      leftOut: 'INVOICE_NOT_NUMERIC' | 'QUANTITY_NOT_POSITIVE' | 'PRICE_NOT_POSITIVE'
      invoice: string
    }
  /** Not what the format says, or beyond what an order may hold. `lineNumber` counts from 1, the header. */
  | { type: 'leftOut'; leftOut: 'BAD_LINE'; lineNumber: number; detail: string }

/** The file cannot be read, or is not the retail data. */
export class RetailFileUnreadable extends Error {
  override name = 'RetailFileUnreadable'
}

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const columnCount = header.split(',').length

/**
 * Reads the UCI Online Retail CSV, plain or gzipped, as a stream: every line but the header and empty ones, in file
 * order. One line of text is one record, so a stray quote spoils its own line only. Throws `RetailFileUnreadable`.
 */
export async function* readRetailCsv(file: string): AsyncGenerator<RetailLine | ReturnedLine | LeftOutLine> {
  let lineNumber = 0
  for await (const text of linesOf(file)) {
    lineNumber += 1
    if (lineNumber > 1) {
      if (text !== '') yield judge(text, lineNumber)
    } else if (text.replace(/^\uFEFF/, '') !== header) {
      throw new RetailFileUnreadable(`${file} is not the Online Retail CSV: its first line is not ${header}.`)
    }
  }
  if (lineNumber === 0) throw new RetailFileUnreadable(`${file} is empty.`)
}

/** Reads as far as the header, so that an unreadable file is found before anything is made for it. */
export async function assertRetailFile(file: string): Promise<void> {
  await readRetailCsv(file).next()
}

/**
 * Pounds as pence, half a penny rounded up: `0.005` is 1, `0.001` is 0. Works on the text, because 2.555 × 100 is not
 * 255.5 in floating point. `undefined` when `pounds` is not a plain decimal. A negative half penny rounds away from 0; nothing
 * is sold at such prices.
 */
export function penceOf(pounds: string): number | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(pounds)
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = ''] = parts
  const digits = fraction.padEnd(3, '0')
  const pence = Number(whole + digits.slice(0, 2)) + (digits.charAt(2) >= '5' ? 1 : 0)
  return sign === '-' ? 0 - pence : pence
}

function judge(text: string, lineNumber: number): RetailLine | ReturnedLine | LeftOutLine {
  const bad = (detail: string): LeftOutLine => ({ type: 'leftOut', leftOut: 'BAD_LINE', lineNumber, detail })
  const fields = fieldsOf(text)
  if (fields === undefined) return bad('its quotes do not match')
  if (fields.length !== columnCount) return bad(`it has ${fields.length} fields instead of ${columnCount}`)
  const [
    invoice = '',
    stockCode = '',
    description = '',
    quantityText = '',
    ,
    priceText = '',
    customerText = '',
  ] = fields
  if (invoice === '' || invoice.length > 20) return bad('its invoice number is missing or too long')
  if (stockCode.trim() === '') return bad('it has no stock code')
  if (!/^-?\d+$/.test(quantityText)) return bad(`its quantity "${quantityText}" is not a whole number`)
  const pence = penceOf(priceText)
  if (pence === undefined) return bad(`its unit price "${priceText}" is not a decimal number`)
  // The published file was once a spreadsheet: customer 17850 is written 17850.0.
  const customer = customerText.replace(/\.0$/, '')
  if (!/^\d{0,15}$/.test(customer)) return bad(`its customer "${customerText}" is not a number`)
  const quantity = Number(quantityText)
  if (quantity > quantityMax) return bad(`its quantity ${quantity} is above ${quantityMax}`)
  if (pence > unitPriceMax) return bad(`its unit price of ${pence} pence is above ${unitPriceMax}`)

  const leaveOut = (leftOut: Exclude<LeftOutLine['leftOut'], 'BAD_LINE'>): LeftOutLine => ({
    type: 'leftOut',
    leftOut,
    invoice,
  })
  if (/^C\d+$/.test(invoice) && quantity < 0)
    return { type: 'returned', invoice, stockCode, quantity: -quantity, customer }
  if (!/^\d+$/.test(invoice)) return leaveOut('INVOICE_NOT_NUMERIC')
  if (quantity <= 0) return leaveOut('QUANTITY_NOT_POSITIVE')
  if (pence <= 0) return leaveOut('PRICE_NOT_POSITIVE')
  return { type: 'sold', invoice, stockCode, description, quantity, pence, customer }
}

function fieldsOf(text: string): readonly string[] | undefined {
  // Nearly every line; a parser is started only for the few with quotes.
  if (!text.includes('"')) return text.split(',')
  try {
    return parse(text, { relax_column_count: true })[0]
  } catch {
    return undefined
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    let rest = ''
    for await (const chunk of await textOf(file)) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    }
    if (rest !== '') yield rest
  } catch (error) {
    throw new RetailFileUnreadable(`Cannot read ${file}: ${reasonOf(error)}.`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message
}

async function textOf(file: string): Promise<Readable> {
  const gzipped = await isGzipped(file)
  const bytes = createReadStream(file)
  // The pipeline hands a read error on to whoever iterates the last stream; here nothing more is to be done with it.
  const content = gzipped ? pipeline(bytes, createGunzip(), () => {}) : bytes
  return content.setEncoding('utf8')
}

async function isGzipped(file: string): Promise<boolean> {
  await using handle = await open(file)
  const start = new Uint8Array(2)
  await handle.read(start, 0, 2, 0)
  return start[0] === 0x1f && start[1] === 0x8b
}
