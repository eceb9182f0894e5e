import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { useProblemSentence } from '../parts/notice.tsx'
import { SendingTried } from '../parts/sending.ts'
import { text } from './text.ts'

/**
 * Asks for the reason, without which nothing is done, and does it. What is missing is told at its field, which gets the
 * focus; what went wrong stands beside the button; the reason that was typed stays.
 */
export function ReasonForm({
  act,
  look = 'primary',
  disabled = false,
  incomplete = false,
  known = {},
  children,
  onAct,
}: {
  /** What the button says. */
  act: ReactNode
  look?: 'primary' | 'danger'
  /** There is nothing to do it to. */
  disabled?: boolean
  /** What was typed is not enough to go on; the fields say why. */
  incomplete?: boolean
  /** Sentences for codes that the server may refuse it with. */
  known?: Readonly<Record<string, string>>
  /** What has to be read, or filled in, before. */
  children?: ReactNode
  onAct(reason: string): Promise<void>
}) {
  const words = useText(text)
  const sentence = useProblemSentence({ ...words.problems, ...known })
  const [reason, setReason] = useState('')
  const [tries, setTries] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [tries])

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setTries(tries + 1)
    if (incomplete || reason.trim() === '') return
    setBusy(true)
    setProblem(undefined)
    try {
      await onAct(reason.trim())
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form ref={form} onSubmit={event => void submit(event)} className="space-y-4" noValidate>
      <SendingTried value={tries > 0}>{children}</SendingTried>
      <Field
        label={words.reason}
        hint={words.reasonHint}
        fault={tries > 0 && reason.trim() === '' ? words.reasonWanted : undefined}
        value={reason}
        maxLength={500}
        required
        onChange={event => setReason(event.target.value)}
      />
      {problem !== undefined && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
          <span aria-hidden="true">⚠ </span>
          {sentence(problem)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look={look} disabled={disabled || busy} aria-busy={busy}>
          {busy ? words.doing : act}
        </Button>
      </div>
    </form>
  )
}
