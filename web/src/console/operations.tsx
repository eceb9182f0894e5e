import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { operationsQuery } from '../inspector/payment-query.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { AuditRows } from './audit-rows.tsx'
import { DeadLetterCard } from './dead-letter-card.tsx'
import { Effect } from './effect.tsx'
import { ReasonForm } from './reason-form.tsx'
import { text } from './text.ts'

type Offered = Schemas['OfferedOperations']['operations'][number]
type Operated = Schemas['OperatedPayment']

/** What can be done about a payment, each with what would happen then, and what was done and why. */
export function PaymentOperations({ paymentId }: { paymentId: number }) {
  const words = useText(text)
  const { data, error, isPending } = useQuery(operationsQuery(paymentId))
  const [chosen, choose] = useState<Offered>()
  const [result, setResult] = useState<Operated>()

  return (
    <Sheet title={words.operations}>
      {isPending && <Loading />}
      {error !== null && <Failed error={error} known={words.problems} />}
      {data !== undefined && (
        <div className="space-y-4">
          {result !== undefined && <Result payment={result} />}
          {data.deadLetters.map(letter => (
            <DeadLetterCard key={letter.id} letter={letter} attempts={letter.attempts} />
          ))}
          {data.blockedBy.length > 0 && <p className="text-sm text-muted">{words.blocked}</p>}
          {data.blockedBy.length === 0 && data.operations.length === 0 && (
            <p className="text-sm text-muted">{words.nothingToDo}</p>
          )}
          {data.operations.length > 0 && (
            <ul className="grid gap-3 sm:grid-cols-2">
              {data.operations.map(offered => (
                <li
                  key={offered.operation}
                  className="flex flex-col justify-between gap-3 rounded-xl border border-line p-3"
                >
                  <div>
                    <p className="font-semibold">{words.operation[offered.operation]}</p>
                    <p className="text-sm text-muted">{words.operationMore[offered.operation]}</p>
                  </div>
                  <Button
                    look={offered.operation === 'retry' ? 'primary' : 'plain'}
                    onClick={() => {
                      setResult(undefined)
                      choose(offered)
                    }}
                  >
                    {words.lookFirst[offered.operation]}
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <AuditRows subject={`payment/${paymentId}`} />
        </div>
      )}
      {chosen !== undefined && (
        <OperateDialog
          paymentId={paymentId}
          offered={chosen}
          onClose={() => choose(undefined)}
          onDone={payment => {
            choose(undefined)
            setResult(payment)
          }}
        />
      )}
    </Sheet>
  )
}

function Result({ payment }: { payment: Operated }) {
  const words = useText(text)
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-lg bg-good-soft px-3 py-2 text-sm text-good"
    >
      <span aria-hidden="true">✓</span> {words.done}
      <PaymentStatus status={payment.status} attention={payment.attention} />
      <code className="font-mono text-xs">{payment.step}</code>
    </p>
  )
}

/** The effect first, then the reason, then the deed. */
export function OperateDialog({
  paymentId,
  offered,
  onClose,
  onDone,
}: {
  paymentId: number
  offered: Offered
  onClose(): void
  onDone(payment: Operated): void
}) {
  const words = useText(text)
  const queries = useQueryClient()
  return (
    <Dialog title={words.operateTitle(words.operation[offered.operation], paymentId)} open onClose={onClose}>
      <ReasonForm
        act={words.operation[offered.operation]}
        look={offered.operation === 'compensate' ? 'danger' : 'primary'}
        onAct={async reason => {
          try {
            const done = await answered(
              api.POST(`/operator/payments/{id}/${offered.operation}`, {
                params: { path: { id: paymentId } },
                body: { reason },
              }),
            )
            onDone(done)
          } finally {
            await queries.invalidateQueries({ refetchType: 'active' })
          }
        }}
      >
        <h3 className="text-sm font-semibold">{words.whatHappens}</h3>
        <Effect preview={offered.preview} />
      </ReasonForm>
    </Dialog>
  )
}
