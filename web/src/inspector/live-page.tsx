import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useMemo, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { type Feed, useFeed } from '../live/use-feed.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Field, Select } from '../parts/field.tsx'
import { Failed, Notice } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { Connection } from './connection.tsx'
import { LiveCommit, LiveGap } from './live-commit.tsx'
import { type LiveSearch, livePlace, liveSearchOf } from './live-search.ts'
import { text } from './text.ts'

/** So many steps are drawn; whoever wants to see more of a payment opens it. */
const stepsDrawn = 150

const kinds = ['payment', 'order', 'stock', 'ownedCoupon', 'balance', 'statistics'] as const

/** What happens in the shop, as it is committed. */
export function LivePage() {
  const words = useText(text)
  const search = livePlace.useSearch()
  const [isPaused, setPaused] = useState(false)
  const feed = useFeed({ filters: search, paused: isPaused })
  const isFiltered = Object.keys(search).length > 0
  const drawn = useMemo(() => newest(feed.rows), [feed.rows])
  return (
    <Page
      title={words.live}
      lead={words.liveLead}
      actions={<Connection status={feed.status} isPaused={isPaused} />}
    >
      <Filters key={JSON.stringify(search)} search={search} />
      <Sheet
        title={words.steps(drawn.steps)}
        actions={
          <Button
            look={isPaused ? 'primary' : 'plain'}
            aria-pressed={isPaused}
            onClick={() => setPaused(!isPaused)}
          >
            <span aria-hidden="true">{isPaused ? '▶' : '❚❚'}</span>
            {isPaused ? words.goOn : words.pauseList}
            {isPaused && feed.newCount > 0 && <span>· {words.newRows(feed.newCount)}</span>}
          </Button>
        }
      >
        {feed.problem !== undefined ? (
          <Failed error={feed.problem} />
        ) : drawn.rows.length === 0 && feed.status === 'live' ? (
          <Notice
            sign="…"
            title={isFiltered ? words.nothingMatches : words.nothingYet}
            actions={
              <Link to="/shop" className="font-medium text-accent underline underline-offset-2">
                {words.toShop} ↗
              </Link>
            }
          >
            {words.nothingYetMore}
          </Notice>
        ) : (
          <ol data-live className="space-y-3">
            {drawn.rows.map(row =>
              row.type === 'gap' ? (
                <LiveGap key={`gap ${row.after}`} gap={row} />
              ) : (
                <LiveCommit key={row.sequence} row={row} />
              ),
            )}
          </ol>
        )}
      </Sheet>
    </Page>
  )
}

/** The newest rows, as many as have so many steps together. */
function newest(rows: Feed['rows']): { rows: Feed['rows']; steps: number } {
  let steps = 0
  const end = rows.findIndex(row => {
    if (row.type === 'row') steps += row.entries.length
    return steps >= stepsDrawn
  })
  return { rows: end < 0 ? rows : rows.slice(0, end + 1), steps }
}

/** What one wants to see. A choice is applied at once, what is typed with Enter or on leaving the field. */
function Filters({ search }: { search: LiveSearch }) {
  const words = useText(text)
  const navigate = livePlace.useNavigate()
  function apply(form: HTMLFormElement) {
    if (!form.reportValidity()) return
    const given = Object.fromEntries(new FormData(form).entries())
    void navigate({ search: liveSearchOf(given), replace: true, resetScroll: false })
  }
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    apply(event.currentTarget)
  }
  const onBlur = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    const { form, defaultValue, value } = currentTarget
    if (form !== null && defaultValue !== value) apply(form)
  }
  const number = {
    inputMode: 'numeric',
    pattern: '[1-9][0-9]{0,15}',
    title: words.numberNeeded,
    onBlur,
  } as const
  return (
    <form
      aria-label={words.filters}
      onSubmit={submit}
      className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[1fr_1fr_1fr_1fr_auto]"
    >
      <Select
        label={words.kind}
        name="kind"
        defaultValue={search.kind ?? ''}
        onChange={({ currentTarget }) => currentTarget.form !== null && apply(currentTarget.form)}
      >
        <option value="">{words.anyKind}</option>
        {kinds.map(kind => (
          <option key={kind} value={kind}>
            {words.lifelines[kind]}
          </option>
        ))}
      </Select>
      <Field
        label={words.state}
        name="state"
        placeholder={words.stateHint}
        defaultValue={search.state ?? ''}
        onBlur={onBlur}
      />
      <Field label={words.order} name="order" defaultValue={search.order ?? ''} {...number} />
      <Field label={words.customer} name="customer" defaultValue={search.customer ?? ''} {...number} />
      <div className="col-span-2 flex gap-2 sm:col-span-1">
        <ButtonLink to="/console/inspector" search={{}} look="quiet">
          {words.clear}
        </ButtonLink>
        <button type="submit" className="sr-only">
          {words.filters}
        </button>
      </div>
    </form>
  )
}
