import type { FeedEvent } from '../actors/journal-feed.ts'
import type { ShownEntry, ShownRow } from '../actors/shown-row.ts'
import { isoTime } from '../clock.ts'

/** Whole rows as frames: they look the same to everybody who watches. */
const frames = new WeakMap<ShownRow, string>()

/**
 * What happened in the feed as a frame of server-sent events. Its id is the position up to which everything was looked at,
 * so that whoever comes back with the last one they saw goes on from there, whatever they filter.
 */
export function feedFrame(event: FeedEvent): string {
  switch (event.type) {
    case 'row':
      return rowFrame(event.row, event.entries)
    case 'gap': {
      const { after, until, reason } = event
      return frame('gap', until, JSON.stringify({ after, until, reason }))
    }
    case 'heartbeat': {
      const { at, position } = event
      return frame('heartbeat', position, JSON.stringify({ at: isoTime(at), position }))
    }
  }
}

function rowFrame(row: ShownRow, entries: readonly ShownEntry[]): string {
  const isWhole = entries === row.entries
  const made = isWhole ? frames.get(row) : undefined
  if (made !== undefined) return made
  const { sequence, saga, at } = row
  const head = JSON.stringify({ sequence, saga, at })
  const data = `${head.slice(0, -1)},"entries":[${entries.map(({ text }) => text).join(',')}]}`
  const text = frame('transitions', sequence, data)
  if (isWhole) frames.set(row, text)
  return text
}

/** JSON has no line breaks of its own, so that data is one line. */
function frame(event: string, id: number, data: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`
}
