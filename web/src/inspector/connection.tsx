import { useText } from '../frame/language.tsx'
import type { FeedStatus } from '../live/feed-connection.ts'
import { text } from './text.ts'

/** Whether what is shown is what happens, in a sign and a word. */
export function Connection({ status, isPaused = false }: { status: FeedStatus; isPaused?: boolean }) {
  const words = useText(text)
  const shown = status === 'live' ? (isPaused ? 'paused' : 'connected') : status
  const [sign, look] = {
    connected: ['●', 'bg-good-soft text-good'],
    paused: ['❚❚', 'bg-info-soft text-info'],
    connecting: ['◌', 'bg-paper text-muted border border-line'],
    lost: ['✕', 'bg-danger-soft text-danger'],
  }[shown] as [string, string]
  return (
    <p
      role="status"
      data-connection={status}
      className={`inline-flex items-center gap-2 rounded-full px-3 py-1 text-sm font-semibold ${look}`}
    >
      <span aria-hidden="true" className={shown === 'connected' ? 'motion-safe:animate-pulse' : ''}>
        {sign}
      </span>
      {words[shown]}
    </p>
  )
}
