import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Problem } from '../api/client.ts'
import { connectBrowserFeed } from './browser-feed.ts'
import type { FeedStatus } from './feed-connection.ts'
import { type LiveRow, type LiveRows, noRows, paused, withRows } from './live-rows.ts'

/** What is watched; what is absent is no matter. All of it is filtered by the server. */
export interface FeedFilters {
  /** Kinds of actors: `payment`, or `payment,order`. */
  readonly kind?: string | undefined
  readonly state?: string | undefined
  readonly order?: string | number | undefined
  readonly customer?: string | number | undefined
}

export interface Feed {
  readonly status: FeedStatus
  /** Newest first, 500 at most; a gap stands where something is left out. */
  readonly rows: readonly LiveRow[]
  /** How many came since the pause began. */
  readonly newCount: number
  /** How many gaps are among the rows. */
  readonly gaps: number
  /** Why the server does not tell anything; then nothing more is tried until the filters change. */
  readonly problem: Problem | undefined
}

/** However much comes, the page is drawn no more often. */
const drawEveryMs = 100
/** So much of the past is there at once, so that a quiet shop does not look empty. */
const newestAtFirst = 100

interface Drawn {
  readonly rows: LiveRows
  readonly status: FeedStatus
  readonly problem: Problem | undefined
}

const nothingYet: Drawn = { rows: noRows, status: 'connecting', problem: undefined }

/** The live feed, filtered; `paused` keeps the page as it is while it goes on. */
export function useFeed({
  filters = {},
  paused: isPaused = false,
}: {
  filters?: FeedFilters
  paused?: boolean
} = {}): Feed {
  const [drawn, setDrawn] = useState(nothingYet)
  /** What came, drawn or not. */
  const latest = useRef(nothingYet)
  const planned = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** What the page is being drawn with, and what it was drawn with: a drawing may take longer than what comes next. */
  const drawing = useRef(nothingYet)
  const done = useRef(nothingYet)
  const url = feedUrl(filters)

  /** Draws what came, a moment after the last drawing was done: a page that is slow is drawn less often. */
  const plan = useCallback(() => {
    planned.current ??= setTimeout(() => {
      planned.current = undefined
      drawing.current = latest.current
      // Such a drawing makes way for whatever the person does meanwhile.
      startTransition(() => setDrawn(latest.current))
    }, drawEveryMs)
  }, [])

  const change = useCallback(
    (next: Partial<Drawn>) => {
      latest.current = { ...latest.current, ...next }
      if (done.current === drawing.current) plan()
    },
    [plan],
  )

  useEffect(() => {
    done.current = drawn
    if (drawing.current === drawn && latest.current !== drawn) plan()
  }, [drawn, plan])

  const drawNow = useCallback((next: Drawn) => {
    latest.current = next
    drawing.current = next
    setDrawn(next)
  }, [])

  useEffect(() => {
    drawNow({ ...nothingYet, rows: { ...noRows, isPaused: latest.current.rows.isPaused } })
    const disconnect = connectBrowserFeed({
      url,
      onRows: rows => change({ rows: withRows(latest.current.rows, rows) }),
      onStatus: status => change({ status }),
      onRefused: problem => change({ problem, status: 'lost' }),
    })
    return () => {
      disconnect()
      clearTimeout(planned.current)
      planned.current = undefined
    }
  }, [url, change, drawNow])

  useEffect(() => {
    drawNow({ ...latest.current, rows: paused(latest.current.rows, isPaused) })
  }, [isPaused, drawNow])

  const { rows, status, problem } = drawn
  const gaps = useMemo(() => rows.shown.filter(({ type }) => type === 'gap').length, [rows.shown])
  return { status, rows: rows.shown, newCount: rows.newCount, gaps, problem }
}

/** The same filters are the same URL, in whatever order they stand. */
function feedUrl(filters: FeedFilters): string {
  const query = new URLSearchParams({ last: String(newestAtFirst) })
  for (const name of ['kind', 'state', 'order', 'customer'] as const) {
    const value = filters[name]
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return `/operator/feed?${query}`
}
