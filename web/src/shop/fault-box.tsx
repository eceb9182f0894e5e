import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Select } from '../parts/field.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { sagaSteps } from './saga-replay.ts'
import { faultQuery, isMoving, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

type Fault = NonNullable<Schemas['FaultOnPurpose']['fault']>

/** The switches of the demo: which step of the next attempt fails, and how. */
export function FaultBox({ orderId, payment }: { orderId: number; payment: Schemas['Payment'] | undefined }) {
  const words = useText(text)
  const sentence = useShopSentence()
  const moneyMoved = useMoneyMoved()
  const fault = useQuery(faultQuery(orderId))
  const [step, setStep] = useState<Fault['step']>('deductingBalance')
  const [kind, setKind] = useState<Fault['kind']>('refuse')
  const stuckable = step !== 'recordingStatistics'
  const chosenKind = kind === 'stuck' && !stuckable ? 'refuse' : kind
  const path = { orderId }
  const arm = useMutation({
    mutationFn: () =>
      answered(api.PUT('/demo/faults/{orderId}', { params: { path }, body: { step, kind: chosenKind } })),
    onSettled: moneyMoved,
  })
  const lift = useLift(orderId)
  const error = arm.error ?? lift.error ?? fault.error
  const armed = fault.data?.fault ?? null
  const isSpent = armed?.attempt != null && payment !== undefined && !isMoving(payment.status)
  const say = armed?.attempt == null ? words.armed : isSpent ? words.spent : words.inUse
  const hint =
    chosenKind === 'silence' && step === 'recordingStatistics'
      ? words.kindHints.silenceOfStatistics
      : words.kindHints[chosenKind]
  return (
    <Sheet
      title={
        <>
          <span aria-hidden="true">⚡ </span>
          {words.faultTitle}
        </>
      }
      className="border-dashed border-undo"
    >
      <div className="space-y-3">
        <p className="text-sm text-muted">{words.faultLead}</p>
        <Select
          label={words.faultStep}
          value={step}
          onChange={({ target }) => setStep(target.value as Fault['step'])}
        >
          {sagaSteps.map(each => (
            <option key={each} value={each}>
              {words.steps[each]}
            </option>
          ))}
        </Select>
        <Select
          label={words.faultKind}
          value={chosenKind}
          hint={hint}
          onChange={({ target }) => setKind(target.value as Fault['kind'])}
        >
          <option value="refuse">{words.kinds.refuse}</option>
          <option value="silence">{words.kinds.silence}</option>
          {stuckable && <option value="stuck">{words.kinds.stuck}</option>}
        </Select>
        <Button className="w-full" disabled={arm.isPending} onClick={() => arm.mutate()}>
          {words.arm}
        </Button>
        <div role="status">
          {armed !== null && (
            <div
              className="space-y-2 rounded-xl bg-undo-soft p-3 text-sm text-undo"
              data-fault={`${armed.step} ${armed.kind}`}
            >
              <p>{say(words.steps[armed.step], words.kinds[armed.kind])}</p>
              {!isSpent && (
                <Button disabled={lift.isPending} onClick={() => lift.mutate()}>
                  {words.lift}
                </Button>
              )}
            </div>
          )}
        </div>
        {error !== null && (
          <p role="alert" className="text-sm text-danger">
            {sentence(error)}
          </p>
        )}
      </div>
    </Sheet>
  )
}

/** Lets every step of an order succeed again. */
export function useLift(orderId: number) {
  const moneyMoved = useMoneyMoved()
  return useMutation({
    mutationFn: () => answered(api.DELETE('/demo/faults/{orderId}', { params: { path: { orderId } } })),
    onSettled: moneyMoved,
  })
}
