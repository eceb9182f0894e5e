import { type ErrorComponentProps, Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Loading, Notice } from '../parts/notice.tsx'
import { useLanguage, useText } from './language.tsx'
import { text } from './text.ts'

/** What every page stands in. */
export function Root() {
  const words = useText(text)
  const { foreign, speak, language } = useLanguage()
  return (
    <>
      {foreign !== undefined && (
        <div
          role="status"
          className="flex flex-wrap items-center gap-2 bg-info-soft px-4 py-2 text-sm text-info"
        >
          {words.foreign(foreign)}
          <Button onClick={() => speak(language)}>{words.understood}</Button>
          <Button lang="ko" onClick={() => speak('ko')}>
            한국어
          </Button>
        </div>
      )}
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </>
  )
}

export function NotFound() {
  const words = useText(text)
  return (
    <div className="p-6">
      <Notice
        sign="∅"
        title={words.notFound}
        actions={
          <ButtonLink to="/console" look="primary">
            {words.toConsole}
          </ButtonLink>
        }
      >
        {words.notFoundMore}
      </Notice>
    </div>
  )
}

/** A fault of the pages themselves, or a server that is not there to begin with. */
export function Broken({ error }: ErrorComponentProps) {
  const words = useText(text)
  return (
    <div role="alert" className="p-6">
      <Notice
        sign="⚠"
        title={words.broken}
        actions={
          <Button look="primary" onClick={() => location.reload()}>
            {words.reload}
          </Button>
        }
      >
        <p>{words.brokenMore}</p>
        <p className="mt-2 font-mono text-sm">{String(error)}</p>
      </Notice>
    </div>
  )
}
