import type { Progress } from '../progress.ts'
import { inParallel } from '../seed/in-parallel.ts'
import { type SeedTarget, seed } from '../seed/seed.ts'
import { type InvoiceOutcome, payInvoice, returnItems } from './pay-invoice.ts'
import { Purchases, type Unmatched } from './purchases.ts'
import type { ReplayReport } from './replay-report.ts'
import { retailCatalogue } from './retail-catalogue.ts'
import { type RetailOrder, type RetailReturn, retailOrders } from './retail-orders.ts'
import { createShopClient } from './shop-client.ts'

export interface ReplayOptions {
  /** The UCI Online Retail CSV, plain or gzipped. */
  file: string
  /** Gives everyone enough money and stock, so that every payable invoice can be paid. */
  exact: boolean
  /** Only the first so many payable invoices. */
  limit?: number
  /** Orders under way at a time. */
  concurrency: number
}

/** A running shop: filled from the inside, as by its administrators, and bought from through its front door. */
export interface ReplayTarget extends SeedTarget {
  baseUrl: string
}

/**
 * Fills the shop with what the file's orders need, then sends the orders and returns over HTTP: each customer's one after
 * the other in file order, `concurrency` at a time over all. What comes back is taken off what the same customer has paid,
 * product by product, oldest first. Rejects, with nothing changed, with `RetailFileUnreadable` or
 * `AlreadySeeded`; with another error when the server stops answering.
 */
export async function replay(
  options: ReplayOptions,
  target: ReplayTarget,
  progress: Progress,
): Promise<ReplayReport> {
  const { clock } = target
  const catalogue = await retailCatalogue(options.file, options)
  await seed(catalogue.profile, target, progress)

  const paid = { orders: 0, units: 0, pence: 0 }
  const refused: Record<string, number> = {}
  let compensations = 0
  const latenciesMs: number[] = []
  const purchases = new Purchases(catalogue.isReturned)
  const returned = { returns: 0, units: 0, pence: 0 }
  const unmatched: Partial<Record<Unmatched, { lines: number; units: number }>> = {}
  const refusedReturns: Record<string, number> = {}
  const count = (order: RetailOrder, outcome: InvoiceOutcome) => {
    if (outcome.type !== 'orderRefused') latenciesMs.push(outcome.latencyMs)
    if (outcome.type === 'paid') {
      paid.orders += 1
      paid.units += order.items.reduce((units, { quantity }) => units + quantity, 0)
      paid.pence += outcome.pence
      purchases.add(outcome.orderId, order)
    } else {
      refused[outcome.code] = (refused[outcome.code] ?? 0) + 1
      if (outcome.type === 'paymentRefused' && outcome.compensated) compensations += 1
    }
  }

  const client = createShopClient(target.baseUrl, options.concurrency, clock)
  const inTurn = createTurns()
  async function takeBack(given: RetailReturn): Promise<void> {
    const matched = purchases.takeBack(given)
    for (const { reason, units } of matched.unmatched) {
      const { lines, units: sum } = unmatched[reason] ?? { lines: 0, units: 0 }
      unmatched[reason] = { lines: lines + 1, units: sum + units }
    }
    for (const orderReturn of matched.returns) {
      const key = `replay-${given.invoice}-${orderReturn.orderId}`
      const outcome = await returnItems(orderReturn, key, client, clock)
      if (outcome.type === 'returnRefused') {
        refusedReturns[outcome.code] = (refusedReturns[outcome.code] ?? 0) + 1
        continue
      }
      returned.returns += 1
      returned.units += orderReturn.items.reduce((units, { quantity }) => units + quantity, 0)
      returned.pence += outcome.pence
    }
  }

  const bar = progress('orders', catalogue.totals.invoices + catalogue.returned.invoices)
  const startedAt = clock.now()
  try {
    await inParallel(retailOrders(options.file, catalogue), options.concurrency, next =>
      inTurn(next.customerId ?? nobody, async () => {
        if (next.type === 'order') count(next, await payInvoice(next, client, clock))
        else await takeBack(next)
        bar.advance()
      }),
    )
  } finally {
    bar.end()
    client.close()
  }
  const seconds = (clock.now() - startedAt) / 1_000

  const { totals, leftOut, profile } = catalogue
  latenciesMs.sort((a, b) => a - b)
  return {
    file: { payable: totals, returned: catalogue.returned, leftOut },
    shop: {
      products: profile.products.length,
      options: profile.products.reduce((options, product) => options + product.options.length, 0),
      customers: profile.customers.length,
    },
    orders: totals.invoices,
    paid,
    refused,
    compensations,
    returned,
    unmatchedReturns: unmatched,
    refusedReturns,
    seconds,
    paymentsPerSecond: seconds === 0 ? 0 : paid.orders / seconds,
    latencyMs: {
      p50: percentile(latenciesMs, 50),
      p95: percentile(latenciesMs, 95),
      p99: percentile(latenciesMs, 99),
    },
    peakMemoryBytes: process.resourceUsage().maxRSS * 1_024,
  }
}

/** In whose turn invoices come that name nobody. */
const nobody = 0

/** Runs what is given for one key one after the other, in the order it was given. */
function createTurns(): (key: number, run: () => Promise<void>) => Promise<void> {
  const lasts = new Map<number, Promise<void>>()
  return (key, run) => {
    const turn = (lasts.get(key) ?? Promise.resolve()).then(run)
    lasts.set(key, turn)
    return turn.finally(() => {
      if (lasts.get(key) === turn) lasts.delete(key)
    })
  }
}

/** The smallest of the `sorted` values that `percent` of them do not exceed; 0 when there are none. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
}
