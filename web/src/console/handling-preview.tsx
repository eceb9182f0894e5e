import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { text } from './text.ts'

type Letter = Schemas['DeadLetter']

/** What would happen if the message were handled now, as the actor itself says. */
export function HandlingPreview({
  letter,
  message,
}: {
  letter: Letter
  /** In place of its own; nothing is asked while there is none. */
  message: Letter['message'] | undefined
}) {
  const words = useText(text)
  const { data } = useQuery({
    queryKey: ['handling', letter.id, message],
    queryFn: () =>
      answered(
        api.POST('/operator/dead-letters/{id}/preview', {
          params: { path: { id: letter.id } },
          body: message === undefined ? {} : { message },
        }),
      ),
    enabled: message !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  if (data === undefined || message === undefined) return null
  const { known, error, changes, sends } = data
  if (!known) return <p className="text-sm text-muted">{words.cannotTell}</p>
  if (error !== null) {
    return (
      <p role="status" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
        <span aria-hidden="true">✕ </span>
        {words.wouldFail(error)}
      </p>
    )
  }
  return (
    <div role="status" className="space-y-1 rounded-lg bg-good-soft px-3 py-2 text-sm text-good">
      <p>
        <span aria-hidden="true">✓ </span>
        {changes ? words.wouldBeHandled : words.wouldChangeNothing}
      </p>
      {sends.length > 0 && (
        <ul>
          {sends.map(({ to, type }) => (
            <li key={`${type} ${to}`} className="font-mono text-xs">
              {type} → {to}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
