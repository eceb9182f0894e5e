import { useQuery } from '@tanstack/react-query'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { text } from './text.ts'

type Entry = Schemas['AuditEntry']

/** What operators did about one thing, the newest first. */
export function AuditRows({ subject }: { subject: string }) {
  const words = useText(text)
  const { data = [] } = useQuery({
    queryKey: ['audit', subject],
    queryFn: () =>
      answered(api.GET('/operator/audit', { params: { query: { subject, order: 'newest', limit: 20 } } })),
  })
  if (data.length === 0) return null
  return (
    <div>
      <h3 className="mb-2 text-sm font-semibold">{words.doneSoFar}</h3>
      <ul className="space-y-2">
        {data.map(entry => (
          <li key={`${entry.at} ${entry.action}`} className="border-l-2 border-line pl-3 text-sm">
            <div className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{words.actions[entry.action] ?? entry.action}</span>
              <Outcome entry={entry} />
              <span className="text-muted">
                {entry.operator} · <Moment at={entry.at} />
              </span>
            </div>
            <p className="text-muted">“{entry.reason}”</p>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What they were answered: codes in capitals are refusals. What was answered later, by others, is only known to have begun. */
export function Outcome({ entry: { outcome } }: { entry: Pick<Entry, 'outcome'> }) {
  const words = useText(text)
  if (outcome === '') return <Badge sign="◔">{words.begun}</Badge>
  const refused = /^[A-Z_]+$/.test(outcome)
  return (
    <Badge tone={refused ? 'danger' : 'good'} sign={refused ? '✕' : '✓'}>
      {outcome}
    </Badge>
  )
}
