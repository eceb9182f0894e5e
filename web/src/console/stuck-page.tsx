import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answered, api, pageAnswered } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { Page } from '../parts/sheet.tsx'
import { BulkOperations } from './bulk.tsx'
import { BulkLetters } from './bulk-letters.tsx'
import { DeadLetterCard } from './dead-letter-card.tsx'
import { filterQuery } from './payment-search.ts'
import { StuckPayment } from './stuck-payment.tsx'
import { text } from './text.ts'

const refetchMs = 5_000
const query = filterQuery({ attention: true })

/** What does not go on by itself: payments that need somebody, and messages that could not be handled. */
export function StuckPage() {
  const words = useText(text)
  const payments = useQuery({
    queryKey: ['payments', 'stuck'],
    queryFn: () =>
      pageAnswered(api.GET('/operator/payments', { params: { query: { ...query, limit: 200 } } })),
    refetchInterval: refetchMs,
  })
  const letters = useQuery({
    queryKey: ['dead-letters'],
    queryFn: () => answered(api.GET('/operator/dead-letters', { params: { query: { limit: 200 } } })),
    refetchInterval: refetchMs,
  })
  const error = payments.error ?? letters.error
  const stuck = payments.data?.items ?? []
  const waiting = letters.data ?? []
  const known = payments.data !== undefined && letters.data !== undefined

  return (
    <Page title={words.stuck} lead={words.stuckLead}>
      {!known && error === null && <Loading />}
      {error !== null && <Failed error={error} />}
      {known && stuck.length === 0 && waiting.length === 0 && (
        <Notice
          sign="☀"
          title={words.nobodyNeeded}
          actions={
            <Link to="/console/payments" search={{ state: 'open' }} className="text-accent underline">
              {words.seeOpen}
            </Link>
          }
        >
          {words.nobodyNeededMore}
        </Notice>
      )}
      {stuck.length > 0 && (
        <section className="space-y-3" aria-labelledby="stuck-payments">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h2 id="stuck-payments" className="font-semibold">
              {words.stuckPayments(stuck.length)}
            </h2>
            <BulkOperations query={query} />
          </div>
          {stuck.map(payment => (
            <StuckPayment key={payment.paymentId} payment={payment} />
          ))}
        </section>
      )}
      {waiting.length > 0 && (
        <section className="space-y-3" aria-labelledby="dead-letters">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h2 id="dead-letters" className="font-semibold">
              {words.deadLetters(waiting.length)}
            </h2>
            <BulkLetters letters={waiting} />
          </div>
          {waiting.map(letter => (
            <DeadLetterCard key={letter.id} letter={letter} />
          ))}
        </section>
      )}
    </Page>
  )
}
