import { useText } from '../frame/language.tsx'
import { text } from './text.ts'

/** From anything of a payment into the inspector. */
export function InspectorLink({ paymentId }: { paymentId: number }) {
  const words = useText(text)
  return (
    <a
      href={`/console/payments/${paymentId}`}
      className="font-medium text-accent underline underline-offset-4 hover:no-underline"
    >
      {words.inspector} →
    </a>
  )
}
