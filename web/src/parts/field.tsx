import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react'

const box =
  'w-full rounded-lg border border-line bg-sheet px-3 py-1.5 text-sm min-h-9 placeholder:text-muted aria-invalid:border-danger'

interface Labelled {
  label: string
  /** Read out but not shown, where its place says what it is. */
  labelHidden?: boolean
  hint?: ReactNode
  /** What is wrong with it, in one sentence. */
  fault?: string | undefined
}

/** A labelled line of text; `hint` and `fault` belong to it for screen readers too. */
export function Field({
  label,
  labelHidden = false,
  hint,
  fault,
  ...input
}: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1 block text-sm font-medium'}>
        {label}
      </label>
      <input
        id={id}
        className={box}
        aria-invalid={fault !== undefined}
        aria-describedby={hint === undefined && fault === undefined ? undefined : `${id}-more`}
        {...input}
      />
      <More id={`${id}-more`} hint={hint} fault={fault} />
    </div>
  )
}

/** A labelled choice of one. */
export function Select({
  label,
  labelHidden = false,
  hint,
  fault,
  children,
  ...select
}: Labelled & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1 block text-sm font-medium'}>
        {label}
      </label>
      <select id={id} className={box} {...select}>
        {children}
      </select>
      <More id={`${id}-more`} hint={hint} fault={fault} />
    </div>
  )
}

function More({ id, hint, fault }: { id: string; hint: ReactNode; fault: string | undefined }) {
  if (hint === undefined && fault === undefined) return null
  return (
    <p id={id} className={`mt-1 text-sm ${fault === undefined ? 'text-muted' : 'text-danger'}`}>
      {fault ?? hint}
    </p>
  )
}
