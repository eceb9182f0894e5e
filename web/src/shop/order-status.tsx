import type { Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { text } from './text.ts'

type Status = Schemas['Order']['status']

const looks = {
  CREATED: ['info', '○'],
  PAYING: ['info', '◔'],
  PAID: ['good', '✓'],
  PARTIALLY_RETURNED: ['good', '◑'],
  RETURNED: ['quiet', '⟲'],
  CANCELLED: ['quiet', '✕'],
  EXPIRED: ['quiet', '⌛'],
} as const satisfies Record<Status, readonly [string, string]>

/** How an order stands. */
export function OrderStatus({ status }: { status: Status }) {
  const words = useText(text)
  const [tone, sign] = looks[status]
  return (
    <span data-order-status={status}>
      <Badge tone={tone} sign={sign}>
        {words.orderStatus[status]}
      </Badge>
    </span>
  )
}
