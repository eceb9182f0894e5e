import type { ReactNode } from 'react'
import { useText } from '../frame/language.tsx'
import { isOperator, useMe } from '../frame/settings.ts'
import { LoginForm } from './login-form.tsx'
import { text } from './text.ts'

/** Shows `children` to operators, and everybody else what they would need to be. The server refuses them in any case. */
export function OperatorsOnly({ children }: { children: ReactNode }) {
  const words = useText(text)
  const me = useMe()
  if (isOperator(me)) return children
  return (
    <div className="mx-auto w-full max-w-md space-y-5 px-4 py-12">
      <header className="space-y-2 text-center">
        <h1 className="text-2xl font-bold tracking-tight">{words.operatorsOnly}</h1>
        <p className="text-muted">
          {me === null ? words.logInToSee : `${words.notYours(me.username)} ${words.askForRole}`}
        </p>
      </header>
      <LoginForm roles={['operator', 'administrator']} />
    </div>
  )
}
