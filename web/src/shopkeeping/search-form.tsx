import { type FormEvent, useState } from 'react'
import { Button } from '../parts/button.tsx'

/** One box to look for something in a list; what was looked for stands in the URL, so it is given back there. */
export function SearchForm({
  label,
  hint,
  value,
  onSearch,
}: {
  label: string
  hint: string
  value: string
  onSearch(value: string): void
}) {
  const [typed, setTyped] = useState(value)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(typed.trim())
  }
  return (
    <search className="w-full sm:w-80">
      <form onSubmit={submit} className="flex gap-2">
        <input
          type="search"
          aria-label={label}
          placeholder={hint}
          maxLength={200}
          value={typed}
          onChange={event => setTyped(event.target.value)}
          className="min-h-9 w-full rounded-lg border border-line bg-sheet px-3 py-1.5 text-sm placeholder:text-muted"
        />
        <Button type="submit" className="shrink-0">
          {label}
        </Button>
      </form>
    </search>
  )
}
