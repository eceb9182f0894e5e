import type { Schemas } from '../api/client.ts'
import { useLanguage, useText } from '../frame/language.tsx'
import { duration } from '../parts/moment.tsx'
import { PaymentStatus } from '../parts/payment-status.tsx'
import { text } from './text.ts'

type Preview = Schemas['OperationPreview']

/** What an operation would do, as the machine itself says: in which state the payment is then, what is sent, what is undone. */
export function Effect({ preview }: { preview: Preview }) {
  const words = useText(text)
  const { language } = useLanguage()
  const { sends, undoes, events, answers, resendAfterMs } = preview
  return (
    <dl className="grid gap-x-4 gap-y-2 text-sm sm:grid-cols-[8.5rem_1fr]">
      <dt className="text-muted">{words.afterwards}</dt>
      <dd className="flex flex-wrap items-center gap-2">
        <PaymentStatus status={preview.status} /> <code className="font-mono text-xs">{preview.step}</code>
      </dd>
      {undoes.length > 0 ? (
        <>
          <dt className="text-muted">{words.undone}</dt>
          <dd>
            <ol className="space-y-1">
              {undoes.map(({ to, type }, place) => (
                <li key={`${type} ${to}`} className="flex flex-wrap items-baseline gap-x-2">
                  <span className="text-muted tabular-nums">{place + 1}.</span>
                  <span className="font-medium text-undo">
                    <span aria-hidden="true">↶ </span>
                    {words.undoing[type] ?? type}
                  </span>
                  <code className="font-mono text-xs text-muted">{to}</code>
                </li>
              ))}
            </ol>
          </dd>
        </>
      ) : (
        sends.length > 0 && (
          <>
            <dt className="text-muted">{words.sent}</dt>
            <dd>
              <ul className="space-y-1">
                {sends.map(({ to, type }) => (
                  <li key={`${type} ${to}`}>
                    <code className="font-mono text-xs">
                      {type} → {to}
                    </code>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )
      )}
      {events.length > 0 && (
        <>
          <dt className="text-muted">{words.leaves}</dt>
          <dd className="font-mono text-xs">{events.join(', ')}</dd>
        </>
      )}
      {answers !== null && (
        <>
          <dt className="text-muted">{words.payerHears}</dt>
          <dd className="font-mono text-xs">{answers}</dd>
        </>
      )}
      {resendAfterMs !== null && (
        <>
          <dt className="text-muted">{words.unanswered}</dt>
          <dd>{words.askedAgain(duration(resendAfterMs, language))}</dd>
        </>
      )}
    </dl>
  )
}
