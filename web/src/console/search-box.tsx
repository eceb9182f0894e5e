import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { useProblemSentence } from '../parts/notice.tsx'
import { paymentPage } from './payment-link.tsx'
import { text } from './text.ts'

type Hit = Schemas['SearchHit']

/** Where a hit leads to. */
function placeOf({ kind, id, paymentId }: Hit): string | undefined {
  if (paymentId !== null) return paymentPage(paymentId)
  switch (kind) {
    case 'customer':
      return `/console/payments?customer=${id}`
    case 'coupon':
      return '/console/coupons'
    case 'product':
    case 'option':
      return '/console/products'
    default:
      return undefined
  }
}

/** One box for any id, name or Idempotency-Key. Enter goes there when there is one thing it can mean; `/` leads into it. */
export function SearchBox() {
  const words = useText(text)
  const sentence = useProblemSentence()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [hits, setHits] = useState<readonly Hit[]>()
  const [problem, setProblem] = useState<unknown>()

  useEffect(() => {
    function focus(event: globalThis.KeyboardEvent) {
      const { target } = event
      const typing = target instanceof HTMLElement && target.closest('input, textarea, select, dialog')
      if (event.key !== '/' || typing) return
      event.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [])

  const close = () => {
    setHits(undefined)
    setProblem(undefined)
  }

  async function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const q = input.current?.value.trim() ?? ''
    if (q === '') return close()
    try {
      const found = await answered(api.GET('/operator/search', { params: { query: { q } } }))
      const [only, ...others] = found
      const place = only && others.length === 0 ? placeOf(only) : undefined
      if (place !== undefined) {
        close()
        return await navigate({ href: place })
      }
      setHits(found)
    } catch (error) {
      setProblem(error)
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what hangs under the box, from wherever in it.
    <div
      className="relative w-full sm:w-96"
      onKeyDown={event => {
        if (event.key === 'Escape') close()
      }}
    >
      <search>
        <form onSubmit={event => void search(event)} className="flex gap-2">
          <label className="sr-only" htmlFor="payment-search">
            {words.search}
          </label>
          <input
            ref={input}
            id="payment-search"
            type="search"
            maxLength={255}
            placeholder={words.searchHint}
            className="min-h-9 w-full rounded-lg border border-line bg-sheet px-3 py-1.5 text-sm placeholder:text-muted"
          />
          <Button type="submit" className="shrink-0 whitespace-nowrap">
            {words.search}
          </Button>
        </form>
      </search>
      {(hits !== undefined || problem !== undefined) && (
        <div className="absolute right-0 left-0 z-20 mt-1 rounded-xl border border-line bg-sheet p-2 shadow-lg">
          {problem !== undefined && (
            <p role="alert" className="px-2 py-1 text-sm text-danger">
              {sentence(problem)}
            </p>
          )}
          {hits?.length === 0 && (
            <p role="status" className="px-2 py-1 text-sm text-muted">
              {words.nothingCalledSo}
            </p>
          )}
          <ul>
            {hits?.map(hit => (
              <li key={`${hit.kind} ${hit.id}`}>
                <HitLink
                  hit={hit}
                  onFollow={place => {
                    close()
                    void navigate({ href: place })
                  }}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

function HitLink({ hit, onFollow }: { hit: Hit; onFollow(place: string): void }) {
  const words = useText(text)
  const place = placeOf(hit)
  const shown = (
    <>
      <span className="text-muted">{words.kinds[hit.kind]}</span>{' '}
      <span className="font-medium">{hit.label}</span>{' '}
      <code className="font-mono text-xs text-muted">
        {hit.kind === 'request' ? (hit.paymentId ?? '') : hit.id}
      </code>
      {hit.payments !== null && hit.kind === 'customer' && (
        <span className="text-muted"> · {words.paymentCount(hit.payments)}</span>
      )}
    </>
  )
  if (place === undefined) return <p className="px-2 py-1.5 text-sm">{shown}</p>
  return (
    <a
      href={place}
      className="block rounded-lg px-2 py-1.5 text-sm hover:bg-paper"
      onClick={event => {
        event.preventDefault()
        onFollow(place)
      }}
    >
      {shown}
    </a>
  )
}
