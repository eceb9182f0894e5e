import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Select } from '../parts/field.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { type FilterQuery, filterBody } from './payment-search.ts'
import { ReasonForm } from './reason-form.tsx'
import { text } from './text.ts'

const operations = ['retry', 'skip', 'compensate'] as const

/**
 * One thing to all that the filter finds: first how many there are and what would happen to them, then the reason. The
 * server does nothing when the filter finds another number by then.
 */
export function BulkOperations({ query }: { query: FilterQuery }) {
  const words = useText(text)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{words.toAll}</Button>
      <Dialog title={words.toAllTitle} open={open} onClose={() => setOpen(false)}>
        <Bulk query={query} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function Bulk({ query, onClose }: { query: FilterQuery; onClose(): void }) {
  const words = useText(text)
  const queries = useQueryClient()
  const [operation, choose] = useState<(typeof operations)[number]>('retry')
  const [result, setResult] = useState<Schemas['BulkResult']>()
  const { data, error, isPending } = useQuery({
    queryKey: ['bulk', operation, query],
    queryFn: () =>
      answered(api.GET('/operator/payments/bulk', { params: { query: { ...query, operation } } })),
    enabled: result === undefined,
    gcTime: 0,
  })

  if (result !== undefined) {
    return (
      <div className="space-y-4">
        <p role="status" className="rounded-lg bg-good-soft px-3 py-2 text-good">
          <span aria-hidden="true">✓ </span>
          {words.bulkDone(result.done, result.refused, result.left)}
        </p>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            {words.fine}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className="space-y-4">
      <Select
        label={words.whatToDo}
        value={operation}
        onChange={event => choose(operations.find(each => each === event.target.value) ?? 'retry')}
      >
        {operations.map(each => (
          <option key={each} value={each}>
            {words.operation[each]}
          </option>
        ))}
      </Select>
      {isPending && <Loading />}
      {error !== null && <Failed error={error} />}
      {data !== undefined && (
        <ReasonForm
          key={operation}
          act={words.bulkAct(words.operation[operation], data.able)}
          look={operation === 'compensate' ? 'danger' : 'primary'}
          disabled={data.able === 0}
          onAct={async reason => {
            try {
              setResult(
                await answered(
                  api.POST('/operator/payments/bulk', {
                    body: { operation, filter: filterBody(query), reason, expectedCount: data.total },
                  }),
                ),
              )
            } finally {
              await queries.invalidateQueries({ refetchType: 'active' })
            }
          }}
        >
          <div className="space-y-2 text-sm">
            <p>
              <strong className="text-lg tabular-nums">{data.able}</strong>{' '}
              {words.bulkAble(data.total, data.unable, data.total - data.able - data.unable)}
            </p>
            <Tally title={words.afterwards} counts={data.steps} />
            <Tally title={words.undone} counts={data.undoes} names={words.undoing} />
            {Object.keys(data.undoes).length === 0 && <Tally title={words.sent} counts={data.sends} />}
          </div>
        </ReasonForm>
      )}
    </div>
  )
}

function Tally({
  title,
  counts,
  names = {},
}: {
  title: string
  counts: Readonly<Record<string, number>>
  names?: Readonly<Record<string, string>>
}) {
  const entries = Object.entries(counts)
  if (entries.length === 0) return null
  return (
    <div>
      <h3 className="text-muted">{title}</h3>
      <ul>
        {entries.map(([name, count]) => (
          <li key={name} className="flex gap-2">
            <span className="w-10 text-right font-semibold tabular-nums">{count}</span>
            <span className={names[name] === undefined ? 'font-mono text-xs leading-5' : ''}>
              {names[name] ?? name}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
