import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { useSession, useSettings } from '../frame/settings.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { useProblemSentence } from '../parts/notice.tsx'
import { text } from './text.ts'

/**
 * Logs in, or signs up where `maySignUp`. In a demo it offers the accounts that everybody knows; `roles` are those that are
 * of use here. Behind a gateway there are no accounts: operators show their token.
 */
export function LoginForm({ roles, maySignUp = false }: { roles: readonly string[]; maySignUp?: boolean }) {
  const words = useText(text)
  const { auth, demo } = useSettings()
  const session = useSession()
  const [isNew, setNew] = useState(false)
  const sentence = useProblemSentence({ LOGIN_FAILED: words.wrong, USERNAME_TAKEN: words.taken })
  const enter = useMutation({
    mutationFn: ({ username, password }: { username: string; password: string }) =>
      isNew ? session.signUp(username, password) : session.logIn(username, password),
  })
  if (auth === 'gateway') return <TokenForm />

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    enter.mutate({ username: String(given.get('username')), password: String(given.get('password')) })
  }

  return (
    <div className="mx-auto w-full max-w-sm space-y-4">
      <form className="space-y-3" onSubmit={submit}>
        <Field
          label={words.username}
          name="username"
          autoComplete="username"
          required
          minLength={3}
          maxLength={30}
        />
        <Field
          label={words.password}
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          hint={isNew ? words.passwordHint : undefined}
        />
        {enter.error !== null && (
          <p role="alert" className="text-sm text-danger">
            {sentence(enter.error)}
          </p>
        )}
        <Button look="primary" type="submit" className="w-full" disabled={enter.isPending}>
          {isNew ? words.signUp : words.logIn}
        </Button>
      </form>
      {maySignUp && (
        <Button look="quiet" className="w-full" onClick={() => setNew(!isNew)}>
          {isNew ? words.toLogIn : words.toSignUp}
        </Button>
      )}
      {demo !== null && !isNew && (
        <div className="space-y-2 border-t border-line pt-4">
          <p className="text-sm text-muted">{words.demo}</p>
          {demo.accounts
            .filter(({ role }) => roles.includes(role))
            .map(({ role, username, password }) => (
              <Button
                key={username}
                className="w-full"
                disabled={enter.isPending}
                onClick={() => enter.mutate({ username, password })}
              >
                {words.continueAs(username)} <span className="text-muted">· {words[role]}</span>
              </Button>
            ))}
        </div>
      )}
    </div>
  )
}

function TokenForm() {
  const words = useText(text)
  const session = useSession()
  const sentence = useProblemSentence()
  const show = useMutation({ mutationFn: session.showToken })
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    show.mutate(String(new FormData(event.currentTarget).get('token')))
  }
  return (
    <form className="mx-auto w-full max-w-sm space-y-3" onSubmit={submit}>
      <Field
        label={words.token}
        name="token"
        type="password"
        required
        autoComplete="off"
        hint={words.tokenHint}
      />
      {show.error !== null && (
        <p role="alert" className="text-sm text-danger">
          {sentence(show.error)}
        </p>
      )}
      <Button look="primary" type="submit" className="w-full" disabled={show.isPending}>
        {words.showToken}
      </Button>
    </form>
  )
}
