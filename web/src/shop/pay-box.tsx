import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Select } from '../parts/field.tsx'
import { Money, useMoney } from '../parts/money.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { CouponList, useWorth } from './coupon-list.tsx'
import { requestKeys } from './kept-request-keys.ts'
import { aboutPaying, aboutTrying } from './request-keys.ts'
import { balanceQuery, isMoving, ownedCouponsQuery, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

/**
 * Pays an order, with a coupon or without. It asks not to wait and looks at the payment instead, so that a step that takes
 * long is seen; the key of the attempt is kept, so that neither a double click nor a reload pays twice.
 */
export function PayBox({
  order,
  payment,
  customerId,
  onBegun,
}: {
  order: Schemas['Order']
  payment: Schemas['Payment'] | undefined
  customerId: number
  onBegun(attempt: number): void
}) {
  const words = useText(text)
  const money = useMoney()
  const worth = useWorth()
  const sentence = useShopSentence()
  const moneyMoved = useMoneyMoved()
  const balance = useQuery(balanceQuery(customerId))
  const coupons = useQuery(ownedCouponsQuery(customerId))
  const available = (coupons.data ?? []).filter(({ status }) => status === 'AVAILABLE')
  const [chosen, choose] = useState<number | null>(null)
  const couponId = available.some(each => each.couponId === chosen) ? chosen : null
  const { orderId, totalPrice } = order
  const attempt = payment?.attempt ?? 0

  const pay = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/payments', {
          params: {
            header: {
              'Idempotency-Key': requestKeys.of(aboutPaying(orderId, attempt, couponId)),
              Prefer: 'respond-async',
            },
          },
          body: { orderId, couponId },
        }),
      ),
    onSuccess() {
      requestKeys.of(aboutTrying(orderId))
      onBegun(attempt + 1)
    },
    onSettled: moneyMoved,
  })
  const cancel = useMutation({
    mutationFn: () =>
      answered(api.POST('/orders/{id}/cancel', { params: { path: { id: orderId } }, body: {} })),
    onSettled: moneyMoved,
  })
  const moving = payment !== undefined && isMoving(payment.status)
  const coupon = available.find(each => each.couponId === couponId)
  const price =
    totalPrice - (coupon?.discountType === 'FIXED' ? Math.min(coupon.discountAmount, totalPrice) : 0)
  const missing = balance.data === undefined ? 0 : price - balance.data.amount
  const error = pay.error ?? cancel.error

  return (
    <Sheet title={words.pay}>
      <div className="space-y-4">
        <dl className="flex items-baseline justify-between">
          <dt className="text-muted">{words.youHave}</dt>
          <dd className="font-semibold">
            <Money amount={balance.data?.amount ?? null} />
          </dd>
        </dl>
        {!moving && missing > 0 && coupon?.discountType !== 'RATE' && (
          <div className="space-y-2 rounded-xl bg-undo-soft p-3 text-sm text-undo">
            <p>
              <span aria-hidden="true">⚠ </span>
              {words.tooLittle(money(missing))}
            </p>
            <ButtonLink to="/shop/account">{words.chargeFirst}</ButtonLink>
          </div>
        )}
        <Select
          label={words.coupon}
          value={couponId ?? ''}
          disabled={moving}
          onChange={({ target }) => choose(target.value === '' ? null : Number(target.value))}
        >
          <option value="">{words.noCoupon}</option>
          {available.map(each => (
            <option key={each.couponId} value={each.couponId}>
              {each.name} · {words.off(worth(each))}
            </option>
          ))}
        </Select>
        <details>
          <summary className="text-sm font-medium text-accent">{words.openCoupons}</summary>
          <div className="pt-3">
            <CouponList customerId={customerId} />
          </div>
        </details>
        <Button
          look="primary"
          className="w-full"
          disabled={moving || pay.isPending}
          onClick={() => pay.mutate()}
        >
          {attempt === 0 ? words.payAmount(money(price)) : words.payAgain}
        </Button>
        {error !== null && (
          <p role="alert" className="text-sm text-danger">
            {sentence(error)}
          </p>
        )}
        <Button look="quiet" className="w-full" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {words.cancel}
        </Button>
      </div>
    </Sheet>
  )
}
