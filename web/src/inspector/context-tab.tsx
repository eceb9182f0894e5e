import { useMemo, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Select } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { type ActorAt, actorsAt, changedPaths } from './actors-at.ts'
import { useActorWord } from './entry-words.tsx'
import { isCaller, paymentActor } from './history.ts'
import { JsonTree } from './json-tree.tsx'
import { text } from './text.ts'
import type { Viewed } from './viewed.ts'

/** What an actor knew at a moment, with what changed just then marked. */
export function ContextTab({ history, position }: Viewed) {
  const words = useText(text)
  const actorWord = useActorWord()
  const [chosen, choose] = useState(paymentActor(history))
  const now = useMemo(() => actorsAt(history.entries, position), [history, position])
  const before = useMemo(() => actorsAt(history.entries, position - 1), [history, position])
  const actors = useMemo(
    () => new Set(history.entries.map(({ actor }) => actor).filter(actor => !isCaller(actor))),
    [history],
  )
  const entry = history.entries[position - 1]
  const changed = useMemo(
    () => (entry?.actor === chosen ? changedPaths(entry) : new Set<string>()),
    [entry, chosen],
  )
  const shown = now.get(chosen)
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={words.actor}
          value={chosen}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {[...actors].map(actor => (
            <option key={actor} value={actor}>
              {actorWord(actor)} · {actor}
            </option>
          ))}
        </Select>
        {shown?.state != null && <Badge tone="info">{shown.state}</Badge>}
      </div>
      {shown === undefined ? (
        <Notice sign="…" title={words.notYet} />
      ) : (
        <Context shown={shown} before={before.get(chosen)?.context} changed={changed} />
      )}
    </div>
  )
}

function Context({
  shown,
  before,
  changed,
}: {
  shown: ActorAt
  before: unknown
  changed: ReadonlySet<string>
}) {
  const words = useText(text)
  return (
    <>
      {!shown.whole && <p className="text-sm text-muted">{words.partial}</p>}
      <div
        data-context
        className="overflow-x-auto rounded-xl border border-line bg-paper p-3 font-mono text-[0.8125rem]"
      >
        <JsonTree value={shown.context} before={before} changed={changed} />
      </div>
    </>
  )
}
