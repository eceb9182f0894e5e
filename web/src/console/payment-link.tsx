import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Where a payment is shown. */
export const paymentPage = (paymentId: number): string => `/console/payments/${paymentId}`

/** To the page of a payment, by its number unless other words are given. */
export function PaymentLink({ paymentId, children }: { paymentId: number; children?: ReactNode }) {
  return (
    <Link
      to={paymentPage(paymentId)}
      data-payment={paymentId}
      className="whitespace-nowrap font-mono text-sm text-accent underline-offset-2 hover:underline"
    >
      {children ?? paymentId}
    </Link>
  )
}
