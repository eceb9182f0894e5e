import { useMutation, useQueries } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { answered, api, Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { useMe } from '../frame/settings.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Money } from '../parts/money.tsx'
import { Loading, Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import type { CartLine } from './cart.ts'
import { requestKeys } from './kept-request-keys.ts'
import { ProductPicture } from './product-picture.tsx'
import { productQuery, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'
import { useCart } from './use-cart.ts'

/** What is in the cart, at today's prices, and the way to an order. */
export function CartPage() {
  const words = useText(text)
  const me = useMe()
  const { cart } = useCart()
  const products = useQueries({ queries: cart.map(({ productId }) => productQuery(productId)) })
  if (cart.length === 0) {
    return (
      <Page title={words.cart}>
        <Notice
          sign="∅"
          title={words.cartEmpty}
          actions={
            <ButtonLink to="/shop" look="primary">
              {words.toShop}
            </ButtonLink>
          }
        >
          {words.cartEmptyMore}
        </Notice>
      </Page>
    )
  }
  if (products.some(({ isPending }) => isPending)) return <Loading />
  const lines = cart.map((line, place) => {
    const product = products[place]?.data
    return { line, product, option: product?.options.find(({ id }) => id === line.productOptionId) }
  })
  const total = lines.reduce(
    (sum, { line, product, option }) =>
      sum + line.quantity * ((product?.basePrice ?? 0) + (option?.extraPrice ?? 0)),
    0,
  )
  const orderable = lines.every(({ line, option }) => option !== undefined && option.stock >= line.quantity)
  return (
    <Page title={words.cart}>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_20rem]">
        <ul className="space-y-3">
          {lines.map(({ line, product, option }) => (
            <li key={line.productOptionId}>
              <Line line={line} product={product} option={option} />
            </li>
          ))}
        </ul>
        <Sheet>
          <dl className="flex items-baseline justify-between text-lg font-semibold">
            <dt>{words.total}</dt>
            <dd data-total={total}>
              <Money amount={total} />
            </dd>
          </dl>
          <p className="mt-1 mb-4 text-sm text-muted">{words.orderNote}</p>
          {me?.customerId == null ? (
            <ButtonLink to="/shop/account" look="primary">
              {words.logInToOrder}
            </ButtonLink>
          ) : (
            <OrderButton customerId={me.customerId} disabled={!orderable} />
          )}
        </Sheet>
      </div>
    </Page>
  )
}

function OrderButton({ customerId, disabled }: { customerId: number; disabled: boolean }) {
  const words = useText(text)
  const { cart, empty } = useCart()
  const sentence = useShopSentence()
  const navigate = useNavigate()
  const moneyMoved = useMoneyMoved()
  const about = `order of ${customerId}: ${JSON.stringify(cart)}`
  const order = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/orders', {
          params: { header: { 'Idempotency-Key': requestKeys.of(about) } },
          body: { customerId, items: cart.map(line => ({ ...line })) },
        }),
      ),
    async onSuccess({ orderId }) {
      requestKeys.forget(about)
      void moneyMoved()
      await navigate({ to: '/shop/orders/$id', params: { id: String(orderId) } })
      empty()
    },
    onError(error) {
      // What was refused may be asked for again, as something new; of what nobody answered nothing is known.
      if (error instanceof Problem && error.status !== 0) requestKeys.forget(about)
    },
  })
  return (
    <>
      <Button
        look="primary"
        className="w-full"
        disabled={disabled || order.isPending}
        onClick={() => order.mutate()}
      >
        {words.order}
      </Button>
      {order.error !== null && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {sentence(order.error)}
        </p>
      )}
    </>
  )
}

type Product = Schemas['ProductDetail']

function Line({
  line,
  product,
  option,
}: {
  line: CartLine
  product: Product | undefined
  option: Product['options'][number] | undefined
}) {
  const words = useText(text)
  const { setQuantity } = useCart()
  const { productOptionId, quantity } = line
  const name = product === undefined ? `#${line.productId}` : `${product.name} ${option?.optionName ?? ''}`
  const unitPrice = (product?.basePrice ?? 0) + (option?.extraPrice ?? 0)
  return (
    <article className="flex gap-3 rounded-2xl border border-line bg-sheet p-3">
      <ProductPicture
        id={line.productId}
        name={product?.name ?? ''}
        className="aspect-square max-w-20 self-start rounded-xl sm:max-w-24"
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <Link
          to="/shop/products/$id"
          params={{ id: String(line.productId) }}
          className="font-medium underline-offset-4 hover:underline"
        >
          {product?.name ?? name}
        </Link>
        <p className="text-sm text-muted">
          {option?.optionName} · <Money amount={unitPrice} />
        </p>
        {option === undefined && <p className="text-sm text-danger">{words.gone}</p>}
        {option !== undefined && option.stock < quantity && (
          <p className="text-sm text-danger">{words.tooMany(option.stock)}</p>
        )}
        <div className="mt-auto flex flex-wrap items-center gap-1 pt-1">
          <Button aria-label={words.less1(name)} onClick={() => setQuantity(productOptionId, quantity - 1)}>
            −
          </Button>
          <span className="min-w-8 text-center tabular-nums" aria-live="polite">
            {quantity}
          </span>
          <Button aria-label={words.more1(name)} onClick={() => setQuantity(productOptionId, quantity + 1)}>
            +
          </Button>
          <Button
            look="quiet"
            aria-label={words.remove(name)}
            onClick={() => setQuantity(productOptionId, 0)}
          >
            ✕
          </Button>
          <span className="ml-auto font-semibold">
            <Money amount={unitPrice * quantity} />
          </span>
        </div>
      </div>
    </article>
  )
}
