import { useMutation, useQuery } from '@tanstack/react-query'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { useMoney } from '../parts/money.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { campaignsQuery, ownedCouponsQuery, useMoneyMoved } from './shop-queries.ts'
import { useShopSentence } from './shop-sentence.ts'
import { text } from './text.ts'

/** The customer's coupons, and those that are to be had, with how many are left. */
export function CouponList({ customerId }: { customerId: number }) {
  const words = useText(text)
  const owned = useQuery(ownedCouponsQuery(customerId))
  const campaigns = useQuery(campaignsQuery)
  if (owned.isPending || campaigns.isPending) return <Loading />
  if (owned.isError) return <Failed error={owned.error} />
  if (campaigns.isError) return <Failed error={campaigns.error} />
  const has = new Set(owned.data.map(({ couponId }) => couponId))
  return (
    <div className="space-y-4">
      <div>
        <h3 className="mb-2 text-sm font-medium text-muted">{words.yourCoupons}</h3>
        {owned.data.length === 0 ? (
          <p className="text-sm text-muted">{words.noCoupons}</p>
        ) : (
          <ul className="space-y-2">
            {owned.data.map(coupon => (
              <Ticket key={coupon.couponId} coupon={coupon}>
                <Badge
                  tone={coupon.status === 'AVAILABLE' ? 'good' : 'quiet'}
                  sign={coupon.status === 'AVAILABLE' ? '✓' : '–'}
                >
                  {words.couponStatus[coupon.status]}
                </Badge>
              </Ticket>
            ))}
          </ul>
        )}
      </div>
      <div>
        <h3 className="mb-2 text-sm font-medium text-muted">{words.openCoupons}</h3>
        {campaigns.data.length === 0 ? (
          <p className="text-sm text-muted">{words.noOpenCoupons}</p>
        ) : (
          <ul className="space-y-2">
            {campaigns.data.map(campaign => (
              <Ticket key={campaign.couponId} coupon={campaign} left={campaign}>
                {has.has(campaign.couponId) ? (
                  <span className="text-sm text-muted">{words.taken}</span>
                ) : (
                  <Take couponId={campaign.couponId} customerId={customerId} name={campaign.name} />
                )}
              </Ticket>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

type Terms = Pick<Schemas['OwnedCoupon'], 'couponId' | 'name' | 'discountType' | 'discountAmount'>

/** What a coupon takes off, as `₩3,000` or `10%`. */
export function useWorth(): (terms: Terms) => string {
  const money = useMoney()
  return ({ discountType, discountAmount }) =>
    discountType === 'FIXED' ? money(discountAmount) : `${discountAmount}%`
}

function Ticket({
  coupon,
  left,
  children,
}: {
  coupon: Terms
  left?: Schemas['CouponCampaign']
  children: React.ReactNode
}) {
  const words = useText(text)
  const worth = useWorth()
  const money = useMoney()
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-dashed border-muted bg-sheet px-4 py-2.5">
      <span className="font-bold text-accent tabular-nums">{words.off(worth(coupon))}</span>
      <span className="text-sm">{coupon.name}</span>
      {left?.minOrderAmount != null && (
        <span className="text-sm text-muted">{words.from0(money(left.minOrderAmount))}</span>
      )}
      {left !== undefined && (
        <span className="text-sm text-muted tabular-nums">
          {words.left(left.remainingQuantity, left.totalQuantity)}
        </span>
      )}
      <span className="ml-auto">{children}</span>
    </li>
  )
}

function Take({ couponId, customerId, name }: { couponId: number; customerId: number; name: string }) {
  const words = useText(text)
  const sentence = useShopSentence()
  const moneyMoved = useMoneyMoved()
  const take = useMutation({
    mutationFn: () => answered(api.POST('/coupons/issue', { body: { couponId, customerId } })),
    onSettled: moneyMoved,
  })
  return (
    <span className="flex items-center gap-2">
      {take.error !== null && (
        <span role="alert" className="text-sm text-danger">
          {sentence(take.error)}
        </span>
      )}
      <Button aria-label={`${words.take}: ${name}`} disabled={take.isPending} onClick={() => take.mutate()}>
        {words.take}
      </Button>
    </span>
  )
}
