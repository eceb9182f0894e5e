import { useId } from 'react'
import { useText } from '../frame/language.tsx'
import { text } from './text.ts'

type Message = { type: string; [field: string]: unknown }

/** The message that a text holds, or `undefined` when it holds none. */
export function messageOf(given: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(given)
    const isMessage =
      typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    return isMessage && value.type !== '' ? (value as Message) : undefined
  } catch {
    return undefined
  }
}

/** A message to be put right, as text. */
export function JsonEditor({ value, onChange }: { value: string; onChange(value: string): void }) {
  const words = useText(text)
  const id = useId()
  const isFine = messageOf(value) !== undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {words.message}
      </label>
      <textarea
        id={id}
        value={value}
        rows={Math.min(16, value.split('\n').length + 1)}
        spellCheck={false}
        aria-invalid={!isFine}
        aria-describedby={`${id}-more`}
        onChange={event => onChange(event.target.value)}
        className="w-full rounded-lg border border-line bg-paper p-3 font-mono text-xs aria-invalid:border-danger"
      />
      <p id={`${id}-more`} role="status" className={`mt-1 text-sm ${isFine ? 'text-good' : 'text-danger'}`}>
        {isFine ? `✓ ${words.messageFine}` : `✕ ${words.messageWanted}`}
      </p>
    </div>
  )
}
