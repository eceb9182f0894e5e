import type { Progress } from '../progress.ts'
import { inParallel } from '../seed/in-parallel.ts'
import { type SeedTarget, seed } from '../seed/seed.ts'
import { type InvoiceOutcome, payInvoice } from './pay-invoice.ts'
import type { ReplayReport } from './replay-report.ts'
import { retailCatalogue } from './retail-catalogue.ts'
import { type RetailOrder, retailOrders } from './retail-orders.ts'
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
 * Fills the shop with what the file's orders need, then sends the orders over HTTP: each customer's one after the other
 * in file order, `concurrency` at a time over all. Rejects, with nothing changed, with `RetailFileUnreadable` or
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
  const count = (order: RetailOrder, outcome: InvoiceOutcome) => {
    if (outcome.type !== 'orderRefused') latenciesMs.push(outcome.latencyMs)
    if (outcome.type === 'paid') {
      paid.orders += 1
      paid.units += order.items.reduce((units, { quantity }) => units + quantity, 0)
      paid.pence += outcome.pence
    } else {
      refused[outcome.code] = (refused[outcome.code] ?? 0) + 1
      if (outcome.type === 'paymentRefused' && outcome.compensated) compensations += 1
    }
  }

  const client = createShopClient(target.baseUrl, options.concurrency, clock)
  const inTurn = createTurns()
  const bar = progress('orders', catalogue.totals.invoices)
  const startedAt = clock.now()
  try {
    await inParallel(retailOrders(options.file, catalogue), options.concurrency, order =>
      inTurn(order.customerId, async () => {
        count(order, await payInvoice(order, client, clock))
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
    file: { payable: totals, leftOut },
    shop: {
      products: profile.products.length,
      options: profile.products.reduce((options, product) => options + product.options.length, 0),
      customers: profile.customers.length,
    },
    orders: totals.invoices,
    paid,
    refused,
    compensations,
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
