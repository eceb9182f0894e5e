import type { ReactNode } from 'react'
import { LoginForm } from '../account/login-form.tsx'
import { useText } from '../frame/language.tsx'
import { useMe, useSettings } from '../frame/settings.ts'
import { Notice } from '../parts/notice.tsx'
import { text } from './text.ts'

/** Shows what is of a customer to whoever is logged in as one, and everybody else where to log in. */
export function CustomersOnly({ children }: { children(customerId: number): ReactNode }) {
  const words = useText(text)
  const me = useMe()
  const { auth } = useSettings()
  if (me?.customerId != null) return children(me.customerId)
  if (auth === 'gateway') {
    return (
      <div className="mx-auto max-w-2xl px-4 py-12">
        <Notice sign="⚿" title={words.gatewayTitle}>
          {words.gatewayMore}
        </Notice>
      </div>
    )
  }
  return (
    <div className="mx-auto w-full max-w-md space-y-5 px-4 py-12">
      <header className="space-y-2 text-center">
        <h1 className="text-2xl font-bold tracking-tight">{words.logInTitle}</h1>
        <p className="text-muted">{words.logInLead}</p>
      </header>
      <LoginForm roles={['customer']} maySignUp />
    </div>
  )
}
