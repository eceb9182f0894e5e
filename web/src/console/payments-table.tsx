import type { KeyboardEvent } from 'react'
import type { Schemas } from '../api/client.ts'
import { useLanguage, useText } from '../frame/language.tsx'
import { duration, Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { PaymentLink } from './payment-link.tsx'
import { text } from './text.ts'

type Payment = Schemas['ListedPayment']

/** Payments, one a row. The arrow keys, or J and K, go from one to the next. */
export function PaymentsTable({ payments }: { payments: readonly Payment[] }) {
  const words = useText(text)
  const { language } = useLanguage()
  const now = Date.now()
  return (
    <section
      aria-label={words.payments}
      onKeyDown={moveAlong}
      className="overflow-x-auto rounded-2xl border border-line bg-sheet"
    >
      <table className="w-full text-sm">
        <thead className="text-left text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="whitespace-nowrap px-3 py-2 font-medium sm:px-4">
              {words.status}
            </th>
            <th scope="col" className="whitespace-nowrap px-3 py-2 font-medium sm:px-4">
              {words.payment}
            </th>
            <th scope="col" className="whitespace-nowrap hidden px-4 py-2 font-medium md:table-cell">
              {words.customer}
            </th>
            <th
              scope="col"
              className="hidden whitespace-nowrap px-4 py-2 text-right font-medium sm:table-cell"
            >
              {words.amount}
            </th>
            <th scope="col" className="whitespace-nowrap hidden px-4 py-2 font-medium md:table-cell">
              {words.stepOrReason}
            </th>
            <th
              scope="col"
              className="whitespace-nowrap hidden px-4 py-2 text-right font-medium sm:table-cell"
            >
              {words.inState}
            </th>
          </tr>
        </thead>
        <tbody>
          {payments.map(payment => (
            <tr
              key={payment.paymentId}
              className="border-b border-line last:border-0 hover:bg-paper focus-within:bg-accent-soft"
            >
              <td className="px-3 py-2 sm:px-4">
                <PaymentStatus status={payment.status} attention={payment.attention} />
              </td>
              <td className="px-3 py-2 sm:px-4">
                <PaymentLink paymentId={payment.paymentId} />
                <div className="sm:hidden">
                  <Money amount={payment.discountedPrice} />
                </div>
              </td>
              <td className="hidden px-4 py-2 font-mono text-xs md:table-cell">
                {payment.customerId ?? '–'}
              </td>
              <td className="hidden px-4 py-2 text-right sm:table-cell">
                <Money amount={payment.discountedPrice} />
              </td>
              <td className="hidden px-4 py-2 md:table-cell">
                <Reason payment={payment} />
              </td>
              <td className="hidden px-4 py-2 text-right whitespace-nowrap sm:table-cell">
                {payment.since === null ? (
                  <span className="text-muted">–</span>
                ) : isOpen(payment) ? (
                  duration(Math.max(0, now - Date.parse(payment.since)), language)
                ) : (
                  <Moment at={payment.since} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const isOpen = ({ status }: Payment) => ['PAYING', 'COMPENSATING', 'RETURNING'].includes(status)

/** The step it waits at, or why it failed. */
function Reason({ payment: { failure, step, attention, resends } }: { payment: Payment }) {
  const words = useText(text)
  const place = step.split('.')[1]
  return (
    <div className="space-y-0.5">
      {place !== undefined && (
        <p>
          {words.steps[place] ?? place}
          {resends > 0 && <span className="text-muted"> · {words.askedAgainTimes(resends)}</span>}
        </p>
      )}
      {attention.map(why => (
        <p key={why} className="text-danger">
          <span aria-hidden="true">⚠ </span>
          {words.attention[why]}
        </p>
      ))}
      {failure !== null && <code className="font-mono text-xs text-muted">{failure.code}</code>}
    </div>
  )
}

function moveAlong(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a[data-payment]')]
  const place = links.indexOf(document.activeElement as HTMLElement)
  const next = links[place + by]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
