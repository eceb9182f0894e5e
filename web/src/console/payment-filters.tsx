import { type FormEvent, useState } from 'react'
import type { Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field, Select } from '../parts/field.tsx'
import {
  filtersSet,
  type PaymentSearch,
  paymentSearch,
  refusableSteps,
  type Status,
  statuses,
} from './payment-search.ts'
import { text } from './text.ts'

interface Changing {
  search: PaymentSearch
  onChange(search: PaymentSearch): void
}

/** One button for each status, with how many there are; several can be chosen. */
export function StatusFacets({
  search,
  counts,
  onChange,
}: Changing & { counts: Schemas['PaymentCounts'] | undefined }) {
  const words = useText(text)
  const { state, ...others } = search
  const chosen: readonly string[] = state === undefined || state === 'open' ? [] : state.split(',')

  function toggle(status: Status) {
    const next = statuses.filter(each => (each === status) !== chosen.includes(each))
    onChange(next.length === 0 ? others : { ...others, state: next.join(',') })
  }

  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{words.status}</legend>
      <Facet label={words.all} pressed={state === undefined} onPress={() => onChange(others)} />
      <Facet
        label={words.open}
        count={counts?.open}
        pressed={state === 'open'}
        onPress={() => onChange({ ...others, state: 'open' })}
      />
      {statuses.map(status => (
        <Facet
          key={status}
          label={words.statuses[status]}
          count={counts?.statuses[status]}
          pressed={chosen.includes(status)}
          onPress={() => toggle(status)}
        />
      ))}
    </fieldset>
  )
}

function Facet({
  label,
  count,
  pressed,
  onPress,
}: {
  label: string
  count?: number | undefined
  pressed: boolean
  onPress(): void
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className="inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-sheet px-3 py-1 text-sm hover:border-muted aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent"
    >
      {label}
      {count !== undefined && <span className="tabular-nums text-muted">{count.toLocaleString()}</span>}
    </button>
  )
}

/** Everything else payments can be found by. It takes effect with Enter, or when a choice is made. */
export function PaymentFilters({ search, onChange }: Changing) {
  const words = useText(text)
  const set = filtersSet(search)
  const [open, setOpen] = useState(set > 0)

  function apply(form: HTMLFormElement) {
    const given = Object.fromEntries(new FormData(form))
    const minutes = Number(given['ageMinutes'])
    onChange(
      paymentSearch({
        ...given,
        ageMinSeconds: minutes > 0 ? Math.round(minutes * 60) : undefined,
        state: search.state,
      }),
    )
  }

  return (
    <details
      open={open}
      onToggle={event => setOpen(event.currentTarget.open)}
      className="rounded-2xl border border-line bg-sheet px-4 py-2"
    >
      <summary className="py-1.5 text-sm font-medium text-accent">
        {words.filters}
        {set > 0 && ` (${set})`}
      </summary>
      <form
        className="grid gap-3 pt-2 pb-3 sm:grid-cols-2 lg:grid-cols-4"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault()
          apply(event.currentTarget)
        }}
        onChange={event => {
          if (event.target instanceof HTMLSelectElement || isCheckbox(event.target))
            apply(event.currentTarget)
        }}
      >
        <Select label={words.failedAt} name="failedAt" defaultValue={search.failedAt ?? ''}>
          <option value="">{words.anywhere}</option>
          {refusableSteps.map(step => (
            <option key={step} value={step}>
              {words.steps[step]}
            </option>
          ))}
        </Select>
        <Field
          label={words.errorCode}
          name="errorCode"
          defaultValue={search.errorCode}
          placeholder="BALANCE_INSUFFICIENT"
        />
        <Field
          label={words.step}
          name="step"
          defaultValue={search.step}
          placeholder="paying.deductingBalance"
        />
        <Field
          label={words.ageMinutes}
          name="ageMinutes"
          type="number"
          min={0}
          step="any"
          defaultValue={search.ageMinSeconds === undefined ? undefined : search.ageMinSeconds / 60}
        />
        <Field
          label={words.amountMin}
          name="amountMin"
          type="number"
          min={0}
          defaultValue={search.amountMin}
        />
        <Field
          label={words.amountMax}
          name="amountMax"
          type="number"
          min={0}
          defaultValue={search.amountMax}
        />
        <Field
          label={words.customerNumber}
          name="customer"
          inputMode="numeric"
          defaultValue={search.customer}
        />
        <Field label={words.orderNumber} name="order" inputMode="numeric" defaultValue={search.order} />
        <div className="flex flex-wrap items-center justify-between gap-3 sm:col-span-2 lg:col-span-4">
          <label className="inline-flex min-h-9 items-center gap-2 text-sm">
            <input type="checkbox" name="attention" value="true" defaultChecked={search.attention === true} />
            {words.onlyAttention}
          </label>
          <span className="flex gap-2">
            {set > 0 && (
              <Button
                look="quiet"
                onClick={() => onChange(search.state === undefined ? {} : { state: search.state })}
              >
                {words.dropFilters}
              </Button>
            )}
            <Button type="submit" look="primary">
              {words.apply}
            </Button>
          </span>
        </div>
      </form>
    </details>
  )
}

const isCheckbox = (target: EventTarget) => target instanceof HTMLInputElement && target.type === 'checkbox'
