import { useEffect, useMemo, useRef, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { useActorWord } from './entry-words.tsx'
import { idOf } from './history.ts'
import { type Lifeline, type Sequence, type SequenceStep, sequenceOf } from './sequence.ts'
import { lifelinePx, marginPx, SequenceLine } from './sequence-line.tsx'
import { text } from './text.ts'
import { useLaneOf } from './use-chart.ts'
import type { Viewed } from './viewed.ts'

/** So many messages are drawn at a time. */
const drawnAtOnce = 200

/** The messages between the actors in order, with what they say on demand. */
export function SequenceTab({ history, position, onMove }: Viewed) {
  const words = useText(text)
  const laneOf = useLaneOf()
  const sequence = useMemo(() => sequenceOf(history, laneOf), [history, laneOf])
  const [opened, setOpened] = useState<string>()
  const [from, setFrom] = useState(0)
  const board = useRef<HTMLElement>(null)
  const here = useHere(sequence, position)
  // The message that is looked at is among those that are drawn, and to be seen.
  useEffect(() => {
    if (here < 0) return
    setFrom(first =>
      here < first || here >= first + drawnAtOnce ? Math.max(0, here - drawnAtOnce / 2) : first,
    )
  }, [here])
  useEffect(() => {
    const line = board.current?.querySelector<HTMLElement>(`[data-step="${here}"]`)
    if (line !== null && line !== undefined && board.current !== null) keepInView(board.current, line)
  }, [here])
  const { lifelines, steps } = sequence
  const widthPx = marginPx + lifelines.length * lifelinePx
  const places = new Map(lifelines.map(({ id }, place) => [id, place]))
  const drawn = steps.slice(from, from + drawnAtOnce)
  return (
    <div className="space-y-2">
      <p className="text-sm text-muted">{words.sequenceHint}</p>
      <section
        ref={board}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
        tabIndex={0}
        aria-label={words.sequenceOf}
        className="relative max-h-[70dvh] overflow-auto rounded-xl border border-line"
      >
        <div style={{ width: widthPx }}>
          <div
            aria-hidden="true"
            style={{ paddingLeft: marginPx }}
            className="sticky top-0 z-[2] flex border-b border-line bg-sheet"
          >
            {lifelines.map(lifeline => (
              <LifelineHead key={lifeline.id} lifeline={lifeline} />
            ))}
          </div>
          {from > 0 && (
            <Button look="quiet" onClick={() => setFrom(Math.max(0, from - drawnAtOnce))}>
              ↑ {words.showMore(Math.min(from, drawnAtOnce))}
            </Button>
          )}
          <ol>
            {drawn.map((step, place) => (
              <SequenceLine
                key={nameOf(step)}
                number={from + place}
                step={step}
                places={places}
                isHere={from + place === here}
                isLater={step.position > position}
                isOpen={opened === nameOf(step)}
                onChoose={() => {
                  setOpened(opened === nameOf(step) ? undefined : nameOf(step))
                  onMove(step.position)
                }}
              />
            ))}
          </ol>
          {from + drawnAtOnce < steps.length && (
            <Button look="quiet" onClick={() => setFrom(from + drawnAtOnce)}>
              ↓ {words.showMore(Math.min(drawnAtOnce, steps.length - from - drawnAtOnce))}
            </Button>
          )}
        </div>
      </section>
    </div>
  )
}

/** A command that never arrived stands at the moment of its answer. */
function nameOf(step: SequenceStep): string {
  return `${step.position}${step.kind === 'message' && step.isUntold ? ' untold' : ''}`
}

/** The last message that had come by `position`. */
function useHere({ steps }: Sequence, position: number): number {
  return steps.findLastIndex(step => step.position <= position)
}

function keepInView(board: HTMLElement, line: HTMLElement): void {
  const headPx = 64
  const top = line.offsetTop - headPx
  const bottom = line.offsetTop + line.offsetHeight
  if (top < board.scrollTop) board.scrollTop = top
  else if (bottom > board.scrollTop + board.clientHeight) board.scrollTop = bottom - board.clientHeight
}

function LifelineHead({ lifeline: { id, kind, count } }: { lifeline: Lifeline }) {
  const words = useText(text)
  const actorWord = useActorWord()
  const number = id.includes('/') ? idOf(id) : ''
  return (
    <div style={{ width: lifelinePx }} className="px-1 py-2 text-center">
      <div className="rounded-lg border border-line bg-paper px-1 py-1">
        <div className="truncate text-sm font-semibold">{actorWord(kind)}</div>
        <div className="truncate font-mono text-[0.6875rem] text-muted">
          {count > 1 ? words.together(count) : number === '' ? '\u00a0' : number}
        </div>
      </div>
    </div>
  )
}
