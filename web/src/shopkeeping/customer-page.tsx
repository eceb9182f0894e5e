import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { chargeAmountMax } from '../../../src/money.ts'
import { answered, api, Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { useMe } from '../frame/settings.ts'
import { ButtonLink } from '../parts/button.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Changing, ForAdministrators } from './changing.tsx'
import { CustomerCoupons, CustomerLedger, CustomerOrders } from './customer-tabs.tsx'
import { AccountBadges } from './customers-page.tsx'
import { text } from './customers-text.ts'
import { MoneyField } from './number-field.tsx'
import { customerTabs, idOf } from './shopkeeping-search.ts'
import { wholeNumber } from './whole-number.ts'

type Customer = Schemas['CustomerDetail']

const place = '/console/operators/customers/$id'

/** A customer: balance, ledger, orders and coupons, and nothing of what they tell about themselves. */
export function CustomerPage() {
  const words = useText(text)
  const { id: given } = useParams({ from: place })
  const { tab = 'ledger' } = useSearch({ from: place })
  const navigate = useNavigate({ from: '/console/customers/$id' })
  const id = idOf(given)
  const [credited, setCredited] = useState<Schemas['StaffCredit']['status']>()
  const { data, error } = useQuery({
    queryKey: ['customer', id],
    queryFn: () => answered(api.GET('/operator/customers/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== undefined,
    refetchInterval: 5_000,
    retry: false,
  })
  if (id === undefined || (error instanceof Problem && error.code === 'CUSTOMER_NOT_FOUND')) {
    return (
      <Page title={words.customers}>
        <Notice
          sign="⌕"
          title={words.notFound}
          actions={<ButtonLink to="/console/customers">{words.toCustomers}</ButtonLink>}
        />
      </Page>
    )
  }
  return (
    <Page
      title={data?.username ?? words.customer}
      lead={
        data && (
          <>
            <span className="mr-2 font-mono text-xs">{id}</span>
            <AccountBadges account={data} />
          </>
        )
      }
      actions={
        <Link to="/console/payments" search={{ customer: id }} className="text-accent underline">
          {words.payments}
        </Link>
      }
    >
      {error !== null ? <Failed error={error} /> : data === undefined ? <Loading /> : null}
      {data !== undefined && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-4 rounded-2xl border border-line bg-sheet p-4 sm:p-5">
            <div>
              <p className="text-sm text-muted">{words.balance}</p>
              <p className="text-2xl font-semibold">
                {data.balance === null ? (
                  <span className="text-danger">{words.unknownBalance}</span>
                ) : (
                  <Money amount={data.balance} />
                )}
              </p>
            </div>
            <div className="flex flex-wrap items-center gap-2">
              <Credit customer={data} onGiven={setCredited} />
              <Door customer={data} />
            </div>
          </div>
          {credited !== undefined && (
            <p role="status" className="rounded-xl bg-info-soft px-4 py-2 text-info">
              <span aria-hidden="true">{credited === 'PROPOSED' ? '◔ ' : '✓ '}</span>
              {credited === 'PROPOSED' ? words.creditWaits : words.creditGiven}
            </p>
          )}
          <Tabs
            label={words.tabs}
            tabs={customerTabs.map(name => ({ name, label: words[name] }))}
            chosen={tab}
            onChoose={next => void navigate({ search: { tab: next }, replace: true, resetScroll: false })}
          >
            {tab === 'ledger' && <CustomerLedger customerId={id} />}
            {tab === 'orders' && <CustomerOrders customerId={id} />}
            {tab === 'coupons' && <CustomerCoupons coupons={data.coupons} />}
          </Tabs>
        </>
      )}
    </Page>
  )
}

function Credit({
  customer: { customerId: id, username },
  onGiven,
}: {
  customer: Customer
  onGiven(status: Schemas['StaffCredit']['status']): void
}) {
  const words = useText(text)
  const [typed, setTyped] = useState('')
  const amount = wholeNumber(typed, 1, chargeAmountMax)
  return (
    <Changing
      act={words.credit}
      title={words.creditOf(username)}
      known={words.problems}
      incomplete={amount === undefined}
      onAct={async (reason, key) => {
        if (amount === undefined) return
        const { status } = await answered(
          api.POST('/operator/customers/{id}/credit', {
            params: { path: { id } },
            body: { amount, reason },
            headers: { 'Idempotency-Key': key },
          }),
        )
        setTyped('')
        onGiven(status)
      }}
    >
      <p className="text-sm text-muted">{words.creditMore}</p>
      <MoneyField label={words.amount} value={typed} max={chargeAmountMax} onType={setTyped} />
    </Changing>
  )
}

/** Whether they may come in. Nobody shuts the door on themselves. */
function Door({ customer: { customerId: id, username, disabled } }: { customer: Customer }) {
  const words = useText(text)
  const me = useMe()
  if (me?.customerId === id) return null
  const path = disabled ? '/customers/{id}/enable' : '/customers/{id}/disable'
  return (
    <ForAdministrators what={words.mayChange}>
      <Changing
        act={disabled ? words.enable : words.disable}
        title={disabled ? words.enableOf(username) : words.disableOf(username)}
        look={disabled ? 'plain' : 'danger'}
        known={words.problems}
        onAct={(reason, key) =>
          answered(
            api.POST(path, {
              params: { path: { id } },
              body: { reason },
              headers: { 'Idempotency-Key': key },
            }),
          )
        }
      >
        {!disabled && <p className="text-sm">{words.disableMore}</p>}
      </Changing>
    </ForAdministrators>
  )
}
