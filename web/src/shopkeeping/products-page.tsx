import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { answered, api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Select } from '../parts/field.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { Bar } from './bar.tsx'
import { ForAdministrators } from './changing.tsx'
import { PagedTable } from './paged-table.tsx'
import { NewProduct } from './product-changes.tsx'
import { text } from './products-text.ts'
import { SearchForm } from './search-form.tsx'
import { rankingDays } from './shopkeeping-search.ts'
import { usePaged } from './use-paged.ts'

/** What is on sale, and what sells. */
export function ProductsPage() {
  const words = useText(text)
  const { q, days = 7 } = useSearch({ from: '/console/operators/products' })
  const navigate = useNavigate({ from: '/console/products' })
  const list = usePaged(
    ['products', q],
    cursor =>
      pageAnswered(
        api.GET('/products', { params: { query: { limit: 50, ...cursor, ...(q !== undefined && { q }) } } }),
      ),
    30_000,
  )
  return (
    <Page
      title={words.products}
      lead={words.lead}
      actions={
        <SearchForm
          key={q}
          label={words.search}
          hint={words.searchHint}
          value={q ?? ''}
          onSearch={next =>
            void navigate({ search: { ...(next !== '' && { q: next }), days }, replace: true })
          }
        />
      }
    >
      <ForAdministrators what={words.mayChange}>
        <NewProduct
          onCreated={id => void navigate({ to: '/console/products/$id', params: { id: `${id}` } })}
        />
      </ForAdministrators>
      <Ranking
        days={days}
        onChoose={next =>
          void navigate({ search: { ...(q !== undefined && { q }), days: next }, replace: true })
        }
      />
      <PagedTable
        label={words.products}
        list={list}
        keyOf={({ id }) => id}
        empty={
          <Notice sign="⌕" title={words.none}>
            {words.noneMore}
          </Notice>
        }
        columns={[
          { name: words.number, cell: ({ id }) => <span className="font-mono text-xs">{id}</span> },
          { name: words.name, cell: ({ id, name }) => <ProductLink id={id} name={name} /> },
          { name: words.basePrice, end: true, cell: ({ basePrice }) => <Money amount={basePrice} /> },
        ]}
      />
    </Page>
  )
}

function ProductLink({ id, name }: { id: number; name: string }) {
  return (
    <Link
      to="/console/products/$id"
      params={{ id: `${id}` }}
      className="font-medium text-accent underline-offset-2 hover:underline"
    >
      {name}
    </Link>
  )
}

type Days = (typeof rankingDays)[number]

/** The products sold most, as bars with their numbers. */
function Ranking({ days, onChoose }: { days: Days; onChoose(days: Days): void }) {
  const words = useText(text)
  const { data, error } = useQuery({
    queryKey: ['popular', days],
    queryFn: () => answered(api.GET('/products/popular', { params: { query: { days } } })),
    refetchInterval: 5_000,
  })
  const most = Math.max(1, ...(data ?? []).map(({ salesCount }) => salesCount))
  return (
    <Sheet
      title={words.ranking}
      actions={
        <Select
          label={words.period}
          labelHidden
          value={days}
          onChange={event => onChoose(rankingDays.find(each => `${each}` === event.target.value) ?? 7)}
        >
          {rankingDays.map(each => (
            <option key={each} value={each}>
              {words.days(each)}
            </option>
          ))}
        </Select>
      }
    >
      {error !== null ? (
        <Failed error={error} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <p className="py-4 text-center text-muted">{words.nothingSold}</p>
      ) : (
        <ol className="space-y-3">
          {data.map(({ productId, name, salesCount }, place) => (
            <li key={productId} className="grid grid-cols-[1.5rem_1fr] gap-x-2">
              <span className="text-right text-muted tabular-nums">{place + 1}</span>
              <div className="space-y-1">
                <div className="flex flex-wrap justify-between gap-x-3">
                  <ProductLink id={productId} name={name} />
                  <span className="text-sm tabular-nums">{words.units(salesCount)}</span>
                </div>
                <Bar share={salesCount / most} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Sheet>
  )
}
