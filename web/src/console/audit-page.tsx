import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { Outcome } from './audit-rows.tsx'
import { type AuditSearch, auditSearch } from './audit-search.ts'
import { PaymentLink } from './payment-link.tsx'
import { text } from './text.ts'

/** What operators did and why, the newest first. */
export function AuditPage() {
  const words = useText(text)
  const search = useSearch({ from: '/console/operators/audit' })
  const navigate = useNavigate({ from: '/console/audit' })
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      pageAnswered(
        api.GET('/operator/audit', {
          params: {
            query: {
              ...search,
              order: 'newest',
              limit: 100,
              ...(pageParam !== undefined && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
  })
  const entries = data?.pages.flatMap(({ items }) => items) ?? []
  const change = (next: AuditSearch) => void navigate({ search: next, replace: true })
  const isFiltered = Object.keys(search).length > 0

  return (
    <Page title={words.audit} lead={words.auditLead}>
      <form
        key={JSON.stringify(search)}
        className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_1fr_auto]"
        onSubmit={event => {
          event.preventDefault()
          change(auditSearch(Object.fromEntries(new FormData(event.currentTarget))))
        }}
      >
        <Field label={words.operator} name="operator" defaultValue={search.operator} />
        <Field
          label={words.subject}
          name="subject"
          defaultValue={search.subject}
          placeholder="payment/1001"
        />
        <Field label={words.action} name="action" defaultValue={search.action} placeholder="RetryStep" />
        <span className="flex gap-2">
          <Button type="submit" look="primary">
            {words.apply}
          </Button>
          {isFiltered && (
            <Button look="quiet" onClick={() => change({})}>
              {words.dropFilters}
            </Button>
          )}
        </span>
      </form>
      {isPending && <Loading />}
      {error !== null && <Failed error={error} />}
      {data !== undefined && entries.length === 0 && (
        <Notice sign="✎" title={isFiltered ? words.noneFound : words.nothingDone}>
          {isFiltered ? words.noneFoundMore : words.nothingDoneMore}
        </Notice>
      )}
      {entries.length > 0 && (
        <ol className="divide-y divide-line rounded-2xl border border-line bg-sheet">
          {entries.map((entry, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id of their own and never change places.
            <li key={place} className="space-y-1 px-4 py-3 text-sm">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Link
                  to="/console/audit"
                  search={{ ...search, action: entry.action }}
                  className="font-semibold underline-offset-2 hover:underline"
                >
                  {words.actions[entry.action] ?? entry.action}
                </Link>
                <Subject address={entry.subject} />
                <Outcome entry={entry} />
                <span className="ml-auto text-muted">
                  <Link
                    to="/console/audit"
                    search={{ ...search, operator: entry.operator }}
                    className="underline-offset-2 hover:underline"
                  >
                    {entry.operator}
                  </Link>{' '}
                  · <Moment at={entry.at} />
                </span>
              </div>
              {entry.reason !== '' && <p className="text-muted">“{entry.reason}”</p>}
            </li>
          ))}
        </ol>
      )}
      {hasNextPage && (
        <div className="text-center">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {words.showMore}
          </Button>
        </div>
      )}
    </Page>
  )
}

function Subject({ address }: { address: string }) {
  const payment = /^payment\/(\d+)$/.exec(address)?.[1]
  if (payment !== undefined) return <PaymentLink paymentId={Number(payment)}>{address}</PaymentLink>
  return <code className="font-mono text-xs text-muted">{address}</code>
}
