import { useNavigate, useSearch } from '@tanstack/react-router'
import { answered, api, pageAnswered, type Schemas } from '../api/client.ts'
import { useLanguage, useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Select } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { text as partsText } from '../parts/text.ts'
import { Bar } from './bar.tsx'
import { Changing, ForAdministrators, useMayChange } from './changing.tsx'
import { text } from './coupons-text.ts'
import { NewCampaign } from './new-campaign.tsx'
import { campaignStates } from './shopkeeping-search.ts'
import { usePaged } from './use-paged.ts'

type Campaign = Schemas['KeptCampaign']

/** Campaigns in every state; what is left of each is looked at again while somebody watches. */
export function CouponsPage() {
  const words = useText(text)
  const { more } = useText(partsText)
  const { state } = useSearch({ from: '/console/operators/coupons' })
  const navigate = useNavigate({ from: '/console/coupons' })
  const list = usePaged(
    ['campaigns', state],
    cursor =>
      pageAnswered(
        api.GET('/operator/coupons', { params: { query: { limit: 30, state: state ?? 'all', ...cursor } } }),
      ),
    2_000,
  )
  const { items, error } = list
  return (
    <Page
      title={words.coupons}
      lead={words.lead}
      actions={
        <Select
          label={words.state}
          labelHidden
          value={state ?? 'all'}
          onChange={event => {
            const next = campaignStates.find(each => each === event.target.value)
            void navigate({ search: next === undefined ? {} : { state: next }, replace: true })
          }}
        >
          {(['all', ...campaignStates] as const).map(each => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </Select>
      }
    >
      <ForAdministrators what={words.mayChange}>
        <NewCampaign />
      </ForAdministrators>
      {error !== null ? (
        <Failed error={error} />
      ) : items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <Notice sign="%" title={words.none}>
          {words.noneMore}
        </Notice>
      ) : (
        <ul className="grid gap-4 md:grid-cols-2">
          {items.map(campaign => (
            <CampaignCard key={campaign.couponId} campaign={campaign} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="text-center">
          <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {more}
          </Button>
        </div>
      )}
    </Page>
  )
}

/** Below this share it is said to be nearly gone, by the colour too. */
const lowShare = 0.1

function CampaignCard({ campaign }: { campaign: Campaign }) {
  const words = useText(text)
  const { language } = useLanguage()
  const mayChange = useMayChange()
  const { couponId, name, totalQuantity, remainingQuantity, startedAt, expiredAt, endedAt } = campaign
  const count = (units: number) => units.toLocaleString(language)
  const share = remainingQuantity / totalQuantity
  return (
    <li className="flex flex-col gap-3 rounded-2xl border border-line bg-sheet p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="font-semibold">{name}</h2>
          <p className="text-sm text-muted">
            <Discount campaign={campaign} />
          </p>
        </div>
        <State campaign={campaign} />
      </div>
      <div className="space-y-1.5">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
          <span className="text-base font-semibold tabular-nums">
            {words.left(count(remainingQuantity), count(totalQuantity))}
          </span>
          <span className="text-muted tabular-nums">{(share * 100).toFixed(share < lowShare ? 1 : 0)} %</span>
        </p>
        <Bar share={share} low={share < lowShare} />
      </div>
      <div className="flex flex-wrap items-end justify-between gap-2 text-sm text-muted">
        <p>
          <Moment at={startedAt} /> – <Moment at={endedAt ?? expiredAt} />
          <span className="ml-2 font-mono text-xs">{couponId}</span>
        </p>
        {mayChange && campaign.state !== 'over' && (
          <Changing
            act={words.end}
            title={words.endOf(name)}
            look="danger"
            known={words.problems}
            onAct={(reason, key) =>
              answered(
                api.POST('/coupons/{id}/end', {
                  params: { path: { id: couponId } },
                  body: { reason },
                  headers: { 'Idempotency-Key': key },
                }),
              )
            }
          >
            <p className="text-sm">{words.endMore}</p>
          </Changing>
        )}
      </div>
    </li>
  )
}

function Discount({ campaign }: { campaign: Campaign }) {
  const words = useText(text)
  const { discountType, discountAmount, maxDiscount, minOrderAmount } = campaign
  return (
    <>
      {discountType === 'FIXED' ? <Money amount={-discountAmount} /> : `−${words.rate(discountAmount)}`}
      {maxDiscount !== null && (
        <>
          {' '}
          · {words.upTo} <Money amount={maxDiscount} />
        </>
      )}
      {minOrderAmount !== null && (
        <>
          {' '}
          · {words.fromOrder} <Money amount={minOrderAmount} />
        </>
      )}
    </>
  )
}

function State({ campaign: { state, remainingQuantity, endedAt } }: { campaign: Campaign }) {
  const words = useText(text)
  if (state === 'future') {
    return (
      <Badge tone="info" sign="◔">
        {words.future}
      </Badge>
    )
  }
  if (state === 'over') return <Badge sign="■">{endedAt === null ? words.over : words.ended}</Badge>
  return remainingQuantity === 0 ? (
    <Badge tone="undo" sign="!">
      {words.soldOut}
    </Badge>
  ) : (
    <Badge tone="good" sign="✓">
      {words.open}
    </Badge>
  )
}
