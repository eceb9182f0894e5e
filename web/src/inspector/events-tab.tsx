import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { Notice } from '../parts/notice.tsx'
import { type Entry, type History, kindOf } from './history.ts'
import { text } from './text.ts'
import type { Viewed } from './viewed.ts'

/** The order's own events. Those after the moment that is looked at are faint. */
export function EventsTab({ history, position, onMove }: Viewed) {
  const words = useText(text)
  if (history.events.length === 0) return <Notice sign="…" title={words.noEvents} />
  const positions = positionsOf(history)
  return (
    <ol className="space-y-2">
      {history.events.map(({ sequence, type, status, at, body }) => {
        const place = positions.get(sequence)
        const isLater = place !== undefined && place > position
        return (
          <li
            key={sequence}
            className={`rounded-xl border border-line p-3 ${isLater ? 'border-dashed' : 'bg-paper'}`}
          >
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-mono text-sm font-semibold">{type}</span>
              <Badge>{status}</Badge>
              {isLater && <span className="text-xs text-muted">{words.later}</span>}
              <span className="ml-auto flex items-center gap-2 text-sm text-muted">
                <Moment at={at} />
                {place !== undefined && (
                  <button
                    type="button"
                    className="underline underline-offset-2"
                    onClick={() => onMove(place)}
                  >
                    {words.eventAt(place)}
                  </button>
                )}
              </span>
            </div>
            <details className="mt-1">
              <summary className="text-sm text-muted">{words.says}</summary>
              <pre className="mt-1 whitespace-pre-wrap text-xs">{JSON.stringify(body, null, 2)}</pre>
            </details>
          </li>
        )
      })}
    </ol>
  )
}

/** The moment at which the order wrote each of its events. */
function positionsOf({ entries }: History): Map<number, number> {
  return new Map(
    entries.flatMap(entry => {
      const sequence = kindOf(entry.actor) === 'order' ? sequenceWritten(entry) : undefined
      return sequence === undefined ? [] : [[sequence, entry.position] as const]
    }),
  )
}

/** The number of the event that an order wrote at an entry. */
function sequenceWritten({ patch }: Entry): number | undefined {
  for (const [path, value] of patch ?? []) {
    if (!Array.isArray(path)) continue
    if (path.length === 0) return (value as { sequence?: number } | null)?.sequence
    if (path.length === 1 && path[0] === 'sequence') return value as number
  }
  return undefined
}
