import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { Problem, problemOf } from '../api/client.ts'
import type { FeedGap, FeedRow, LiveRow } from './live-rows.ts'

/*
 * One stream after the other: whatever ends it, the next begins where it ended, so that nothing is lost that the server
 * can still tell. It is read by `fetch`, since EventSource cannot say who asks.
 */

/** `lost`: it was there or should be, and is tried again. */
export type FeedStatus = 'connecting' | 'live' | 'lost'

export interface FeedNeeds {
  /** With the filters, as a path with query. */
  readonly url: string
  headers(): Record<string, string>
  readonly fetch: typeof globalThis.fetch
  /** Calls `run` after `delayMs`; what it returns cancels that. */
  wait(delayMs: number, run: () => void): () => void
  onRows(rows: readonly LiveRow[]): void
  onStatus(status: FeedStatus): void
  /** It was refused for a reason that does not pass; no more is tried. */
  onRefused(problem: Problem): void
}

const backoffMs = 500
const backoffMsMax = 15_000
/** The server says every fifteen seconds that it is there. */
const silenceMsMax = 40_000

/** Reads the feed until what it returns is called. */
export function connectFeed({
  url,
  headers,
  fetch,
  wait,
  onRows,
  onStatus,
  onRefused,
}: FeedNeeds): () => void {
  const stop = new AbortController()
  let position: string | undefined
  let failures = 0
  let status: FeedStatus = 'connecting'
  let endWait = () => {}

  function tell(next: FeedStatus): void {
    if (next === status) return
    status = next
    onStatus(next)
  }

  async function readOne(): Promise<void> {
    const attempt = new AbortController()
    let chunks: ReadableStreamDefaultReader<string> | undefined
    const end = () => {
      attempt.abort()
      chunks?.cancel().catch(() => {})
    }
    stop.signal.addEventListener('abort', end)
    let cancelSilence = wait(silenceMsMax, end)
    try {
      const answer = await fetch(url, {
        headers: {
          ...headers(),
          Accept: 'text/event-stream',
          ...(position !== undefined && { 'Last-Event-ID': position }),
        },
        signal: attempt.signal,
      })
      if (!answer.ok || answer.body === null) throw problemOf(await bodyOf(answer), answer.status)
      let rows: LiveRow[] = []
      const parser = createParser({
        onEvent(event) {
          if (event.id !== undefined) position = event.id
          const row = liveRowOf(event)
          if (row !== undefined) rows.push(row)
          failures = 0
          tell('live')
        },
      })
      chunks = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) {
        cancelSilence()
        cancelSilence = wait(silenceMsMax, end)
        parser.feed(chunk.value)
        if (rows.length > 0) onRows(rows)
        rows = []
      }
    } finally {
      cancelSilence()
      stop.signal.removeEventListener('abort', end)
    }
  }

  async function readOn(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await readOne()
      } catch (error) {
        if (!stop.signal.aborted && error instanceof Problem && isFinal(error)) return onRefused(error)
      }
      if (stop.signal.aborted) return
      tell('lost')
      const delayMs = delayAfter(failures)
      failures += 1
      await new Promise<void>(resolve => {
        const cancel = wait(delayMs, resolve)
        endWait = () => {
          cancel()
          resolve()
        }
      })
    }
  }

  void readOn()
  return () => {
    stop.abort()
    endWait()
  }
}

/** How long is waited before the next try after so many that failed, in milliseconds. */
export function delayAfter(failures: number): number {
  return Math.min(backoffMs * 2 ** failures, backoffMsMax)
}

/** What asking again does not change: who asks, or what. */
function isFinal({ status }: Problem): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

function bodyOf(answer: Response): Promise<unknown> {
  return answer.json().catch(() => undefined)
}

/** A frame as a row of the page; `undefined` for one that is none. */
function liveRowOf({ event, data }: EventSourceMessage): LiveRow | undefined {
  if (event === 'transitions') return { type: 'row', ...(JSON.parse(data) as Omit<FeedRow, 'type'>) }
  if (event === 'gap') return { type: 'gap', ...(JSON.parse(data) as Omit<FeedGap, 'type'>) }
  return undefined
}
