import { Link, type LinkProps } from '@tanstack/react-router'
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:brightness-110',
  plain: 'bg-sheet text-ink border-line hover:border-muted',
  quiet: 'bg-transparent text-accent border-transparent hover:bg-accent-soft',
  danger: 'bg-sheet text-danger border-danger hover:bg-danger-soft',
}

const shape =
  'inline-flex items-center justify-center gap-1.5 rounded-lg border px-3 py-1.5 text-sm font-medium transition ' +
  'disabled:opacity-60 disabled:cursor-not-allowed min-h-9'

export function Button({
  look = 'plain',
  className = '',
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look }) {
  return <button type={type} className={`${shape} ${looks[look]} ${className}`} {...rest} />
}

/** A link that looks like a button; what it does is going somewhere. */
export function ButtonLink({
  look = 'plain',
  children,
  ...link
}: LinkProps & { look?: Look; children: ReactNode }) {
  return (
    <Link {...link} className={`${shape} ${looks[look]}`}>
      {children}
    </Link>
  )
}
