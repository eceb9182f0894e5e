import { useMutation, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { answered, api, Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { useMoney } from '../parts/money.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { requestKeys } from './kept-request-keys.ts'
import { returnsQuery, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

type Items = { productOptionId: number; quantity: number }[]

/** Gives back some of what was bought, or all that is left of it. */
export function ReturnBox({ order }: { order: Schemas['Order'] }) {
  const words = useText(text)
  const money = useMoney()
  const sentence = useShopSentence()
  const moneyMoved = useMoneyMoved()
  const returns = useQuery(returnsQuery(order.orderId))
  const [fault, setFault] = useState<string>()
  const giveBack = useMutation({
    mutationFn: ({ items, about }: { items: Items; about: string }) =>
      answered(
        api.POST('/orders/{id}/returns', {
          params: { path: { id: order.orderId }, header: { 'Idempotency-Key': requestKeys.of(about) } },
          body: { items },
        }),
      ),
    onSettled(_done, error, { about }) {
      if (!(error instanceof Problem && error.status === 0)) requestKeys.forget(about)
      return moneyMoved()
    },
  })
  if (returns.isPending) return <Loading />
  if (returns.isError) return <Failed error={returns.error} />
  const came = new Map<number, number>()
  for (const { items } of returns.data) {
    for (const { productOptionId, quantity } of items) {
      came.set(productOptionId, quantity + (came.get(productOptionId) ?? 0))
    }
  }
  const left = order.items.flatMap(item => {
    const most = item.quantity - (came.get(item.productOptionId) ?? 0)
    return most > 0 ? [{ ...item, most }] : []
  })

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const items = left.flatMap(({ productOptionId }) => {
      const quantity = Number(given.get(String(productOptionId)))
      return quantity > 0 ? [{ productOptionId, quantity }] : []
    })
    setFault(items.length === 0 ? words.nothingChosen : undefined)
    const about = `return ${order.orderId} after ${returns.data?.length}: ${JSON.stringify(items)}`
    if (items.length > 0) giveBack.mutate({ items, about })
  }

  return (
    <Sheet title={words.returnTitle}>
      <p className="mb-3 text-sm text-muted">{words.returnLead}</p>
      <form key={returns.data.length} className="space-y-3" onSubmit={submit}>
        {left.map(({ productOptionId, productName, optionName, most }) => (
          <Field
            key={productOptionId}
            label={words.returnCount(`${productName} ${optionName}`, most)}
            name={String(productOptionId)}
            type="number"
            min={0}
            max={most}
            defaultValue={0}
          />
        ))}
        <Button type="submit" className="w-full" disabled={giveBack.isPending}>
          {words.returnChosen}
        </Button>
      </form>
      <p role="status" className="text-sm text-good">
        {giveBack.data !== undefined &&
          `✓ ${'refundAmount' in giveBack.data ? words.returned(money(giveBack.data.refundAmount)) : words.returnAccepted}`}
      </p>
      {(fault !== undefined || giveBack.error !== null) && (
        <p role="alert" className="text-sm text-danger">
          {fault ?? sentence(giveBack.error)}
        </p>
      )}
    </Sheet>
  )
}
