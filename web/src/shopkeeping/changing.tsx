import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Problem } from '../api/client.ts'
import { ReasonForm } from '../console/reason-form.tsx'
import { texts, useText } from '../frame/language.tsx'
import { useMe } from '../frame/settings.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'

const text = texts({
  en: { administrators: (what: string) => `Administrators may ${what}; your account may look.` },
  ko: {
    administrators: (what: string) => `${what} 권한은 관리자에게 있습니다. 이 계정으로는 볼 수 있습니다.`,
  },
})

/** Whether whoever is here may do what administrators may. Behind a gateway one token stands for all of the staff. */
export function useMayChange(): boolean {
  const me = useMe()
  return me !== null && (me.customerId === null || me.roles.includes('administrator'))
}

/** What only administrators may do: to everybody else it is said who may. `what` completes “Administrators may …”. */
export function ForAdministrators({ what, children }: { what: string; children: ReactNode }) {
  const words = useText(text)
  return useMayChange() ? (
    <div className="flex flex-wrap gap-2">{children}</div>
  ) : (
    <p className="text-sm text-muted">
      <span aria-hidden="true">ⓘ </span>
      {words.administrators(what)}
    </p>
  )
}

/** A button that asks for what is needed and the reason, does it, and has everything shown be looked at again. */
export function Changing({
  act,
  title,
  look = 'plain',
  incomplete = false,
  children,
  known = {},
  onOpen,
  onAct,
}: {
  act: string
  title: string
  look?: 'plain' | 'danger' | 'primary'
  /** What was typed is not enough to go on; the fields say why. */
  incomplete?: boolean
  children?: ReactNode
  /** Sentences for codes that the server may refuse it with. */
  known?: Readonly<Record<string, string>>
  onOpen?(): void
  /** `key` is the same however often this one thing is tried. */
  onAct(reason: string, key: string): Promise<unknown>
}) {
  const queries = useQueryClient()
  const [key, setKey] = useState<string>()
  return (
    <>
      <Button
        look={look}
        onClick={() => {
          onOpen?.()
          setKey(newKey())
        }}
      >
        {act}
      </Button>
      <Dialog title={title} open={key !== undefined} onClose={() => setKey(undefined)}>
        <ReasonForm
          act={act}
          known={known}
          incomplete={incomplete}
          look={look === 'danger' ? 'danger' : 'primary'}
          onAct={async reason => {
            try {
              await onAct(reason, key ?? newKey())
            } catch (error) {
              // What was refused is over: trying again is something new. What nobody answered may have been done.
              if (error instanceof Problem && error.status >= 400 && error.status < 500) setKey(newKey())
              throw error
            }
            setKey(undefined)
            await queries.invalidateQueries()
          }}
        >
          {children}
        </ReasonForm>
      </Dialog>
    </>
  )
}

/** Also where the page came over plain HTTP, in which browsers have no `randomUUID`. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
