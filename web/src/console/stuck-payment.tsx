import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '../api/client.ts'
import { useLanguage, useText } from '../frame/language.tsx'
import { operationsQuery } from '../inspector/payment-query.ts'
import { Button } from '../parts/button.tsx'
import { duration, Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { OperateDialog } from './operations.tsx'
import { PaymentLink } from './payment-link.tsx'
import { text } from './text.ts'

type Payment = Schemas['ListedPayment']
type Offered = Schemas['OfferedOperations']['operations'][number]

/** A payment that needs somebody: why, since when, and what can be done at once. */
export function StuckPayment({ payment }: { payment: Payment }) {
  const words = useText(text)
  const { language } = useLanguage()
  const { paymentId, attention, since, step, resends } = payment
  const [chosen, choose] = useState<Offered>()
  const { data } = useQuery(operationsQuery(paymentId))
  const place = step.split('.')[1] ?? step
  return (
    <article className="space-y-2 rounded-xl border border-line bg-sheet p-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <PaymentStatus status={payment.status} attention={attention} />
        <PaymentLink paymentId={paymentId} />
        <Money amount={payment.discountedPrice} />
        {since !== null && (
          <span className="text-sm text-muted">
            {words.forSoLong(duration(Math.max(0, Date.now() - Date.parse(since)), language))}
          </span>
        )}
      </header>
      <p className="text-sm">
        {words.waitsAt(words.steps[place] ?? place)}
        {resends > 0 && ` ${words.askedTimes(resends)}`}
        {payment.nextResendAt !== null && !attention.includes('SUSPENDED') && (
          <>
            {' '}
            {words.againAt} <Moment at={payment.nextResendAt} detail="millisecond" />.
          </>
        )}
      </p>
      {attention.map(why => (
        <p key={why} className="text-sm text-danger">
          <span aria-hidden="true">⚠ </span>
          {words.attentionMore[why]}
        </p>
      ))}
      {data !== undefined && data.operations.length > 0 && (
        <div className="flex flex-wrap gap-2 pt-1">
          {data.operations.map(offered => (
            <Button
              key={offered.operation}
              look={offered.operation === 'retry' ? 'primary' : 'plain'}
              onClick={() => choose(offered)}
            >
              {words.operation[offered.operation]}
            </Button>
          ))}
        </div>
      )}
      {chosen !== undefined && (
        <OperateDialog
          paymentId={paymentId}
          offered={chosen}
          onClose={() => choose(undefined)}
          onDone={() => choose(undefined)}
        />
      )}
    </article>
  )
}
