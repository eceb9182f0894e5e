import { useEffect, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Moment } from '../parts/moment.tsx'
import { useActorWord, useEntryWord } from './entry-words.tsx'
import { type Entry, type History, type Lane, paymentActor, positionAt } from './history.ts'
import { laneLooks } from './lane-look.ts'
import { text } from './text.ts'
import { useLaneOf } from './use-chart.ts'

const playMs = 700

/** A slider over the moments of a payment, with buttons to step and to play; under it, where it went forward and where back. */
export function TimeTravel({
  history,
  at,
  onMove,
}: {
  history: History
  at: number | undefined
  onMove(at: number | undefined): void
}) {
  const words = useText(text)
  const entryWord = useEntryWord()
  const actorWord = useActorWord()
  const [playing, setPlaying] = useState(false)
  const last = history.entries.length
  const position = positionAt(history, at)
  const entry = history.entries[position - 1]
  useEffect(() => {
    if (!playing) return
    if (position >= last) return setPlaying(false)
    const next = setTimeout(() => onMove(position + 1), playMs)
    return () => clearTimeout(next)
  })
  function step(by: number) {
    setPlaying(false)
    onMove(Math.min(Math.max(position + by, 1), last))
  }
  function play() {
    if (!playing && position >= last) onMove(1)
    setPlaying(!playing)
  }
  return (
    <section
      aria-label={words.moments}
      className="sticky top-0 z-[5] rounded-2xl border border-line bg-sheet px-4 py-3 shadow-sm"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex items-center gap-1">
          <Button aria-label={words.first} disabled={position <= 1} onClick={() => step(-last)}>
            <Icon path="M5 4v12M15 4l-7 6 7 6z" />
          </Button>
          <Button aria-label={words.back} disabled={position <= 1} onClick={() => step(-1)}>
            <Icon path="M13 4l-7 6 7 6z" />
          </Button>
          <Button look="primary" aria-label={playing ? words.pause : words.play} onClick={play}>
            <Icon path={playing ? 'M6 4h3v12H6zM11 4h3v12h-3z' : 'M6 4l9 6-9 6z'} />
          </Button>
          <Button aria-label={words.forward} disabled={position >= last} onClick={() => step(1)}>
            <Icon path="M7 4l7 6-7 6z" />
          </Button>
          <Button
            aria-pressed={at === undefined}
            onClick={() => {
              setPlaying(false)
              onMove(undefined)
            }}
          >
            <span
              aria-hidden="true"
              className={`size-2 rounded-full ${at === undefined ? 'bg-good' : 'border border-muted'}`}
            />
            {words.now}
          </Button>
        </div>
        <p className="min-w-0 flex-1 basis-60 text-sm" aria-live={playing ? 'off' : 'polite'}>
          <span className="font-semibold">{words.momentOf(position, last)}</span>
          {entry !== undefined && (
            <>
              {' · '}
              <Moment at={entry.at} detail="millisecond" />
              {' · '}
              {actorWord(entry.actor)}: {entryWord(entry, history)}
            </>
          )}
        </p>
      </div>
      <input
        type="range"
        min={1}
        max={last}
        value={position}
        aria-label={words.moments}
        aria-valuetext={
          entry &&
          `${words.momentOf(position, last)}, ${actorWord(entry.actor)}: ${entryWord(entry, history)}${entry.state === null ? '' : `, ${entry.state}`}`
        }
        onChange={({ currentTarget }) => {
          setPlaying(false)
          onMove(Number(currentTarget.value))
        }}
        className="mt-2 block w-full accent-accent"
      />
      <LaneStrip history={history} />
    </section>
  )
}

function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="size-4 fill-current stroke-current">
      <path d={path} strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  )
}

/** Where a payment went forward, was undone, and was returned, one stretch after the other. */
function LaneStrip({ history }: { history: History }) {
  const words = useText(text)
  const stretches = stretchesOf(history, useLaneOf())
  return (
    <div aria-hidden="true" className="mt-1 flex gap-0.5 px-2">
      {stretches.map(({ from, count, lane }) => (
        <div key={from} style={{ flexGrow: count, flexBasis: 0 }} className="min-w-0">
          <div className={`h-1.5 rounded-full ${laneLooks[lane].bar}`} />
          {count * 8 > history.entries.length && (
            <div className={`truncate text-[0.6875rem] leading-tight ${laneLooks[lane].ink}`}>
              {laneLooks[lane].sign} {words.lanes[lane]}
            </div>
          )}
        </div>
      ))}
    </div>
  )
}

/** Stretches of moments in which the payment was in one lane. */
function stretchesOf(
  history: History,
  laneOf: (state: string | null) => Lane,
): { from: number; count: number; lane: Lane }[] {
  const payment = paymentActor(history)
  const stretches: { from: number; count: number; lane: Lane }[] = []
  let lane: Lane = 'forward'
  for (const { position, actor, state } of history.entries as readonly Entry[]) {
    const before: Lane = lane
    if (actor === payment && state !== null) lane = laneOf(state)
    const stretch = stretches.at(-1)
    if (stretch !== undefined && before === lane) stretch.count += 1
    else stretches.push({ from: position, count: 1, lane })
  }
  return stretches
}
