import { Link } from '@tanstack/react-router'
import { useText } from '../frame/language.tsx'
import { text } from './text.ts'

/** From anything of a payment into the inspector. */
export function InspectorLink({ paymentId }: { paymentId: number }) {
  const words = useText(text)
  return (
    <Link
      to="/console/payments/$id"
      params={{ id: String(paymentId) }}
      className="font-medium text-accent underline underline-offset-4 hover:no-underline"
    >
      {words.inspector} →
    </Link>
  )
}
