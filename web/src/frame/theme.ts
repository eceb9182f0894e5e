import { useState } from 'react'

export type Theme = 'light' | 'dark'

const storedAs = 'recoup-theme'

/** What the visitor chose, or what their system likes. */
function themeNow(): Theme {
  const chosen = localStorage.getItem(storedAs)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

/** Puts the theme on the page; to be called before anything is drawn. */
export function showTheme(): void {
  document.documentElement.dataset['theme'] = themeNow()
}

/** The theme, and a way to change it for good. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(themeNow)
  return [
    theme,
    next => {
      localStorage.setItem(storedAs, next)
      showTheme()
      setTheme(next)
    },
  ]
}
