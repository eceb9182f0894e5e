import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useText } from '../frame/language.tsx'
import type { FeedEntry, FeedGap, FeedRow } from '../live/live-rows.ts'
import { Moment } from '../parts/moment.tsx'
import { useActorWord, useEntryWord } from './entry-words.tsx'
import { idOf, kindOf, refusalOf } from './history.ts'
import { laneLooks } from './lane-look.ts'
import { momentName } from './moment-name.ts'
import { text } from './text.ts'
import { useLaneOf } from './use-chart.ts'

/** What one commit did for one order: a line for each step, each leading to that moment of the payment. */
export const LiveCommit = memo(function LiveCommit({ row }: { row: FeedRow }) {
  const words = useText(text)
  const { saga, at, entries } = row
  const isOrder = kindOf(saga) === 'order'
  const id = idOf(saga)
  return (
    <li data-sequence={row.sequence} className="rounded-xl border border-line [content-visibility:auto]">
      <div className="flex flex-wrap items-baseline gap-x-3 rounded-t-xl bg-paper px-3 py-1 text-sm">
        <Moment at={at} detail="millisecond" />
        {isOrder ? (
          <Link
            to="/console/payments/$id"
            params={{ id }}
            className="font-semibold text-accent hover:underline"
          >
            {words.payment(id)}
          </Link>
        ) : (
          <span className="font-mono text-xs text-muted">{saga}</span>
        )}
      </div>
      <ol>
        {entries.map((entry, place) => (
          <Step
            // biome-ignore lint/suspicious/noArrayIndexKey: what was committed does not change its order
            key={place}
            entry={entry}
            sequence={row.sequence}
            payment={isOrder && entry.message.type !== 'CreateOrder' ? id : undefined}
          />
        ))}
      </ol>
    </li>
  )
})

function Step({
  entry,
  sequence,
  payment,
}: {
  entry: FeedEntry
  sequence: number
  payment: string | undefined
}) {
  const actorWord = useActorWord()
  const entryWord = useEntryWord()
  const laneOf = useLaneOf()
  const { actor, from, state, message } = entry
  const lane = kindOf(actor) === 'payment' && state !== null ? laneOf(state) : undefined
  const refusal = refusalOf(entry)
  const line = (
    <>
      <span className="font-semibold">{actorWord(actor)}</span>
      <span className="min-w-0">
        {entryWord(entry)}{' '}
        {from !== actor && <span className="font-mono text-xs text-muted">{message.type}</span>}
        {refusal !== undefined && (
          <span className="ml-2 font-mono text-xs font-semibold text-danger">✕ {refusal.code}</span>
        )}
      </span>
      <span className="hidden text-xs text-muted sm:block">
        {from === actor ? '' : `← ${actorWord(from)}`}
      </span>
      <span
        className={`col-start-2 font-mono text-xs sm:col-start-4 ${lane === undefined ? 'text-muted' : laneLooks[lane].ink}`}
      >
        {state !== null && `${lane === undefined ? '=' : laneLooks[lane].sign} ${state}`}
      </span>
    </>
  )
  const look =
    'grid grid-cols-[7rem_minmax(0,1fr)] items-baseline gap-x-3 px-3 py-0.5 text-sm sm:grid-cols-[8rem_minmax(0,1fr)_8rem_15rem]'
  return (
    <li className="last:pb-1">
      {payment === undefined ? (
        <div className={look}>{line}</div>
      ) : (
        <Link
          to="/console/payments/$id"
          params={{ id: payment }}
          search={{ moment: momentName({ sequence, ...entry }) }}
          preload={false}
          className={`${look} hover:bg-accent-soft`}
        >
          {line}
        </Link>
      )}
    </li>
  )
}

/** A place where something is left out, and why. */
export function LiveGap({ gap }: { gap: FeedGap }) {
  const words = useText(text)
  return (
    <li
      data-gap={gap.reason}
      className="rounded-xl border border-dashed border-undo bg-undo-soft px-3 py-2 text-sm text-undo"
    >
      <span aria-hidden="true">⋯ </span>
      {words.gap[gap.reason]}
    </li>
  )
}
