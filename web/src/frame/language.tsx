import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

export type Language = 'en' | 'ko'

const storedAs = 'recoup-language'

/** The words of a room in both languages; the types see to it that none is missing in either. */
export type Texts<Words> = Readonly<Record<Language, Words>>

type Widened<Words> = {
  readonly [Name in keyof Words]: Words[Name] extends string
    ? string
    : Words[Name] extends (...given: infer Given) => unknown
      ? (...given: Given) => string
      : Widened<Words[Name]>
}

/** Gathers a room's words. A word is a string, or a function from facts to one. */
export function texts<const Words extends object>(given: {
  en: Words
  ko: Widened<Words>
}): Texts<Widened<Words>> {
  return given as Texts<Widened<Words>>
}

interface Speaking {
  readonly language: Language
  /** The first language of the browser, when it is neither of ours. */
  readonly foreign: string | undefined
  speak(language: Language): void
}

const Speech = createContext<Speaking>({ language: 'en', foreign: undefined, speak: () => {} })

/** What the visitor chose, or the first of the browser's languages that we speak, or else English. */
export function languageOf(chosen: string | null, wanted: readonly string[]): Language {
  if (chosen === 'en' || chosen === 'ko') return chosen
  const first = wanted.map(tag => tag.slice(0, 2).toLowerCase()).find(tag => tag === 'en' || tag === 'ko')
  return first === 'ko' ? 'ko' : 'en'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, choose] = useState(() => localStorage.getItem(storedAs))
  const language = languageOf(chosen, navigator.languages)
  const first = navigator.languages[0] ?? 'en'
  const foreign = chosen === null && !/^(en|ko)/i.test(first) ? first : undefined
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  function speak(next: Language) {
    localStorage.setItem(storedAs, next)
    choose(next)
  }
  return <Speech.Provider value={{ language, foreign, speak }}>{children}</Speech.Provider>
}

export function useLanguage(): Speaking {
  return useContext(Speech)
}

/** A room's words in the visitor's language. */
export function useText<Words>(room: Texts<Words>): Words {
  return room[useLanguage().language]
}
