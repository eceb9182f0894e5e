/** What a run saw, and the first thing that must not be. */
export interface FuzzReport {
  readonly seed: number
  requests: number
  /** By status; `none` where the connection ended without an answer. */
  readonly statuses: Map<string, number>
  readonly routes: Map<string, number>
  /** Refusals after which the rows were compared. */
  compared: number
  /** The longest time that one request, or one turn of the event loop, computed. In milliseconds. */
  longestMs: number
  durationMs: number
  violation: { readonly what: string; readonly request: string } | undefined
}

export function emptyReport(seed: number): FuzzReport {
  return {
    seed,
    requests: 0,
    statuses: new Map(),
    routes: new Map(),
    compared: 0,
    longestMs: 0,
    durationMs: 0,
    violation: undefined,
  }
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The event loop may not be held up for longer, in milliseconds. */
export const blockMsMax = 100

/** What a run of this length has to have seen, or else it was blind. */
export function blindSpots(
  { requests, statuses, routes, compared }: FuzzReport,
  routesMin: number,
): string[] {
  if (requests < 1_000) return []
  const wanted = ['200', '201', '400', '403', '404', '405', '409', '413', '415']
  const missing = wanted.filter(status => !statuses.has(status)).map(status => `no answer was ${status}`)
  if (routes.size < routesMin) missing.push(`only ${routes.size} of ${routesMin} routes were asked`)
  if (compared < requests / 10) missing.push(`rows were compared for ${compared} refusals only`)
  return missing
}

export function renderFuzzReport(what: string, report: FuzzReport): string {
  const { seed, requests, statuses, routes, compared, longestMs, durationMs, violation } = report
  const sorted = (counts: Map<string, number>) =>
    [...counts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, times]) => `  ${String(times).padStart(9)}  ${key}`)
  const lines = [
    `${requests} requests ${what} in ${(durationMs / 1_000).toFixed(1)} s, seed ${seed}`,
    'by status:',
    ...sorted(statuses),
    'by route:',
    ...sorted(routes),
    `rows compared after ${compared} refusals; longest time computing ${longestMs.toFixed(1)} ms`,
  ]
  if (violation !== undefined) lines.push(`VIOLATION: ${violation.what}`, violation.request)
  return lines.join('\n')
}
