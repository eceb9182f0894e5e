import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { answered, api, pageAnswered, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Money, useMoney } from '../parts/money.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { Changing } from './changing.tsx'
import { text } from './customers-text.ts'
import { PagedTable } from './paged-table.tsx'
import { SearchForm } from './search-form.tsx'
import { usePaged } from './use-paged.ts'

/** Who buys here, found by id or by how their username begins. */
export function CustomersPage() {
  const words = useText(text)
  const { query } = useSearch({ from: '/console/operators/customers' })
  const navigate = useNavigate({ from: '/console/customers' })
  const list = usePaged(
    ['customers', query],
    cursor =>
      pageAnswered(
        api.GET('/operator/customers', {
          params: { query: { limit: 50, ...cursor, ...(query !== undefined && { query }) } },
        }),
      ),
    10_000,
  )
  return (
    <Page
      title={words.customers}
      lead={words.lead}
      actions={
        <SearchForm
          key={query}
          label={words.search}
          hint={words.searchHint}
          value={query ?? ''}
          onSearch={next => void navigate({ search: next === '' ? {} : { query: next }, replace: true })}
        />
      }
    >
      <WaitingCredits />
      <PagedTable
        label={words.customers}
        list={list}
        keyOf={({ customerId }) => customerId}
        empty={
          <Notice sign="⌕" title={words.none}>
            {words.noneMore}
          </Notice>
        }
        columns={[
          {
            name: words.username,
            cell: ({ customerId, username }) => (
              <CustomerLink customerId={customerId}>{username}</CustomerLink>
            ),
          },
          {
            name: words.number,
            wide: true,
            cell: ({ customerId }) => <span className="font-mono text-xs">{customerId}</span>,
          },
          { name: words.account, cell: customer => <AccountBadges account={customer} /> },
          {
            name: words.balance,
            end: true,
            cell: ({ balance }) =>
              balance === null ? (
                <span className="text-danger">{words.unknownBalance}</span>
              ) : (
                <Money amount={balance} />
              ),
          },
        ]}
      />
    </Page>
  )
}

function CustomerLink({ customerId, children }: { customerId: number; children: string | number }) {
  return (
    <Link
      to="/console/customers/$id"
      params={{ id: `${customerId}` }}
      className="font-medium text-accent underline-offset-2 hover:underline"
    >
      {children}
    </Link>
  )
}

/** What an account may do, and whether it may. */
export function AccountBadges({
  account: { roles, disabled },
}: {
  account: Pick<Schemas['KeptCustomer'], 'roles' | 'disabled'>
}) {
  const words = useText(text)
  return (
    <span className="inline-flex flex-wrap gap-1">
      {disabled ? (
        <Badge tone="danger" sign="✕">
          {words.disabled}
        </Badge>
      ) : (
        <Badge sign="✓">{words.active}</Badge>
      )}
      {roles
        .filter(role => role !== 'customer')
        .map(role => (
          <Badge key={role} tone="info" sign="★">
            {words[role]}
          </Badge>
        ))}
    </span>
  )
}

/** Credits that need a second person; nothing where none waits. */
function WaitingCredits() {
  const words = useText(text)
  const money = useMoney()
  const { data = [] } = useQuery({
    queryKey: ['credits'],
    queryFn: () => answered(api.GET('/operator/credits', { params: { query: { limit: 50 } } })),
    refetchInterval: 5_000,
  })
  if (data.length === 0) return null
  return (
    <Sheet title={words.waiting}>
      <ul className="divide-y divide-line">
        {data.map(({ creditId: id, customerId, amount, reason, proposedBy }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div className="min-w-0">
              <p>
                <span className="font-semibold">
                  <Money amount={amount} signed />
                </span>{' '}
                → <CustomerLink customerId={customerId}>{customerId}</CustomerLink>
              </p>
              <p className="text-sm text-muted">
                {reason} · {words.proposed(proposedBy)}
              </p>
            </div>
            <div className="flex gap-2">
              <Changing
                act={words.approve}
                title={words.approveOf(money(amount))}
                look="primary"
                known={words.problems}
                onAct={(reason, key) =>
                  answered(
                    api.POST('/operator/credits/{id}/approve', {
                      params: { path: { id } },
                      body: { reason },
                      headers: { 'Idempotency-Key': key },
                    }),
                  )
                }
              />
              <Changing
                act={words.decline}
                title={words.declineOf(money(amount))}
                look="danger"
                known={words.problems}
                onAct={(reason, key) =>
                  answered(
                    api.POST('/operator/credits/{id}/decline', {
                      params: { path: { id } },
                      body: { reason },
                      headers: { 'Idempotency-Key': key },
                    }),
                  )
                }
              />
            </div>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
