import type { ReactNode } from 'react'
import { Field } from '../parts/field.tsx'
import { useMoney } from '../parts/money.tsx'
import { wholeNumber } from './whole-number.ts'

interface Given {
  label: string
  value: string
  hint?: ReactNode
  min?: number
  onType(value: string): void
}

export function NumberField({ label, value, hint, min = 1, onType }: Given) {
  return (
    <Field
      label={label}
      type="number"
      inputMode="numeric"
      min={min}
      step={1}
      value={value}
      hint={hint}
      onChange={event => onType(event.target.value)}
    />
  )
}

/** An amount in the minor unit of the currency; what it comes to is said beside it. */
export function MoneyField(given: Given) {
  const money = useMoney()
  const amount = wholeNumber(given.value, 0)
  return <NumberField {...given} hint={amount === undefined ? given.hint : `= ${money(amount)}`} />
}
