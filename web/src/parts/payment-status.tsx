import type { Schemas } from '../api/client.ts'
import { texts, useText } from '../frame/language.tsx'

type Status = Schemas['Payment']['status']

/** How a payment stands, as people call it. */
export type Standing =
  | 'paying'
  | 'stopped'
  | 'rollingBack'
  | 'rollbackIncomplete'
  | 'rolledBack'
  | 'completed'
  | 'returning'
  | 'partlyReturned'
  | 'returned'

const standings: Record<Status, Standing> = {
  PAYING: 'paying',
  COMPENSATING: 'rollingBack',
  FAILED: 'rolledBack',
  COMPLETED: 'completed',
  RETURNING: 'returning',
  PARTIALLY_RETURNED: 'partlyReturned',
  RETURNED: 'returned',
}

/**
 * How a payment stands. A rollback that an operator has to look after is incomplete, whatever has been undone of it; only
 * what is wholly undone is rolled back. `attention` is known to operators only.
 */
export function standingOf(payment: {
  readonly status: Status
  readonly attention?: Schemas['OperatedPayment']['attention']
}): Standing {
  const { status, attention = [] } = payment
  if (attention.length === 0) return standings[status]
  if (status === 'COMPENSATING') return 'rollbackIncomplete'
  return attention.every(why => why === 'UNDO_UNANSWERED') ? standings[status] : 'stopped'
}

const text = texts({
  en: {
    paying: 'Paying',
    stopped: 'Stopped',
    rollingBack: 'Rolling back',
    rollbackIncomplete: 'Rollback incomplete',
    rolledBack: 'Rolled back',
    completed: 'Completed',
    returning: 'Returning',
    partlyReturned: 'Partly returned',
    returned: 'Returned',
  },
  ko: {
    paying: '결제 중',
    stopped: '멈춤',
    rollingBack: '되돌리는 중',
    rollbackIncomplete: '롤백 미완료',
    rolledBack: '원상 복구됨',
    completed: '완료',
    returning: '반품 처리 중',
    partlyReturned: '일부 반품',
    returned: '반품 완료',
  },
})

/** What is at rest is a quiet pill; what needs somebody is a filled block: they differ in shape, sign and word. */
const looks: Record<Standing, readonly [sign: string, look: string]> = {
  paying: ['◔', 'rounded-full bg-info-soft text-info'],
  stopped: ['■', 'rounded-sm bg-danger text-sheet uppercase tracking-wide'],
  rollingBack: ['↶', 'rounded-full border border-dashed border-undo bg-undo-soft text-undo'],
  rollbackIncomplete: ['⚠', 'rounded-sm bg-danger text-sheet uppercase tracking-wide'],
  rolledBack: ['↩', 'rounded-full bg-undo-soft text-undo'],
  completed: ['✓', 'rounded-full bg-good-soft text-good'],
  returning: ['◔', 'rounded-full border border-dashed border-info bg-info-soft text-info'],
  partlyReturned: ['◑', 'rounded-full bg-good-soft text-good'],
  returned: ['⟲', 'rounded-full border border-line bg-paper text-muted'],
}

/** How a payment stands, in one word that is also a sign. */
export function PaymentStatus(payment: Parameters<typeof standingOf>[0]) {
  const words = useText(text)
  const standing = standingOf(payment)
  const [sign, look] = looks[standing]
  return (
    <span
      data-standing={standing}
      className={`inline-flex items-center gap-1 whitespace-nowrap px-2.5 py-0.5 text-xs font-semibold ${look}`}
    >
      <span aria-hidden="true">{sign}</span>
      {words[standing]}
    </span>
  )
}
