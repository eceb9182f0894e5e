import { describe, expect, it } from 'vitest'
import { languageOf } from '../../web/src/frame/language.tsx'

describe('The language of the pages', () => {
  it.each([
    ['ko', ['en-US'], 'ko'],
    [null, ['ko-KR', 'en'], 'ko'],
    [null, ['fr-FR', 'ko'], 'ko'],
    [null, ['fr-FR', 'en-GB', 'ko'], 'en'],
    [null, ['de-DE'], 'en'],
    ['xx', [], 'en'],
  ] as const)('with %s chosen, in a browser that likes %j, is %s', (chosen, wanted, language) => {
    expect(languageOf(chosen, wanted)).toBe(language)
  })
})
