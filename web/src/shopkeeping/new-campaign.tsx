import { useState } from 'react'
import { orderTotalMax, stockQuantityMax } from '../../../src/money.ts'
import { answered, api } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Field, Select } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { useFaultWhenTried } from '../parts/sending.ts'
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

type Typed = ReturnType<typeof blank>

/** Opens a campaign. */
export function NewCampaign() {
  const words = useText(text)
  const [typed, setTyped] = useState(blank)
  const isRate = typed.discountType === 'RATE'
  const discountAmount = wholeNumber(typed.amount, 1, isRate ? 100 : orderTotalMax)
  const totalQuantity = wholeNumber(typed.quantity, 1, stockQuantityMax)
  const optional = (value: string, min: number) =>
    value.trim() === '' ? null : wholeNumber(value, min, orderTotalMax)
  const maxDiscount = isRate ? optional(typed.maxDiscount, 1) : null
  const minOrderAmount = optional(typed.minOrder, 0)
  const [startedAt, expiredAt] = [momentOf(typed.startedAt), momentOf(typed.expiredAt)]
  const isComplete =
    typed.name.trim() !== '' &&
    discountAmount !== undefined &&
    maxDiscount !== undefined &&
    minOrderAmount !== undefined &&
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
      incomplete={!isComplete}
      onAct={async (reason, key) => {
        if (!isComplete) return
        await answered(
          api.POST('/coupons', {
            body: {
              name: typed.name.trim(),
              discountType: typed.discountType,
              discountAmount,
              maxDiscount,
              minOrderAmount,
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
      <Terms typed={typed} onType={(name, value) => setTyped({ ...typed, [name]: value })} />
    </Changing>
  )
}

/** The fields, each of which says what is wrong with it. */
function Terms({ typed, onType }: { typed: Typed; onType(name: keyof Typed, value: string): void }) {
  const words = useText(text)
  const whenTried = useFaultWhenTried()
  const isRate = typed.discountType === 'RATE'
  const set = (name: keyof Typed) => (value: string) => onType(name, value)
  const [startedAt, expiredAt] = [momentOf(typed.startedAt), momentOf(typed.expiredAt)]
  const faults = {
    startedAt: startedAt === undefined ? whenTried(words.momentWanted) : undefined,
    expiredAt:
      expiredAt === undefined
        ? whenTried(words.momentWanted)
        : startedAt !== undefined && startedAt >= expiredAt
          ? words.endsBefore
          : undefined,
  }
  return (
    <>
      <Field
        label={words.name}
        value={typed.name}
        maxLength={200}
        autoComplete="off"
        fault={typed.name.trim() === '' ? whenTried(words.nameWanted) : undefined}
        onChange={event => onType('name', event.target.value)}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={words.kind}
          value={typed.discountType}
          onChange={event => onType('discountType', event.target.value)}
        >
          <option value="FIXED">{words.FIXED}</option>
          <option value="RATE">{words.RATE}</option>
        </Select>
        {isRate ? (
          <NumberField label={words.percent} value={typed.amount} max={100} onType={set('amount')} />
        ) : (
          <MoneyField label={words.amount} value={typed.amount} max={orderTotalMax} onType={set('amount')} />
        )}
        {isRate && (
          <MoneyField
            label={words.maxDiscount}
            value={typed.maxDiscount}
            max={orderTotalMax}
            optional
            onType={set('maxDiscount')}
          />
        )}
        <MoneyField
          label={words.minOrder}
          value={typed.minOrder}
          min={0}
          max={orderTotalMax}
          optional
          onType={set('minOrder')}
        />
        <NumberField
          label={words.quantity}
          value={typed.quantity}
          max={stockQuantityMax}
          onType={set('quantity')}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        {(['startedAt', 'expiredAt'] as const).map(name => {
          const at = momentOf(typed[name])
          return (
            <Field
              key={name}
              label={words[name]}
              type="datetime-local"
              value={typed[name]}
              fault={faults[name]}
              hint={
                at && (
                  <>
                    <Moment at={at} /> {words.inShopTime}
                  </>
                )
              }
              onChange={event => onType(name, event.target.value)}
            />
          )
        })}
      </div>
    </>
  )
}
