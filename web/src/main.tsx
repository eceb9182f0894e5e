import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client.ts'
import { LanguageProvider } from './frame/language.tsx'
import { meQuery } from './frame/settings.ts'
import { showTheme } from './frame/theme.ts'
import './frame/theme.css'
import { router } from './router.tsx'

showTheme()

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      // A session ends anywhere; the frame then asks who is there.
      if (error instanceof Problem && error.status === 401) queries.setQueryData(meQuery.queryKey, null)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // Who was refused is refused again; a server that is starting again is asked until it is there.
      retry: (failures, error) => error instanceof Problem && error.status === 0 && failures < 30,
      retryDelay: failures => Math.min(250 * 2 ** failures, 4_000),
    },
  },
})

const place = document.getElementById('app')
if (place === null) throw new Error('The page has no place for the app')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <RouterProvider router={router} />
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
)
