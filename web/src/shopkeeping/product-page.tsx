import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { answered, api, Problem, pageAnswered, type Schemas } from '../api/client.ts'
import { PaymentLink } from '../console/payment-link.tsx'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { ButtonLink } from '../parts/button.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { ForAdministrators, useMayChange } from './changing.tsx'
import { PagedTable } from './paged-table.tsx'
import { AddOption, ChangeOption, ChangeProduct, ChangeStock } from './product-changes.tsx'
import { text } from './products-text.ts'
import { idOf } from './shopkeeping-search.ts'
import { usePaged } from './use-paged.ts'

type Product = Schemas['ProductDetail']
type Option = Product['options'][number]

/** A product, what is left of each option and why. */
export function ProductPage() {
  const words = useText(text)
  const { id: given } = useParams({ from: '/console/operators/products/$id' })
  const { option: chosen } = useSearch({ from: '/console/operators/products/$id' })
  const id = idOf(given)
  const { data, error } = useQuery({
    queryKey: ['product', id],
    queryFn: () => answered(api.GET('/products/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== undefined,
    refetchInterval: 3_000,
    retry: false,
  })
  if (id === undefined || (error instanceof Problem && error.code === 'PRODUCT_NOT_FOUND')) {
    return (
      <Page title={words.products}>
        <Notice
          sign="⌕"
          title={words.notFound}
          actions={<ButtonLink to="/console/products">{words.toProducts}</ButtonLink>}
        />
      </Page>
    )
  }
  const option = data?.options.find(each => each.id === chosen)
  return (
    <Page title={data?.name ?? words.products} lead={data && <Money amount={data.basePrice} />}>
      {error !== null ? <Failed error={error} /> : data === undefined ? <Loading /> : null}
      {data !== undefined && (
        <>
          <ForAdministrators what={words.mayChange}>
            <ChangeProduct product={data} />
            <AddOption product={data} />
          </ForAdministrators>
          <Sheet title={words.options}>
            <ul className="divide-y divide-line">
              {data.options.map(each => (
                <OptionRow key={each.id} productId={id} option={each} isChosen={each.id === chosen} />
              ))}
            </ul>
          </Sheet>
          {option === undefined ? (
            <p className="text-center text-muted">{words.chooseOption}</p>
          ) : (
            <Movements option={option} />
          )}
        </>
      )}
    </Page>
  )
}

function OptionRow({
  productId,
  option,
  isChosen,
}: {
  productId: number
  option: Option
  isChosen: boolean
}) {
  const words = useText(text)
  const mayChange = useMayChange()
  const { id, optionName, extraPrice, stock } = option
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-32">
        <p className="font-medium">{optionName}</p>
        <p className="text-sm text-muted">
          {words.extraPrice} <Money amount={extraPrice} signed /> ·{' '}
          <span className="font-mono text-xs">{id}</span>
        </p>
      </div>
      <p className="flex items-center gap-2">
        <span className="text-sm text-muted">{words.stock}</span>
        <span className="text-xl font-semibold tabular-nums">{stock}</span>
        {stock === 0 && (
          <Badge tone="undo" sign="!">
            {words.soldOut}
          </Badge>
        )}
      </p>
      <fieldset aria-label={optionName} className="flex flex-wrap gap-2">
        <Link
          to="/console/products/$id"
          params={{ id: `${productId}` }}
          search={{ option: id }}
          replace
          resetScroll={false}
          aria-current={isChosen}
          className="inline-flex min-h-9 items-center rounded-lg border border-line px-3 text-sm font-medium hover:border-muted aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent"
        >
          {words.showMovements}
        </Link>
        {mayChange && (
          <>
            <ChangeOption productId={productId} option={option} />
            <ChangeStock option={option} by="restock" />
            <ChangeStock option={option} by="write-off" />
          </>
        )}
      </fieldset>
    </li>
  )
}

function Movements({ option: { id, optionName } }: { option: Option }) {
  const words = useText(text)
  const list = usePaged(
    ['movements', id],
    cursor =>
      pageAnswered(
        api.GET('/operator/stock/{optionId}/movements', {
          params: { path: { optionId: id }, query: { limit: 25, ...cursor } },
        }),
      ),
    3_000,
  )
  return (
    <Sheet title={words.movements(optionName)}>
      <PagedTable
        label={words.movements(optionName)}
        list={list}
        keyOf={({ sequence }) => sequence}
        empty={<p className="py-4 text-center text-muted">{words.noMovements}</p>}
        columns={[
          { name: words.movement, cell: ({ movement }) => words[movement] },
          {
            name: words.quantity,
            end: true,
            cell: ({ quantity }) => (
              <span className="tabular-nums">{quantity > 0 ? `+${quantity}` : quantity}</span>
            ),
          },
          {
            name: words.payment,
            cell: ({ orderId }) =>
              orderId === null ? (
                <span className="text-muted">{words.staff}</span>
              ) : (
                <PaymentLink paymentId={orderId} />
              ),
          },
          { name: words.when, wide: true, cell: ({ at }) => <Moment at={at} /> },
        ]}
      />
    </Sheet>
  )
}
