import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { answered, api, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Moment } from '../parts/moment.tsx'
import { HandlingPreview } from './handling-preview.tsx'
import { JsonEditor, messageOf } from './json-editor.tsx'
import { PaymentLink } from './payment-link.tsx'
import { ReasonForm } from './reason-form.tsx'
import { text } from './text.ts'

type Letter = Schemas['DeadLetter']
type Resolving = 'retry' | 'skip' | 'edit'

/** A message whose step threw: where it came from, what went wrong, and what can be done about it. */
export function DeadLetterCard({ letter, attempts }: { letter: Letter; attempts?: number }) {
  const words = useText(text)
  const [resolving, resolve] = useState<Resolving>()
  const payment = /^order\/(\d+)$/.exec(letter.saga)?.[1]
  return (
    <article className="space-y-3 rounded-xl border border-danger bg-sheet p-4">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex flex-wrap items-center gap-2 font-semibold">
          <span aria-hidden="true" className="text-danger">
            ■
          </span>
          {words.couldNotHandle(letter.actor, letter.message.type)}
        </h3>
        {payment !== undefined && <PaymentLink paymentId={Number(payment)} />}
      </header>
      <p className="rounded-lg bg-danger-soft px-3 py-2 font-mono text-sm text-danger">{letter.error}</p>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <Fact name={words.from}>
          <code className="font-mono text-xs">{letter.from}</code>
        </Fact>
        <Fact name={words.setAside}>
          <Moment at={letter.at} />
        </Fact>
        {attempts !== undefined && <Fact name={words.attempts}>{attempts}</Fact>}
        <Fact name={words.number}>{letter.id}</Fact>
      </dl>
      <details className="text-sm">
        <summary className="text-accent">{words.messageAndStack}</summary>
        <Code>{JSON.stringify(letter.message, null, 2)}</Code>
        <Code>{letter.stack}</Code>
      </details>
      <div className="flex flex-wrap gap-2">
        {(['retry', 'skip', 'edit'] as const).map(each => (
          <Button key={each} look={each === 'retry' ? 'primary' : 'plain'} onClick={() => resolve(each)}>
            {words.resolving[each]}
          </Button>
        ))}
      </div>
      {resolving !== undefined && (
        <ResolveDialog letter={letter} resolving={resolving} onClose={() => resolve(undefined)} />
      )}
    </article>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Code({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
    <pre tabIndex={0} className="mt-2 max-h-64 overflow-auto rounded-lg bg-paper p-3 font-mono text-xs">
      {children}
    </pre>
  )
}

function ResolveDialog({
  letter,
  resolving,
  onClose,
}: {
  letter: Letter
  resolving: Resolving
  onClose(): void
}) {
  const words = useText(text)
  const queries = useQueryClient()
  const [edited, setEdited] = useState(() => JSON.stringify(letter.message, null, 2))
  const message = messageOf(edited)

  async function act(reason: string) {
    const params = { path: { id: letter.id } }
    try {
      if (resolving === 'edit') {
        if (message === undefined) return
        await answered(api.POST('/operator/dead-letters/{id}/edit', { params, body: { reason, message } }))
      } else {
        await answered(api.POST(`/operator/dead-letters/{id}/${resolving}`, { params, body: { reason } }))
      }
      onClose()
    } finally {
      await queries.invalidateQueries({ refetchType: 'active' })
    }
  }

  return (
    <Dialog title={words.resolving[resolving]} open onClose={onClose}>
      <ReasonForm
        act={words.resolving[resolving]}
        look={resolving === 'skip' ? 'danger' : 'primary'}
        incomplete={resolving === 'edit' && message === undefined}
        onAct={act}
      >
        <p className="text-sm">{words.resolvingMore[resolving](letter.actor, letter.message.type)}</p>
        {resolving === 'edit' && <JsonEditor value={edited} onChange={setEdited} />}
        {resolving !== 'skip' && (
          <HandlingPreview letter={letter} message={resolving === 'edit' ? message : letter.message} />
        )}
      </ReasonForm>
    </Dialog>
  )
}
