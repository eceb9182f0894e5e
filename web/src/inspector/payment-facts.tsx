import type { ReactNode } from 'react'
import { useText } from '../frame/language.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import type { ShownPayment } from './plain-sentence.ts'
import { text } from './text.ts'

/** Whose payment it is and what it comes to. */
export function PaymentFacts({ payment }: { payment: ShownPayment }) {
  const words = useText(text)
  const { customerId, attempt, couponId, originalPrice, discountAmount, discountedPrice } = payment
  const facts: [string, ReactNode][] = [
    [words.customer, customerId ?? '–'],
    [words.attempt, attempt],
    [words.price, <Money key="price" amount={originalPrice} />],
    [words.discount, <Money key="discount" amount={discountAmount} />],
    [words.paid, <Money key="paid" amount={discountedPrice} />],
    // What was recorded and then undone was not paid.
    [words.paidAt, <Moment key="paidAt" at={payment.paidAt} />],
  ]
  if (couponId !== null) facts.splice(2, 0, [words.coupon, couponId])
  if (payment.refundedAmount > 0) {
    facts.push([words.refunded, <Money key="refunded" amount={payment.refundedAmount} />])
  }
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 rounded-2xl border border-line bg-sheet px-5 py-3">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
