import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { Changing } from './changing.tsx'
import { text } from './outbox-text.ts'

type Outbox = Schemas['Outbox']

/** What is owed to the outside, what was given up, and how to have it delivered again. */
export function OutboxPage() {
  const words = useText(text)
  const { data, error } = useQuery({
    queryKey: ['outbox'],
    queryFn: () => answered(api.GET('/operator/outbox')),
    refetchInterval: 3_000,
  })
  const [replayed, setReplayed] = useState<number>()
  return (
    <Page title={words.outbox} lead={words.lead}>
      {error !== null ? <Failed error={error} /> : data === undefined ? <Loading /> : null}
      {replayed !== undefined && (
        <p role="status" className="rounded-xl bg-good-soft px-4 py-2 text-good">
          <span aria-hidden="true">✓ </span>
          {words.replayed(replayed)}
        </p>
      )}
      {data !== undefined && (
        <>
          <Topics topics={data.topics} />
          <Parked parked={data.parked} onReplayed={setReplayed} />
        </>
      )}
    </Page>
  )
}

function Topics({ topics }: { topics: Outbox['topics'] }) {
  const words = useText(text)
  return (
    <Sheet title={words.topics}>
      {topics.length === 0 && <p className="text-muted">{words.noTopics}</p>}
      <ul className="divide-y divide-line">
        {topics.map(({ topic, breaker, owed, parked, oldestAt }) => (
          <li key={topic} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div>
              <p className="font-mono text-sm font-medium">{topic}</p>
              <p className="mt-1 text-sm">
                {words.breaker}:{' '}
                {breaker === 'closed' ? (
                  <Badge tone="good" sign="✓">
                    {words.closed}
                  </Badge>
                ) : (
                  <Badge tone="undo" sign="!">
                    {words[breaker]}
                  </Badge>
                )}
              </p>
            </div>
            <dl className="flex flex-wrap gap-6 text-sm">
              <div>
                <dt className="text-muted">{words.owed}</dt>
                <dd className="text-lg font-semibold tabular-nums">{owed}</dd>
              </div>
              <div>
                <dt className="text-muted">{words.parked}</dt>
                <dd className={`text-lg font-semibold tabular-nums ${parked > 0 ? 'text-danger' : ''}`}>
                  {parked > 0 && <span aria-hidden="true">⚠ </span>}
                  {parked}
                </dd>
              </div>
              <div>
                <dt className="text-muted">{words.oldest}</dt>
                <dd className="text-lg">
                  <Moment at={oldestAt} />
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Parked({ parked, onReplayed }: { parked: Outbox['parked']; onReplayed(events: number): void }) {
  const words = useText(text)
  const replay = async (body: { reason: string; parked?: true; eventId?: string }) => {
    const { replayed } = await answered(api.POST('/operator/outbox/replay', { body }))
    onReplayed(replayed)
  }
  return (
    <Sheet
      title={words.parkedEvents}
      actions={
        parked.length > 0 && (
          <Changing
            act={words.replayAll}
            title={words.replayAll}
            onAct={reason => replay({ reason, parked: true })}
          >
            <p className="text-sm text-muted">{words.replayMore}</p>
          </Changing>
        )
      }
    >
      {parked.length === 0 && (
        <p className="text-muted">
          <span aria-hidden="true">✓ </span>
          {words.noParked}
        </p>
      )}
      <ul className="divide-y divide-line">
        {parked.map(({ eventId, topic, type, attempts, error, parkedAt }) => (
          <li key={eventId} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium">{type}</p>
              <p className="font-mono text-xs text-muted">
                {topic} · {eventId}
              </p>
              <p className="mt-1 text-sm text-danger">{error}</p>
              <p className="text-sm text-muted">
                {words.attempts(attempts)} · {words.since} <Moment at={parkedAt} />
              </p>
            </div>
            <Changing act={words.replay} title={type} onAct={reason => replay({ reason, eventId })}>
              <p className="text-sm text-muted">{words.replayMore}</p>
            </Changing>
          </li>
        ))}
      </ul>
      {parked.length >= 200 && <p className="text-sm text-muted">{words.newest(parked.length)}</p>}
    </Sheet>
  )
}
