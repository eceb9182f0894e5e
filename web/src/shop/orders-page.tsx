import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { CustomersOnly } from './customers-only.tsx'
import { InspectorLink } from './inspector-link.tsx'
import { OrderStatus } from './order-status.tsx'
import { ProductPicture } from './product-picture.tsx'
import { text } from './text.ts'

/** One's orders, newest first. */
export function OrdersPage() {
  const words = useText(text)
  return (
    <CustomersOnly>
      {customerId => (
        <Page title={words.orders} lead={words.ordersLead}>
          <Orders customerId={customerId} />
        </Page>
      )}
    </CustomersOnly>
  )
}

function Orders({ customerId }: { customerId: number }) {
  const words = useText(text)
  const orders = useInfiniteQuery({
    queryKey: ['orders', customerId],
    queryFn: ({ pageParam }) =>
      pageAnswered(
        api.GET('/orders', {
          params: { query: { customerId, limit: 20, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  })
  if (orders.isPending) return <Loading />
  if (orders.isError) return <Failed error={orders.error} />
  const all = orders.data.pages.flatMap(({ items }) => items)
  if (all.length === 0) {
    return (
      <Notice
        sign="∅"
        title={words.noOrders}
        actions={
          <ButtonLink to="/shop" look="primary">
            {words.toShop}
          </ButtonLink>
        }
      >
        {words.noOrdersMore}
      </Notice>
    )
  }
  return (
    <>
      <ul className="space-y-3">
        {all.map(({ orderId, status, createdAt, totalPrice, items, paymentId }) => (
          <li key={orderId} className="rounded-2xl border border-line bg-sheet p-4">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <span className="flex -space-x-3" aria-hidden="true">
                {items.slice(0, 3).map(({ productId, productOptionId, productName }) => (
                  <span
                    key={productOptionId}
                    className="w-11 overflow-hidden rounded-xl border-2 border-sheet"
                  >
                    <ProductPicture id={productId} name={productName} className="aspect-square" />
                  </span>
                ))}
              </span>
              <div className="min-w-0 flex-1 basis-48">
                <Link
                  to="/shop/orders/$id"
                  params={{ id: String(orderId) }}
                  className="font-semibold underline-offset-4 hover:underline"
                >
                  {items
                    .map(({ productName, quantity }) =>
                      quantity === 1 ? productName : `${productName} × ${quantity}`,
                    )
                    .join(', ')}
                </Link>
                <p className="text-sm text-muted">
                  <Moment at={createdAt} />
                </p>
              </div>
              <span className="font-semibold">
                <Money amount={totalPrice} />
              </span>
              <OrderStatus status={status} />
            </div>
            {paymentId !== undefined && (
              <p className="mt-2 text-sm">
                <InspectorLink paymentId={paymentId} />
              </p>
            )}
          </li>
        ))}
      </ul>
      {orders.hasNextPage && (
        <div className="text-center">
          <Button disabled={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </>
  )
}
