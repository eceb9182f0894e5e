import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'
import { ButtonLink } from '../parts/button.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { CustomersOnly } from './customers-only.tsx'
import { FaultBox } from './fault-box.tsx'
import { InspectorLink } from './inspector-link.tsx'
import { requestKeys } from './kept-request-keys.ts'
import { OrderStatus } from './order-status.tsx'
import { PayBox } from './pay-box.tsx'
import { ProductPicture } from './product-picture.tsx'
import { aboutTrying } from './request-keys.ts'
import { ReturnBox } from './return-box.tsx'
import { SagaView } from './saga-view.tsx'
import { orderQuery, paymentQuery, useMoneyMoved } from './shop-queries.ts'
import { text } from './text.ts'

/** One order: what is in it, paying it, what happened inside, and what may be done about it. */
export function OrderPage() {
  const { id } = useParams({ from: '/shop/orders/$id' })
  return (
    <CustomersOnly>{customerId => <Order key={id} id={Number(id)} customerId={customerId} />}</CustomersOnly>
  )
}

function Order({ id, customerId }: { id: number; customerId: number }) {
  const words = useText(text)
  const order = useQuery(orderQuery(id))
  if (order.isPending) return <Loading />
  if (order.isError) {
    const isMissing = order.error instanceof Problem && [400, 404].includes(order.error.status)
    return (
      <Page title={words.orders}>
        {isMissing ? (
          <Notice
            sign="∅"
            title={words.noSuchOrder}
            actions={<ButtonLink to="/shop/orders">{words.toOrders}</ButtonLink>}
          >
            {words.noSuchOrderMore}
          </Notice>
        ) : (
          <Failed error={order.error} />
        )}
      </Page>
    )
  }
  return <OrderView order={order.data} customerId={customerId} />
}

function OrderView({ order, customerId }: { order: Schemas['Order']; customerId: number }) {
  const words = useText(text)
  const isTried = order.paymentId !== undefined || requestKeys.has(aboutTrying(order.orderId))
  const asked = useQuery({ ...paymentQuery(order.orderId), enabled: isTried })
  const payment = asked.data
  const { demo } = useSettings()
  const moneyMoved = useMoneyMoved()
  const standing = `${payment?.status} ${payment?.attempt}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a payment has moved is asked again whenever it stands otherwise.
  useEffect(() => {
    void moneyMoved()
  }, [standing])
  /** The attempt that was begun on this page, whose steps are shown as soon as it is at rest. */
  const [begun, setBegun] = useState<number>()
  const mayPay = order.status === 'CREATED' || order.status === 'PAYING'
  const paid = payment?.paidAt != null
  return (
    <Page
      title={words.orderNumber(order.orderId)}
      lead={<Moment at={order.createdAt} />}
      actions={<OrderStatus status={order.status} />}
    >
      {isTried && (
        <p className="text-sm">
          <InspectorLink paymentId={order.orderId} />
        </p>
      )}
      {asked.isError && <Failed error={asked.error} />}
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
        <div className="min-w-0 space-y-4">
          {payment !== undefined && <SagaView payment={payment} begun={begun} />}
          <Sheet title={words.items}>
            <Items order={order} payment={payment} />
          </Sheet>
        </div>
        <div className="min-w-0 space-y-4">
          {mayPay && <PayBox order={order} payment={payment} customerId={customerId} onBegun={setBegun} />}
          {demo?.faults === true && mayPay && <FaultBox orderId={order.orderId} payment={payment} />}
          {paid && (order.status === 'PAID' || order.status === 'PARTIALLY_RETURNED') && (
            <ReturnBox order={order} />
          )}
        </div>
      </div>
    </Page>
  )
}

function Items({ order, payment }: { order: Schemas['Order']; payment: Schemas['Payment'] | undefined }) {
  const words = useText(text)
  return (
    <>
      <ul className="divide-y divide-line">
        {order.items.map(
          ({ productId, productOptionId, productName, optionName, quantity, subtotalPrice }) => (
            <li key={productOptionId} className="flex items-center gap-3 py-2.5 first:pt-0">
              <span className="w-12 shrink-0 overflow-hidden rounded-lg">
                <ProductPicture id={productId} name={productName} className="aspect-square" />
              </span>
              <span className="min-w-0 flex-1">
                <span className="font-medium">{productName}</span>{' '}
                <span className="text-muted">
                  {optionName} × {quantity}
                </span>
              </span>
              <Money amount={subtotalPrice} />
            </li>
          ),
        )}
      </ul>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-y-1 border-t border-line pt-3">
        {payment?.paidAt != null && payment.discountAmount !== null && payment.discountAmount > 0 && (
          <>
            <dt className="text-muted">{words.discount}</dt>
            <dd className="text-right">
              <Money amount={-payment.discountAmount} />
            </dd>
          </>
        )}
        <dt className="font-semibold">{payment?.paidAt == null ? words.total : words.paidBy}</dt>
        <dd className="text-right font-semibold">
          <Money amount={payment?.paidAt == null ? order.totalPrice : payment.discountedPrice} />
        </dd>
        {payment !== undefined && payment.refundedAmount > 0 && (
          <>
            <dt className="text-muted">{words.refunded}</dt>
            <dd className="text-right">
              <Money amount={payment.refundedAmount} signed />
            </dd>
          </>
        )}
      </dl>
    </>
  )
}
