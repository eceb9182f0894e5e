import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { answered, api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { BulkOperations } from './bulk.tsx'
import { PaymentFilters, StatusFacets } from './payment-filters.tsx'
import { filterQuery, filtersSet, type PaymentSearch, statuses } from './payment-search.ts'
import { PaymentsTable } from './payments-table.tsx'
import { SearchBox } from './search-box.tsx'
import { text } from './text.ts'

const pageSize = 50
const refetchMs = 10_000

/** Every payment there is, found by what an operator knows of it. All of what is looked for stands in the URL. */
export function PaymentsPage() {
  const words = useText(text)
  const search = useSearch({ from: '/console/operators/payments' })
  const navigate = useNavigate({ from: '/console/payments' })
  const query = filterQuery(search)

  const list = useInfiniteQuery({
    queryKey: ['payments', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      pageAnswered(
        api.GET('/operator/payments', {
          params: {
            query: { ...query, limit: pageSize, ...(pageParam !== undefined && { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.pages.length < 3 ? refetchMs : false,
  })
  const counts = useQuery({
    queryKey: ['payments', 'counts', query],
    queryFn: () => answered(api.GET('/operator/payments/counts', { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  })

  const change = (next: PaymentSearch) => void navigate({ search: next, replace: true })
  const payments = list.data?.pages.flatMap(({ items }) => items) ?? []
  const isFiltered = search.state !== undefined || filtersSet(search) > 0
  const all = counts.data && statuses.reduce((sum, status) => sum + (counts.data.statuses[status] ?? 0), 0)

  return (
    <Page title={words.payments} lead={words.paymentsLead} actions={<SearchBox />}>
      <StatusFacets search={search} counts={counts.data} onChange={change} />
      <PaymentFilters key={JSON.stringify(search)} search={search} onChange={change} />
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-sm text-muted">
          {counts.data === undefined ? ' ' : words.found(counts.data.total, all ?? counts.data.total)}
          {counts.data !== undefined &&
            counts.data.newestOnly !== null &&
            ` ${words.newestOnly(counts.data.newestOnly)}`}
        </p>
        {counts.data !== undefined && counts.data.total > 0 && <BulkOperations query={query} />}
      </div>
      {list.isPending && <Loading />}
      {list.error !== null && <Failed error={list.error} known={words.problems} />}
      {list.data !== undefined && payments.length === 0 && (
        <Notice
          sign="⌕"
          title={isFiltered ? words.noneFound : words.noneYet}
          actions={isFiltered && <Button onClick={() => change({})}>{words.dropFilters}</Button>}
        >
          {isFiltered ? words.noneFoundMore : words.noneYetMore}
        </Notice>
      )}
      {payments.length > 0 && <PaymentsTable payments={payments} />}
      {list.hasNextPage && (
        <div className="text-center">
          <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {words.showMore}
          </Button>
        </div>
      )}
    </Page>
  )
}
