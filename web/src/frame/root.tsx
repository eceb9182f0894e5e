import { useQueryClient } from '@tanstack/react-query'
import { type ErrorComponentProps, Outlet } from '@tanstack/react-router'
import { Suspense, useSyncExternalStore } from 'react'
import { Problem } from '../api/client.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { Loading, Notice } from '../parts/notice.tsx'
import { text as partsText } from '../parts/text.ts'
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
      <Unreachable />
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </>
  )
}

/** Says that nobody answers, for as long as that is so; whatever was asked is asked again meanwhile. */
function Unreachable() {
  const words = useText(partsText)
  const queries = useQueryClient()
  const isUnreachable = useSyncExternalStore(
    changed => queries.getQueryCache().subscribe(changed),
    () =>
      queries
        .getQueryCache()
        .findAll({ type: 'active' })
        .some(({ state: { fetchFailureReason } }) => {
          return fetchFailureReason instanceof Problem && fetchFailureReason.status === 0
        }),
  )
  return (
    <p
      role="status"
      className={isUnreachable ? 'bg-danger-soft px-4 py-2 text-sm font-medium text-danger' : 'sr-only'}
    >
      {isUnreachable ? words.unreachable : ''}
    </p>
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
