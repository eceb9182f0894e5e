import { api, pageAnswered, type Schemas } from '../api/client.ts'
import { PaymentLink } from '../console/payment-link.tsx'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { text } from './customers-text.ts'
import { PagedTable } from './paged-table.tsx'
import { usePaged } from './use-paged.ts'

const everyMs = 5_000

function Empty({ children }: { children: string }) {
  return <p className="py-8 text-center text-muted">{children}</p>
}

/** Every line of their balance, newest first, with the payment it was about. */
export function CustomerLedger({ customerId: id }: { customerId: number }) {
  const words = useText(text)
  const list = usePaged(
    ['ledger', id],
    cursor =>
      pageAnswered(
        api.GET('/operator/customers/{id}/ledger', {
          params: { path: { id }, query: { limit: 50, ...cursor } },
        }),
      ),
    everyMs,
  )
  return (
    <PagedTable
      label={words.ledger}
      list={list}
      keyOf={({ sequence }) => sequence}
      empty={<Empty>{words.noLines}</Empty>}
      columns={[
        { name: words.change, cell: ({ changeType }) => words[changeType] },
        {
          name: words.payment,
          cell: ({ orderId }) => (orderId === null ? '–' : <PaymentLink paymentId={orderId} />),
        },
        { name: words.amountMoved, end: true, cell: ({ amount }) => <Money amount={amount} signed /> },
        { name: words.total, end: true, wide: true, cell: ({ totalAfter }) => <Money amount={totalAfter} /> },
        { name: words.when, wide: true, cell: ({ at }) => <Moment at={at} /> },
      ]}
    />
  )
}

/** Their orders, newest first, each with its payment. */
export function CustomerOrders({ customerId: id }: { customerId: number }) {
  const words = useText(text)
  const list = usePaged(
    ['orders', id],
    cursor =>
      pageAnswered(
        api.GET('/operator/customers/{id}/orders', {
          params: { path: { id }, query: { limit: 50, ...cursor } },
        }),
      ),
    everyMs,
  )
  return (
    <PagedTable
      label={words.orders}
      list={list}
      keyOf={({ orderId }) => orderId}
      empty={<Empty>{words.noOrders}</Empty>}
      columns={[
        {
          name: words.order,
          cell: ({ orderId, items }) => (
            <>
              <p>{items.map(({ productName, quantity }) => `${productName} × ${quantity}`).join(', ')}</p>
              <p className="font-mono text-xs text-muted">{orderId}</p>
            </>
          ),
        },
        { name: words.status, cell: ({ status }) => words[status] },
        {
          name: words.payment,
          cell: ({ paymentId }) =>
            paymentId == null ? (
              <span className="text-muted">{words.noPayment}</span>
            ) : (
              <PaymentLink paymentId={paymentId} />
            ),
        },
        { name: words.price, end: true, wide: true, cell: ({ totalPrice }) => <Money amount={totalPrice} /> },
        { name: words.when, wide: true, cell: ({ createdAt }) => <Moment at={createdAt} /> },
      ]}
    />
  )
}

const couponLooks = {
  AVAILABLE: ['good', '✓'],
  USED: ['quiet', '●'],
  EXPIRED: ['quiet', '■'],
} as const

export function CustomerCoupons({ coupons }: { coupons: readonly Schemas['OwnedCoupon'][] }) {
  const words = useText(text)
  if (coupons.length === 0) return <Empty>{words.noCoupons}</Empty>
  return (
    <ul className="divide-y divide-line rounded-2xl border border-line bg-sheet px-4">
      {coupons.map(({ couponId, name, discountType, discountAmount, status, expiredAt }) => (
        <li key={couponId} className="flex flex-wrap items-center justify-between gap-3 py-3">
          <div>
            <p className="font-medium">{name}</p>
            <p className="text-sm text-muted">
              {discountType === 'FIXED' ? <Money amount={-discountAmount} /> : `−${discountAmount} %`} ·{' '}
              {words.until} <Moment at={expiredAt} />
            </p>
          </div>
          <Badge tone={couponLooks[status][0]} sign={couponLooks[status][1]}>
            {words[status]}
          </Badge>
        </li>
      ))}
    </ul>
  )
}
