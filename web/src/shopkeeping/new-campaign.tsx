import { useState } from 'react'
import { answered, api } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Field, Select } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { Changing } from './changing.tsx'
import { text } from './coupons-text.ts'
import { MoneyField, NumberField } from './number-field.tsx'
import { wholeNumber } from './whole-number.ts'

const dayMs = 86_400_000

/** As an input of the browser wants it, in the browser's own time zone. */
function inputMoment(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** ISO 8601; `undefined` of what is no moment. */
function momentOf(typed: string): string | undefined {
  const at = new Date(typed)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

const blank = () => ({
  name: '',
  discountType: 'FIXED' as 'FIXED' | 'RATE',
  amount: '',
  maxDiscount: '',
  minOrder: '',
  quantity: '100',
  startedAt: inputMoment(new Date()),
  expiredAt: inputMoment(new Date(Date.now() + 7 * dayMs)),
})

/** Opens a campaign. */
export function NewCampaign() {
  const words = useText(text)
  const [typed, setTyped] = useState(blank)
  const set = (name: keyof typeof typed) => (value: string) => setTyped({ ...typed, [name]: value })
  const isRate = typed.discountType === 'RATE'
  const discountAmount = wholeNumber(typed.amount, 1)
  const totalQuantity = wholeNumber(typed.quantity, 1)
  const [startedAt, expiredAt] = [momentOf(typed.startedAt), momentOf(typed.expiredAt)]
  const isComplete =
    typed.name.trim() !== '' &&
    discountAmount !== undefined &&
    !(isRate && discountAmount > 100) &&
    totalQuantity !== undefined &&
    startedAt !== undefined &&
    expiredAt !== undefined &&
    startedAt < expiredAt
  return (
    <Changing
      act={words.create}
      title={words.create}
      look="primary"
      known={words.problems}
      disabled={!isComplete}
      onAct={async (reason, key) => {
        if (!isComplete) return
        await answered(
          api.POST('/coupons', {
            body: {
              name: typed.name.trim(),
              discountType: typed.discountType,
              discountAmount,
              maxDiscount: isRate ? (wholeNumber(typed.maxDiscount, 1) ?? null) : null,
              minOrderAmount: wholeNumber(typed.minOrder, 0) ?? null,
              totalQuantity,
              startedAt,
              expiredAt,
              reason,
            },
            headers: { 'Idempotency-Key': key },
          }),
        )
        setTyped(blank())
      }}
    >
      <Field
        label={words.name}
        value={typed.name}
        maxLength={200}
        onChange={event => set('name')(event.target.value)}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={words.kind}
          value={typed.discountType}
          onChange={event => set('discountType')(event.target.value)}
        >
          <option value="FIXED">{words.FIXED}</option>
          <option value="RATE">{words.RATE}</option>
        </Select>
        {isRate ? (
          <NumberField label={words.percent} value={typed.amount} onType={set('amount')} />
        ) : (
          <MoneyField label={words.amount} value={typed.amount} onType={set('amount')} />
        )}
        {isRate && (
          <MoneyField label={words.maxDiscount} value={typed.maxDiscount} onType={set('maxDiscount')} />
        )}
        <MoneyField label={words.minOrder} value={typed.minOrder} min={0} onType={set('minOrder')} />
        <NumberField label={words.quantity} value={typed.quantity} onType={set('quantity')} />
        {(['startedAt', 'expiredAt'] as const).map(name => {
          const at = momentOf(typed[name])
          return (
            <Field
              key={name}
              label={words[name]}
              type="datetime-local"
              value={typed[name]}
              hint={
                at && (
                  <>
                    <Moment at={at} /> {words.inShopTime}
                  </>
                )
              }
              onChange={event => set(name)(event.target.value)}
            />
          )
        })}
      </div>
    </Changing>
  )
}
