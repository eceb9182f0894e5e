import { type Clock, every } from '../clock.ts'
import { entriesThrough, type FeedFilter, sagaOf } from './feed-filter.ts'
import { createJournalTail, type JournalRows, rowsPerRead } from './journal-tail.ts'
import type { ShownEntry, ShownRow } from './shown-row.ts'

/*
 * The journal as it grows, for people who watch. It is read from committed data, so nothing is shown that could still be
 * undone. Watching costs the shop a bounded share, however much is committed: the journal is read at most ten times a
 * second and so much of it at a time. A viewer is a position and nothing waits in a queue for it: whoever does not take
 * what was read is not read for, and whoever falls too far behind is told that something is left out.
 */

const readEveryMs = 100
/** Whoever is further behind goes on near the end. */
const rowsBehindMax = 400
const heartbeatEveryMs = 15_000
export const viewersMax = 100

/**
 * Why rows are left out: the viewer was too far behind, they are no longer kept, the viewer's position is of another
 * journal, or they were altered on disk.
 */
export type GapReason = 'BEHIND' | 'DROPPED' | 'UNKNOWN_POSITION' | 'DAMAGED'

export type FeedEvent =
  | { readonly type: 'row'; readonly row: ShownRow; readonly entries: readonly ShownEntry[] }
  /** Nothing is shown of what follows `after` up to and with `until`. */
  | { readonly type: 'gap'; readonly after: number; readonly until: number; readonly reason: GapReason }
  /** Everything up to `position` was looked at. `at` in milliseconds. */
  | { readonly type: 'heartbeat'; readonly at: number; readonly position: number }

export interface WatchOptions {
  readonly filter: FeedFilter
  /** Begins with what follows this position; without it with so many of the newest rows as `newest` says. */
  readonly after?: number | undefined
  readonly newest?: number | undefined
  /** Waits for more, instead of ending with what is there. */
  readonly follow: boolean
}

export interface FeedViewer {
  /** What is new since the last call; waits until there is something. `undefined` is the end. Rejects with `ReadFailed`. */
  next(): Promise<readonly FeedEvent[] | undefined>
  close(): void
  /** Once it is closed, by whomever. */
  readonly gone: Promise<void>
}

interface FeedNeeds {
  readonly rows: JournalRows
  readonly clock: Clock
  readonly customerOfOrder: (orderId: number) => number | undefined
}

export function createJournalFeed({ rows, clock, customerOfOrder }: FeedNeeds) {
  const tail = createJournalTail(rows, rowsBehindMax)
  const viewers = new Set<{ look(): void; close(): void }>()
  let isResting = false
  let isNoted = false
  let hasEnded = false
  let cancelRest = () => {}

  function wake(): void {
    isNoted = false
    isResting = true
    cancelRest = clock.wait(readEveryMs, () => {
      isResting = false
      if (isNoted) wake()
    })
    for (const { look } of viewers) look()
  }

  function noteNews(): void {
    if (viewers.size === 0) return
    isNoted = true
    if (!isResting) wake()
  }

  /** Where a viewer at `position` goes on who cannot go on there, and why. */
  function gapAfter(
    position: number,
    end: number,
    filter: FeedFilter,
  ): (FeedEvent & { type: 'gap' }) | undefined {
    const gap = (until: number, reason: GapReason) => ({
      type: 'gap' as const,
      after: position,
      until,
      reason,
    })
    if (position > end) return gap(end, 'UNKNOWN_POSITION')
    if (position === end) return undefined
    const first = tail.first() ?? end + 1
    if (position < first - 1) return gap(first - 1, 'DROPPED')
    // The rows of one saga are found at once, wherever they are.
    if (sagaOf(filter) !== undefined || end - position <= rowsBehindMax) return undefined
    return gap(end - rowsPerRead, 'BEHIND')
  }

  function watch({ filter, after, newest = 0, follow }: WatchOptions): FeedViewer {
    let position = after ?? Math.max((tail.first() ?? 1) - 1, tail.end() - Math.min(newest, rowsBehindMax))
    let isNews = true
    let isBeat = true
    let isOpen = !hasEnded
    let goOn = () => {}
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
    const saga = sagaOf(filter)

    function look(): void {
      isNews = true
      goOn()
    }

    /** Reads on from the position, as far as one read goes. */
    function read(): FeedEvent[] {
      const end = tail.end()
      const events: FeedEvent[] = []
      for (
        let gap = gapAfter(position, end, filter);
        gap !== undefined;
        gap = gapAfter(position, end, filter)
      ) {
        events.push(gap)
        position = gap.until
      }
      if (position === end) return events
      const { found, isAll } = saga === undefined ? tail.after(position) : tail.ofSagaAfter(saga, position)
      for (const row of found) {
        const { sequence, isDamaged } = row
        if (isDamaged) events.push({ type: 'gap', after: sequence - 1, until: sequence, reason: 'DAMAGED' })
        const entries = entriesThrough(filter, row, customerOfOrder)
        if (entries.length > 0) events.push({ type: 'row', row, entries })
      }
      position = Math.max(found.at(-1)?.sequence ?? 0, isAll ? end : position)
      if (!isAll) {
        if (follow) noteNews()
        else isNews = true
      }
      return events
    }

    function close(): void {
      isOpen = false
      leave()
      stopHeartbeats()
      goOn()
      viewers.delete(viewer)
      if (viewers.size > 0) return
      cancelRest()
      isResting = false
      tail.forget()
    }

    const viewer = { look, close }
    viewers.add(viewer)
    const stopHeartbeats = every(clock, heartbeatEveryMs, () => {
      isBeat = true
      goOn()
    })

    return {
      async next() {
        while (isOpen) {
          const events: FeedEvent[] = []
          if (isNews) {
            isNews = false
            events.push(...read())
          }
          if (isBeat && (follow || !isNews)) {
            isBeat = false
            events.push({ type: 'heartbeat', at: clock.now(), position })
          }
          if (events.length > 0) return events
          // Nothing of what was read goes through the filter, and there is more to read.
          if (!follow && isNews) continue
          if (!follow) break
          await new Promise<void>(resolve => {
            goOn = resolve
          })
        }
        close()
        return undefined
      },
      close,
      gone,
    }
  }

  return {
    /** Somebody watches from now on; `undefined` when so many watch that one more would be felt. Throws `ReadFailed`. */
    watch: (options: WatchOptions): FeedViewer | undefined =>
      viewers.size < viewersMax ? watch(options) : undefined,
    /** Something was committed. It costs nothing while nobody watches. */
    noteNews,
    /** Nobody sees anything more: every viewer is at its end, and so is whoever comes later. */
    end(): void {
      hasEnded = true
      for (const { close } of viewers) close()
    },
    get viewers(): number {
      return viewers.size
    },
  }
}

export type JournalFeed = ReturnType<typeof createJournalFeed>
