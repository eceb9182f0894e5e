import type { Schemas } from '../api/client.ts'

export type Health = Schemas['Health']

/** What happened between two looks; `null` where nothing did, so that there is nothing to say. */
export interface HealthFigures {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly paymentsPerSecond: number
  /** Shares from 0 to 1 of what ended. */
  readonly successRate: number | null
  readonly compensationRate: number | null
  /** In milliseconds. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly commitP50Ms: number | null
  readonly commitP99Ms: number | null
}

type Histogram = Schemas['Histogram']

/** Figures of the time between two looks at one server; `undefined` when it was started anew in between. */
export function figuresBetween(before: Health, after: Health): HealthFigures | undefined {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1_000
  if (before.startedAt !== after.startedAt || seconds <= 0) return undefined
  const ended = (outcome: string) =>
    (after.payments.ended[outcome] ?? 0) - (before.payments.ended[outcome] ?? 0)
  const completed = ended('completed')
  const all = completed + ended('failed')
  const undone = after.payments.compensations - before.payments.compensations
  const answers = between(before.paymentSeconds, after.paymentSeconds)
  const commits = between(before.commitSeconds, after.commitSeconds)
  return {
    at: Date.parse(after.at),
    paymentsPerSecond: all / seconds,
    successRate: all === 0 ? null : completed / all,
    compensationRate: all === 0 ? null : Math.min(1, undone / all),
    p50Ms: quantile(answers, 0.5),
    p95Ms: quantile(answers, 0.95),
    p99Ms: quantile(answers, 0.99),
    commitP50Ms: quantile(commits, 0.5),
    commitP99Ms: quantile(commits, 0.99),
  }
}

function between(before: Histogram, after: Histogram): Histogram {
  return {
    bounds: after.bounds,
    cumulative: after.cumulative.map((count, place) => count - (before.cumulative[place] ?? 0)),
    sum: after.sum - before.sum,
  }
}

/**
 * The value in milliseconds that a share `q` is not above, read off between the bounds of its bucket as Prometheus does; what
 * is above the last bound counts as that. Null of nothing.
 */
export function quantile({ bounds, cumulative }: Histogram, q: number): number | null {
  const total = cumulative.at(-1) ?? 0
  if (total === 0) return null
  const rank = q * total
  const place = cumulative.findIndex(count => count >= rank)
  const upper = bounds[place]
  if (upper === undefined) return (bounds.at(-1) ?? 0) * 1_000
  const lower = bounds[place - 1] ?? 0
  const below = cumulative[place - 1] ?? 0
  const within = (cumulative[place] ?? 0) - below
  return (lower + (upper - lower) * (within === 0 ? 1 : (rank - below) / within)) * 1_000
}
