import { useEffect, useState } from 'react'
import { LoginForm } from '../account/login-form.tsx'
import { Problem } from '../api/client.ts'
import { PaymentOperations } from '../console/operations.tsx'
import { useLanguage, useText } from '../frame/language.tsx'
import { isOperator, useMe } from '../frame/settings.ts'
import type { FeedStatus } from '../live/feed-connection.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Failed, Loading, Notice } from '../parts/notice.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { Page } from '../parts/sheet.tsx'
import { Connection } from './connection.tsx'
import { type History, positionAt } from './history.ts'
import { LedgerBoxSheet } from './ledger-box.tsx'
import { PaymentFacts } from './payment-facts.tsx'
import { isAtRest } from './payment-query.ts'
import { paymentPlace } from './payment-search.ts'
import { PaymentTabs } from './payment-tabs.tsx'
import { plainSentence, type ShownPayment } from './plain-sentence.ts'
import { text } from './text.ts'
import { TimeTravel } from './time-travel.tsx'
import { usePayment } from './use-payment.ts'
import { usePosition } from './use-position.ts'
import { useWritten } from './use-written.ts'

/** The page of one payment: what is going on with it, and every moment of it. */
export function PaymentPage() {
  const { id } = paymentPlace.useParams()
  const words = useText(text)
  const me = useMe()
  if (me === null) {
    return (
      <Page title={words.payment(id)} lead={words.logInFirst}>
        <LoginForm roles={['customer', 'operator', 'administrator']} />
      </Page>
    )
  }
  if (!/^[1-9]\d{0,15}$/.test(id)) return <NoSuchPayment id={id} />
  return <KnownPayment key={`${id} ${me.username}`} id={Number(id)} />
}

function KnownPayment({ id }: { id: number }) {
  const { payment, history, connection } = usePayment(id)
  const error = payment.error ?? history.error
  if (payment.data === undefined || history.data === undefined) {
    if (error instanceof Problem && error.code === 'PAYMENT_NOT_FOUND')
      return <NoSuchPayment id={String(id)} />
    return error === null ? <Loading /> : <Failed error={error} />
  }
  return <ShownPaymentPage payment={payment.data} history={history.data} connection={connection} />
}

function ShownPaymentPage({
  payment,
  history,
  connection,
}: {
  payment: ShownPayment
  history: History
  connection: FeedStatus | undefined
}) {
  const words = useText(text)
  const operates = isOperator(useMe())
  const [at, setAt] = usePosition(history)
  const { tab } = paymentPlace.useSearch()
  // A drawing takes all the width there is.
  const isWide = tab === 'statechart' || tab === 'sequence'
  const needsHands = !isAtRest(payment) || (payment.attention ?? []).length > 0
  const last = history.entries.length
  const position = positionAt(history, at)
  const isBeyond = at !== undefined && last > 0 && (at < 1 || at > last)
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {words.payment(String(payment.paymentId))}
          <PaymentStatus {...payment} />
        </span>
      }
      lead={<Sentence payment={payment} history={history} />}
      actions={
        operates && (
          <div className="flex items-center gap-3">
            {connection !== undefined && <Connection status={connection} />}
            <ButtonLink to="/console/inspector">← {words.toInspector}</ButtonLink>
          </div>
        )
      }
    >
      <PaymentFacts payment={payment} />
      {operates && needsHands && <PaymentOperations paymentId={payment.paymentId} />}
      {!history.complete && last > 0 && (
        <p role="status" className="rounded-xl bg-info-soft px-4 py-3 text-sm text-info">
          <strong className="font-semibold">{words.incomplete}</strong> {words.incompleteMore}
        </p>
      )}
      {isBeyond ? (
        <Notice
          sign="⇥"
          title={words.beyond(String(at), String(last))}
          actions={
            <>
              <Button look="primary" onClick={() => setAt(last)}>
                {words.toLast}
              </Button>
              <Button onClick={() => setAt(undefined)}>{words.now}</Button>
            </>
          }
        >
          {words.beyondMore}
        </Notice>
      ) : (
        <>
          {last > 0 && <TimeTravel history={history} at={at} onMove={setAt} />}
          <div className={`grid items-start gap-4 ${isWide ? '' : 'lg:grid-cols-[minmax(0,1fr)_20rem]'}`}>
            <PaymentTabs history={history} position={position} onMove={setAt} />
            <LedgerBoxSheet
              history={history}
              position={position}
              isNow={at === undefined}
              isWide={isWide}
              onMove={setAt}
            />
          </div>
        </>
      )}
      {operates && !needsHands && <PaymentOperations paymentId={payment.paymentId} />}
    </Page>
  )
}

/** What is going on, told again every second while time matters. */
function Sentence({ payment, history }: { payment: ShownPayment; history: History }) {
  const { language } = useLanguage()
  const written = useWritten()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(ticking)
  }, [])
  return <span data-sentence>{plainSentence(payment, history, now, written, language)}</span>
}

/** A payment that is not there, or not for this visitor: nobody is told which. */
function NoSuchPayment({ id }: { id: string }) {
  const words = useText(text)
  const me = useMe()
  const [leaving, setLeaving] = useState(false)
  const operates = isOperator(me)
  return (
    <Page title={words.payment(id)}>
      <Notice
        sign="∅"
        title={words.notFound(id)}
        actions={
          operates ? (
            <ButtonLink to="/console/inspector" look="primary">
              {words.toInspector}
            </ButtonLink>
          ) : (
            <Button onClick={() => setLeaving(true)}>{words.logInAsOther}</Button>
          )
        }
      >
        {operates ? words.notFoundForOperator : words.notFoundForCustomer(me?.username ?? '')}
      </Notice>
      {leaving && <LoginForm roles={['customer', 'operator', 'administrator']} />}
    </Page>
  )
}
