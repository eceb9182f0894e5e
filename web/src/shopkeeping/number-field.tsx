import type { ReactNode } from 'react'
import { texts, useLanguage, useText } from '../frame/language.tsx'
import { Field } from '../parts/field.tsx'
import { useMoney } from '../parts/money.tsx'
import { useFaultWhenTried } from '../parts/sending.ts'
import { wholeNumber } from './whole-number.ts'

const text = texts({
  en: {
    needed: (min: string, max: string) => `Enter a whole number from ${min} to ${max}.`,
    neededOrNone: (min: string, max: string) =>
      `Enter a whole number from ${min} to ${max}, or leave it empty.`,
  },
  ko: {
    needed: (min: string, max: string) => `${min}부터 ${max}까지의 정수를 입력하세요.`,
    neededOrNone: (min: string, max: string) => `${min}부터 ${max}까지의 정수를 입력하거나 비워 두세요.`,
  },
})

interface Given {
  label: string
  value: string
  hint?: ReactNode
  min?: number
  max: number
  /** It may stay empty. */
  optional?: boolean
  /** What else is wrong with it. */
  fault?: string | undefined
  onType(value: string): void
}

/** A whole number. What is none is told at once, what is missing when it is sent. */
export function NumberField({ label, value, hint, min = 1, max, optional = false, fault, onType }: Given) {
  const words = useText(text)
  const { language } = useLanguage()
  const whenTried = useFaultWhenTried()
  const isBlank = value.trim() === ''
  const [least, most] = [min.toLocaleString(language), max.toLocaleString(language)]
  const sentence = optional ? words.neededOrNone(least, most) : words.needed(least, most)
  const isWrong = wholeNumber(value, min, max) === undefined && !(optional && isBlank)
  return (
    <Field
      label={label}
      inputMode="numeric"
      autoComplete="off"
      value={value}
      hint={hint}
      fault={isWrong ? (isBlank ? whenTried(sentence) : sentence) : whenTried(fault)}
      onChange={event => onType(event.target.value)}
    />
  )
}

/** An amount in the minor unit of the currency; what it comes to is said beside it. */
export function MoneyField(given: Given) {
  const money = useMoney()
  const amount = wholeNumber(given.value, given.min ?? 1, given.max)
  return <NumberField {...given} hint={amount === undefined ? given.hint : `= ${money(amount)}`} />
}
