import { useMutation, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { answered, api } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { useMe } from '../frame/settings.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money, useMoney } from '../parts/money.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { CouponList } from './coupon-list.tsx'
import { CustomersOnly } from './customers-only.tsx'
import { balanceHistoryQuery, balanceQuery, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

/** In the minor unit. */
const quickAmounts = [10_000, 50_000, 100_000] as const

/** One's balance with a way to charge it, one's coupons, and everything the balance went through. */
export function AccountPage() {
  const words = useText(text)
  const me = useMe()
  return (
    <CustomersOnly>
      {customerId => (
        <Page title={words.account} lead={me?.username}>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Sheet title={words.balance}>
              <Balance customerId={customerId} />
            </Sheet>
            <Sheet title={words.coupons}>
              <CouponList customerId={customerId} />
            </Sheet>
          </div>
          <Sheet title={words.history}>
            <History customerId={customerId} />
          </Sheet>
        </Page>
      )}
    </CustomersOnly>
  )
}

function Balance({ customerId }: { customerId: number }) {
  const words = useText(text)
  const money = useMoney()
  const sentence = useShopSentence()
  const moneyMoved = useMoneyMoved()
  const balance = useQuery(balanceQuery(customerId))
  const [fault, setFault] = useState<string>()
  const charge = useMutation({
    mutationFn: (amount: number) => answered(api.PATCH('/balances/charge', { body: { customerId, amount } })),
    onSettled: moneyMoved,
  })
  if (balance.isPending) return <Loading />
  if (balance.isError) return <Failed error={balance.error} />

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const amount = Number(new FormData(event.currentTarget).get('amount'))
    const isAmount = Number.isSafeInteger(amount) && amount > 0
    setFault(isAmount ? undefined : words.chargeWrong)
    if (isAmount) charge.mutate(amount)
  }

  return (
    <div className="space-y-4">
      <p className="text-3xl font-bold tracking-tight" data-balance={balance.data.amount}>
        <Money amount={balance.data.amount} />
      </p>
      <div className="flex flex-wrap gap-2">
        {quickAmounts.map(amount => (
          <Button key={amount} disabled={charge.isPending} onClick={() => charge.mutate(amount)}>
            + {money(amount)}
          </Button>
        ))}
      </div>
      <form className="flex flex-wrap items-start gap-2" onSubmit={submit} noValidate>
        <Field
          label={words.chargeAmount}
          labelHidden
          placeholder={words.chargeAmount}
          name="amount"
          inputMode="numeric"
          fault={fault}
        />
        <Button look="primary" type="submit" disabled={charge.isPending}>
          {words.charge}
        </Button>
      </form>
      <p role="status" className="min-h-6 text-sm text-good">
        {charge.data !== undefined && !charge.isPending && `✓ ${words.charged(money(charge.variables))}`}
      </p>
      {charge.error !== null && (
        <p role="alert" className="text-sm text-danger">
          {sentence(charge.error)}
        </p>
      )}
    </div>
  )
}

function History({ customerId }: { customerId: number }) {
  const words = useText(text)
  const history = useQuery(balanceHistoryQuery(customerId))
  if (history.isPending) return <Loading />
  if (history.isError) return <Failed error={history.error} />
  if (history.data.length === 0) return <p className="text-muted">{words.historyEmpty}</p>
  // A line of a ledger has no name but its place, and none is ever taken out.
  const newestFirst = history.data.map((line, place) => ({ ...line, place })).reverse()
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-b border-line text-left text-muted">
          <th scope="col" className="py-2 pr-3 font-medium">
            {words.what}
          </th>
          <th scope="col" className="py-2 text-right font-medium sm:pr-3">
            {words.amount}
          </th>
          <th scope="col" className="hidden py-2 text-right font-medium sm:table-cell">
            {words.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {newestFirst.map(({ changeType, changeAmount, totalAmount, createdAt, place }) => (
          <tr key={place} className="border-b border-line last:border-0">
            <td className="py-2 pr-3">
              <span className="block font-medium">{words.changes[changeType]}</span>
              <span className="text-muted">
                <Moment at={createdAt} />
              </span>
            </td>
            <td className="py-2 text-right font-medium sm:pr-3">
              <Money amount={changeType === 'USE' ? -changeAmount : changeAmount} signed />
              <span className="block font-normal text-muted sm:hidden">
                → <Money amount={totalAmount} />
              </span>
            </td>
            <td className="hidden py-2 text-right sm:table-cell">
              <Money amount={totalAmount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
