import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { useMe, useSession, useSettings } from '../frame/settings.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { ProductPicture } from './product-picture.tsx'
import { popularQuery } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

const route = getRouteApi('/shop/')
const pageLength = 24

/** What is for sale: what many bought, and everything, to be searched by name. */
export function ProductsPage() {
  const words = useText(text)
  const { q } = route.useSearch()
  return (
    <>
      {q === undefined && <Hero />}
      <Page title={q === undefined ? words.shop : words.found(q)} actions={<Search key={q} query={q} />}>
        {q === undefined && <Popular />}
        <Products query={q} />
      </Page>
    </>
  )
}

function Hero() {
  const words = useText(text)
  const me = useMe()
  const { demo } = useSettings()
  const session = useSession()
  const sentence = useShopSentence()
  const customer = demo?.accounts.find(({ role }) => role === 'customer')
  const enter = useMutation({
    mutationFn: () => session.logIn(customer?.username ?? '', customer?.password ?? ''),
  })
  return (
    <section className="border-b border-line bg-accent-soft">
      <div className="mx-auto w-full max-w-6xl space-y-3 px-4 py-8 sm:px-6 sm:py-12">
        <p className="max-w-2xl text-balance text-3xl font-bold tracking-tight sm:text-4xl">
          {words.heroTitle}
        </p>
        <p className="max-w-prose text-ink">{words.heroText}</p>
        <div className="flex flex-wrap gap-2 pt-2">
          {me === null && customer !== undefined && (
            <Button look="primary" disabled={enter.isPending} onClick={() => enter.mutate()}>
              {words.heroLogIn(customer.username)}
            </Button>
          )}
          {me === null ? (
            <ButtonLink to="/shop/account">{words.heroSignUp}</ButtonLink>
          ) : (
            <ButtonLink to="/shop/orders">{words.heroOrders}</ButtonLink>
          )}
        </div>
        {enter.error !== null && (
          <p role="alert" className="text-sm text-danger">
            {sentence(enter.error)}
          </p>
        )}
      </div>
    </section>
  )
}

function Search({ query }: { query: string | undefined }) {
  const words = useText(text)
  const navigate = useNavigate()
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = String(new FormData(event.currentTarget).get('q')).trim()
    void navigate({ to: '/shop', search: given === '' ? {} : { q: given } })
  }
  return (
    <search className="w-full sm:w-72">
      <form className="flex items-end gap-2" onSubmit={submit}>
        <div className="flex-1">
          <Field
            label={words.search}
            labelHidden
            placeholder={words.search}
            name="q"
            type="search"
            maxLength={100}
            defaultValue={query}
          />
        </div>
        <Button type="submit" aria-label={words.search}>
          <span aria-hidden="true">⌕</span>
        </Button>
      </form>
    </search>
  )
}

function Popular() {
  const words = useText(text)
  const popular = useQuery(popularQuery)
  if (popular.data === undefined || popular.data.length === 0) return null
  return (
    <section aria-labelledby="popular" className="space-y-3 pb-2">
      <h2 id="popular" className="font-semibold">
        {words.popular}
      </h2>
      <ol className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {popular.data.map(({ productId, name, basePrice, salesCount }, place) => (
          <li
            key={productId}
            className={place === 4 ? 'hidden lg:block' : place === 3 ? 'sm:hidden lg:block' : ''}
          >
            <ProductCard id={productId} name={name} basePrice={basePrice} note={words.sold(salesCount)} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Products({ query }: { query: string | undefined }) {
  const words = useText(text)
  const products = useInfiniteQuery({
    queryKey: ['products', query],
    queryFn: ({ pageParam }) =>
      pageAnswered(
        api.GET('/products', {
          params: {
            query: {
              limit: pageLength,
              ...(query !== undefined && { q: query }),
              ...(pageParam !== undefined && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  })
  if (products.isPending) return <Loading />
  if (products.isError) return <Failed error={products.error} />
  const all = products.data.pages.flatMap(({ items }) => items)
  if (all.length === 0) {
    return query === undefined ? (
      <Notice sign="∅" title={words.noProducts}>
        {words.noProductsMore}
      </Notice>
    ) : (
      <Notice
        sign="∅"
        title={words.noneFound(query)}
        actions={<ButtonLink to="/shop">{words.showAll}</ButtonLink>}
      >
        {words.noneFoundMore}
      </Notice>
    )
  }
  return (
    <>
      {query === undefined && <h2 className="font-semibold">{words.products}</h2>}
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4">
        {all.map(product => (
          <li key={product.id}>
            <ProductCard {...product} />
          </li>
        ))}
      </ul>
      {products.hasNextPage && (
        <div className="pt-2 text-center">
          <Button disabled={products.isFetchingNextPage} onClick={() => void products.fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </>
  )
}

function ProductCard({
  id,
  name,
  basePrice,
  note,
}: {
  id: number
  name: string
  basePrice: number
  note?: string
}) {
  return (
    <Link
      to="/shop/products/$id"
      params={{ id: String(id) }}
      className="group block h-full overflow-hidden rounded-2xl border border-line bg-sheet transition hover:border-muted"
    >
      <div className="overflow-hidden">
        <ProductPicture
          id={id}
          name={name}
          className="aspect-[5/4] transition motion-safe:group-hover:scale-[1.03]"
        />
      </div>
      <div className="space-y-0.5 p-3">
        <p className="line-clamp-2 text-sm font-medium">{name}</p>
        <p className="flex flex-wrap items-baseline justify-between gap-x-2 text-sm">
          <span className="font-semibold">
            <Money amount={basePrice} />
          </span>
          {note !== undefined && <span className="text-xs text-muted">{note}</span>}
        </p>
      </div>
    </Link>
  )
}
