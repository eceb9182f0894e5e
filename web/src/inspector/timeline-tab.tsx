import { useState } from 'react'
import { useLanguage, useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { duration, Moment } from '../parts/moment.tsx'
import { type Chapter, chaptersOf } from './chapters.ts'
import { useActorWord, useEntryWord } from './entry-words.tsx'
import { type Entry, type History, paymentActor, refusalOf } from './history.ts'
import { laneLooks } from './lane-look.ts'
import { text } from './text.ts'
import { useLaneOf } from './use-chart.ts'
import type { Viewed } from './viewed.ts'

/** So many lines of a chapter are shown before one asks for more. */
const linesAtFirst = 120

/** What happened, line by line, an attempt at a time. A line leads to its moment. */
export function TimelineTab(viewed: Viewed) {
  return (
    <div className="space-y-5">
      {chaptersOf(viewed.history).map(chapter => (
        <ChapterLines key={`${chapter.kind}${chapter.number}`} chapter={chapter} {...viewed} />
      ))}
    </div>
  )
}

function ChapterLines({ chapter, history, position, onMove }: Viewed & { chapter: Chapter }) {
  const words = useText(text)
  const { language } = useLanguage()
  const [all, setAll] = useState(false)
  const { kind, number, entries, durationMs } = chapter
  const title = {
    order: words.chapterOrder,
    attempt: words.chapterAttempt(number),
    return: words.chapterReturn(number),
  }[kind]
  const shown = all ? entries : entries.slice(0, linesAtFirst)
  return (
    <section aria-label={title}>
      <h2 className="mb-1 flex flex-wrap items-baseline gap-x-3 font-semibold">
        {title}
        <span className="text-sm font-normal text-muted">
          {words.chapterLength(entries.length, duration(durationMs, language))}
        </span>
      </h2>
      <ol>
        {shown.map((entry, place) => (
          <Line
            key={entry.position}
            entry={entry}
            sinceMs={
              place === 0 ? undefined : Date.parse(entry.at) - Date.parse(shown[place - 1]?.at ?? entry.at)
            }
            history={history}
            isHere={entry.position === position}
            isLater={entry.position > position}
            onMove={onMove}
          />
        ))}
      </ol>
      {shown.length < entries.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {words.showMore(entries.length - shown.length)}
        </Button>
      )}
    </section>
  )
}

function Line({
  entry,
  sinceMs,
  history,
  isHere,
  isLater,
  onMove,
}: {
  entry: Entry
  sinceMs: number | undefined
  history: History
  isHere: boolean
  isLater: boolean
  onMove(at: number): void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  const actorWord = useActorWord()
  const entryWord = useEntryWord()
  const laneOf = useLaneOf()
  const { position, actor, from, at, state, transition } = entry
  const lane = actor === paymentActor(history) && state !== null ? laneOf(state) : undefined
  const look = lane && laneLooks[lane]
  return (
    <li className="border-l-2 border-line pl-1 [content-visibility:auto] has-aria-[current=step]:border-accent">
      <button
        type="button"
        aria-current={isHere ? 'step' : undefined}
        onClick={() => onMove(position)}
        className={`grid w-full grid-cols-[2rem_1fr] items-baseline gap-x-2 rounded-lg px-2 py-1 text-left text-sm hover:bg-paper sm:grid-cols-[2rem_6.5rem_1fr] ${isHere ? 'bg-accent-soft' : ''} ${isLater ? 'text-muted italic' : ''}`}
      >
        <span className="text-right text-xs text-muted tabular-nums not-italic">{position}</span>
        <span className="hidden text-xs text-muted sm:block">
          <Moment at={at} detail="millisecond" />
        </span>
        <span className="min-w-0">
          <span className="font-medium">{entryWord(entry, history)}</span>{' '}
          <span className="text-muted">
            {actorWord(actor) === actorWord(from)
              ? actorWord(actor)
              : `${actorWord(from)} → ${actorWord(actor)}`}
          </span>
          {refusalOf(entry) !== undefined && (
            <span className="ml-2 font-mono text-xs font-semibold text-danger">
              ✕ {refusalOf(entry)?.code}
            </span>
          )}
          {transition === null && <span className="ml-2 text-xs text-muted">· {words.changedNothing}</span>}
          {sinceMs !== undefined && sinceMs > 0 && (
            <span className="ml-2 text-xs text-muted tabular-nums">+{duration(sinceMs, language)}</span>
          )}
          {state !== null && (
            <span className={`ml-2 inline-block font-mono text-xs ${look?.ink ?? 'text-muted'}`}>
              {look?.sign ?? '='} {state}
            </span>
          )}
        </span>
      </button>
    </li>
  )
}
