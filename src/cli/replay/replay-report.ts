import type { Unmatched } from './purchases.ts'
import type { RetailLeftOut, RetailReturned, RetailTotals } from './retail-catalogue.ts'

/** What came of a replay: plain data, as `--json` prints it. Money in pence. */
export interface ReplayReport {
  file: { payable: RetailTotals; returned: RetailReturned; leftOut: RetailLeftOut }
  /** What was created for it; `customers` includes the guests. */
  shop: { products: number; options: number; customers: number }
  /** Orders sent: those paid and those refused. */
  orders: number
  /** `pence` as the server's receipts say. */
  paid: { orders: number; units: number; pence: number }
  /** Refused orders and payments by code. */
  refused: Record<string, number>
  /** Refused payments that had begun and were undone. */
  compensations: number
  /** Returns that were done; `pence` as the server's answers say. */
  returned: { returns: number; units: number; pence: number }
  /** What came back of nothing that was paid, by reason. */
  unmatchedReturns: Partial<Record<Unmatched, { lines: number; units: number }>>
  /** Refused returns by code. */
  refusedReturns: Record<string, number>
  /** From the first order sent to the last answer. */
  seconds: number
  paymentsPerSecond: number
  /** Of an order and its payment together; orders refused before payment are not in it. */
  latencyMs: { p50: number; p95: number; p99: number }
  /** The most memory the whole process held, the server included when it runs in the same one. */
  peakMemoryBytes: number
}

/** The report as lines for people. */
export function renderReport(report: ReplayReport): string {
  const { file, shop, paid, refused, latencyMs } = report
  const { payable, returned, leftOut } = file
  const refusedOrders = Object.values(refused).reduce((sum, orders) => sum + orders, 0)
  return [
    `payable       ${n(payable.lines)} lines, ${n(payable.invoices)} invoices, ${n(payable.units)} units, ${n(payable.pence)} pence`,
    `came back     ${n(returned.lines)} lines, ${n(returned.invoices)} invoices, ${n(returned.units)} units`,
    `left out      lines: ${counts(leftOut.lines)}`,
    `              invoices: ${counts(leftOut.invoices)}`,
    ...leftOut.badLines.map(({ lineNumber, detail }) => `              line ${n(lineNumber)}: ${detail}`),
    `shop          ${n(shop.products)} products, ${n(shop.options)} options, ${n(shop.customers)} customers and guests`,
    `orders        ${n(report.orders)}`,
    `paid          ${n(paid.orders)} orders, ${n(paid.units)} units, ${n(paid.pence)} pence`,
    `refused       ${n(refusedOrders)} orders${refusedOrders === 0 ? '' : `: ${counts(refused)}`}`,
    `compensations ${n(report.compensations)}`,
    `returned      ${n(report.returned.returns)} returns, ${n(report.returned.units)} units, ${n(report.returned.pence)} pence`,
    `not matched   ${unmatchedText(report.unmatchedReturns)}`,
    ...(Object.keys(report.refusedReturns).length === 0
      ? []
      : [`not returned  ${counts(report.refusedReturns)}`]),
    `speed         ${n(Math.round(report.paymentsPerSecond))} payments/s over ${n(Math.round(report.seconds))} s`,
    `latency       p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms, p99 ${latencyMs.p99} ms`,
    `memory        ${n(Math.round(report.peakMemoryBytes / 2 ** 20))} MB at most`,
  ].join('\n')
}

function unmatchedText(unmatched: ReplayReport['unmatchedReturns']): string {
  const parts = Object.entries(unmatched).map(
    ([reason, { lines, units }]) => `${reason} ${n(lines)} lines, ${n(units)} units`,
  )
  return parts.join('; ') || 'none'
}

function counts(byReason: Record<string, number>): string {
  const parts = Object.entries(byReason).filter(([, count]) => count > 0)
  return parts.map(([reason, count]) => `${reason} ${n(count)}`).join(', ') || 'none'
}

function n(count: number): string {
  return count.toLocaleString('en')
}
