import type { ReactNode } from 'react'

type Tone = 'good' | 'undo' | 'danger' | 'info' | 'quiet'

const tones: Record<Tone, string> = {
  good: 'bg-good-soft text-good',
  undo: 'bg-undo-soft text-undo',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
  quiet: 'bg-paper text-muted border border-line',
}

/** A word about a thing. `sign` stands before it, so that nothing is said by colour alone. */
export function Badge({
  tone = 'quiet',
  sign,
  children,
}: {
  tone?: Tone
  sign?: string
  children: ReactNode
}) {
  return (
    <span
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2.5 py-0.5 text-xs font-semibold ${tones[tone]}`}
    >
      {sign !== undefined && <span aria-hidden="true">{sign}</span>}
      {children}
    </span>
  )
}
