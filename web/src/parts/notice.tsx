import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from './button.tsx'
import { text } from './text.ts'

/** A whole area that has nothing to show: what is the matter, and what to do. */
export function Notice({
  sign,
  title,
  children,
  actions,
}: {
  sign: string
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-2xl border border-dashed border-line px-6 py-12 text-center">
      <span aria-hidden="true" className="text-3xl text-muted">
        {sign}
      </span>
      <p className="text-lg font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-prose text-muted">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

export function Loading() {
  const words = useText(text)
  return (
    <p role="status" className="motion-safe:animate-pulse py-8 text-center text-muted">
      {words.loading}
    </p>
  )
}

/** One sentence about what went wrong. Rooms with sentences of their own for a code give them in `known`. */
export function useProblemSentence(known: Readonly<Record<string, string>> = {}): (error: unknown) => string {
  const words = useText(text)
  const general: Readonly<Record<string, string>> = {
    UNREACHABLE: words.unreachable,
    SESSION_EXPIRED: words.expired,
    FORBIDDEN: words.forbidden,
    RATE_LIMITED: words.tooOften,
    OVERLOADED: words.overloaded,
    UNAVAILABLE: words.unavailable,
  }
  return error => {
    if (!(error instanceof Problem)) return String(error)
    if (error.code === 'UNAVAILABLE' && error.facts['damaged'] === true) return words.damaged
    return known[error.code] ?? general[error.code] ?? error.message
  }
}

/** An error in its place, with a way to ask again. */
export function Failed({ error, known = {} }: { error: unknown; known?: Readonly<Record<string, string>> }) {
  const words = useText(text)
  const sentence = useProblemSentence(known)
  const queries = useQueryClient()
  return (
    <div role="alert">
      <Notice
        sign="⚠"
        title={sentence(error)}
        actions={
          <Button onClick={() => void queries.refetchQueries({ type: 'active' })}>{words.retry}</Button>
        }
      />
    </div>
  )
}
