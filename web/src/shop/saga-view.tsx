import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Schemas } from '../api/client.ts'
import { useLanguage, useText } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'
import { Button } from '../parts/button.tsx'
import { duration } from '../parts/moment.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useLift } from './fault-box.tsx'
import { InspectorLink } from './inspector-link.tsx'
import { type Replay, replayOf, rowsAfter, shownAfter, slowness } from './saga-replay.ts'
import { SagaSteps } from './saga-steps.tsx'
import { faultQuery, historyQuery } from './shop-queries.ts'
import { useFailureSentence } from './shop-sentence.ts'
import { text } from './text.ts'

/** So often an undo is sent before its payment counts as one whose rollback is incomplete. */
const undoSendsToWorry = 3

/**
 * What happened inside a payment: live while it goes on, then in slow motion, from the journal. The replay of an attempt
 * that was begun on this page runs by itself, unless the visitor likes no motion.
 */
export function SagaView({ payment, begun }: { payment: Schemas['Payment']; begun: number | undefined }) {
  const moving = payment.status === 'PAYING' || payment.status === 'COMPENSATING'
  const history = useQuery(historyQuery(payment.paymentId, payment.attempt, moving))
  const words = useText(text)
  if (history.isPending) return <Loading />
  if (history.isError) return <Failed error={history.error} />
  const replay = replayOf(history.data)
  if (replay === undefined) return null
  const isOver = ['completed', 'failed'].includes(replay.frames.at(-1)?.state ?? '')
  return (
    <Sheet
      title={words.replayTitle}
      actions={<span className="text-sm text-muted">{words.attempt(payment.attempt)}</span>}
    >
      {isOver && !moving ? (
        <Replayed key={payment.attempt} replay={replay} payment={payment} auto={begun === payment.attempt} />
      ) : (
        <Live replay={replay} payment={payment} />
      )}
    </Sheet>
  )
}

/** While it goes on. Most payments are over before they can be looked at; a silent one is not. */
function Live({ replay, payment }: { replay: Replay; payment: Schemas['Payment'] }) {
  const words = useText(text)
  const { demo } = useSettings()
  const rows = rowsAfter(replay, replay.frames.length)
  const undoing = rows.find(({ standing }) => standing === 'undoing')
  const isStuck = payment.status === 'COMPENSATING' && (undoing?.sends ?? 0) >= undoSendsToWorry
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-2" role="status">
        <PaymentStatus status={payment.status} attention={isStuck ? ['UNDO_UNANSWERED'] : []} />
        <span className="text-sm text-muted">{words.liveNow}</span>
      </div>
      <SagaSteps rows={rows} />
      {isStuck ? (
        <div
          className="space-y-2 rounded-xl border-2 border-danger bg-danger-soft p-4 text-danger"
          role="alert"
        >
          <p className="font-semibold">
            <span aria-hidden="true">⚠ </span>
            {words.stuckTitle}
          </p>
          <p className="text-sm">{words.stuckText}</p>
          {demo?.faults === true && <StuckByFault orderId={payment.orderId} />}
        </div>
      ) : (
        payment.status === 'PAYING' &&
        rows.some(({ sends }) => sends > 1) && <p className="text-sm text-muted">{words.waitingText}</p>
      )}
    </div>
  )
}

/** In a demo it is most likely stuck on purpose; this is the way out. */
function StuckByFault({ orderId }: { orderId: number }) {
  const words = useText(text)
  const fault = useQuery(faultQuery(orderId))
  const lift = useLift(orderId)
  return (
    <ol className="space-y-2 text-sm">
      <li>
        {words.stuckLift}{' '}
        {fault.data?.fault != null && (
          <Button disabled={lift.isPending} onClick={() => lift.mutate()}>
            {words.lift}
          </Button>
        )}
      </li>
      <li>
        {words.stuckRetry} <InspectorLink paymentId={orderId} />
      </li>
    </ol>
  )
}

function Replayed({ replay, payment, auto }: { replay: Replay; payment: Schemas['Payment']; auto: boolean }) {
  const words = useText(text)
  const { language } = useLanguage()
  const failureSentence = useFailureSentence()
  const [playing, setPlaying] = useState(auto && !matchMedia('(prefers-reduced-motion: reduce)').matches)
  const [shown, setShown] = useState(playing ? 0 : replay.frames.length)
  const isEnd = shown === replay.frames.length

  useEffect(() => {
    if (!playing) return
    const began = performance.now()
    let frame = requestAnimationFrame(function draw(now) {
      const soFar = shownAfter(replay, now - began)
      setShown(soFar)
      if (soFar === replay.frames.length) setPlaying(false)
      else frame = requestAnimationFrame(draw)
    })
    return () => cancelAnimationFrame(frame)
  }, [playing, replay])

  function play() {
    setShown(0)
    setPlaying(true)
  }
  function toEnd() {
    setPlaying(false)
    setShown(replay.frames.length)
  }

  const times = slowness(replay)
  const took = replay.realMs < 1 ? words.lessThan1 : duration(replay.realMs, language)
  const isCompleted = replay.frames.at(-1)?.state === 'completed'
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted" data-replay={playing ? 'playing' : 'ended'}>
          <span aria-hidden="true">▶ </span>
          {words.replayed}
          {times !== undefined && `, ${words.slower(new Intl.NumberFormat(language).format(times))}`}:{' '}
          {words.reallyTook(took)}
        </p>
        {playing ? (
          <Button onClick={toEnd}>{words.toEnd}</Button>
        ) : (
          <Button onClick={play}>{words.replay}</Button>
        )}
      </div>
      <SagaSteps rows={rowsAfter(replay, shown)} />
      <div role="status" className="min-h-16">
        {isEnd && (
          <div
            className={`space-y-1 rounded-xl p-4 ${isCompleted ? 'bg-good-soft text-good' : 'border border-dashed border-undo bg-undo-soft text-undo'}`}
            data-ended={isCompleted ? 'completed' : 'rolled-back'}
          >
            <p className="font-semibold">
              <span aria-hidden="true">{isCompleted ? '✓ ' : '↩ '}</span>
              {isCompleted ? words.ended.completed : words.ended.rolledBack}
            </p>
            {!isCompleted && payment.failure !== null && (
              <p className="text-sm">{failureSentence(payment.failure)}</p>
            )}
          </div>
        )}
      </div>
    </div>
  )
}
