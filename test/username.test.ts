import { describe, expect, it } from 'vitest'
import { printableName, usernameFault, usernameKey } from '../src/username.ts'

describe('A username', () => {
  it.each(['a', '민지', 'Ana María', 'x'.repeat(50), '😀'.repeat(50), 'a/b', '100%'])('may be %s', name => {
    expect(usernameFault(name)).toBeUndefined()
  })

  it.each([
    ['', 'not blank'],
    [' \u3000', 'not blank'],
    ['x'.repeat(51), 'at most 50'],
    [' a', 'begins nor ends'],
    ['a\n', 'begins nor ends'],
    ['a\r\nb', 'control'],
    ['a\u0000b', 'control'],
    ['a\u2028b', 'control'],
    ['a\ud800b', 'control'],
  ])('is not %j', (name, reason) => expect(usernameFault(name)).toContain(reason))
})

describe('The key of a username', () => {
  it.each([
    ['Alice', 'alice'],
    ['Ａｌｉｃｅ', 'alice'],
    ['al\u200bice', 'alice'],
    ['straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['e\u0301', 'É'],
    ['ﬁn', 'FIN'],
    ['İ', 'i̇'],
  ])('is the same for %j and %j', (one, other) => expect(usernameKey(one)).toBe(usernameKey(other)))

  it.each([
    ['alice', 'alicia'],
    ['a/b', 'a%2Fb'],
    ['a b', 'ab'],
  ])('tells %j from %j', (one, other) => expect(usernameKey(one)).not.toBe(usernameKey(other)))

  it('stays what it is when it is taken again', () => {
    for (const name of ['Straße', 'ΟΔΟΣ', 'İı', 'ﬀ', 'ŉ']) {
      expect(usernameKey(usernameKey(name))).toBe(usernameKey(name))
    }
  })
})

describe('A name in a log', () => {
  it('stays in its line, and is cut short', () => {
    expect(printableName('eve\r\n2026-01-01 admin')).toBe('eve\\u{d}\\u{a}2026-01-01 admin')
    expect(printableName('민지 Kim')).toBe('민지 Kim')
    expect(printableName('a\u202eb\\')).toBe('a\\u{202e}b\\u{5c}')
    expect(printableName('x'.repeat(1_000))).toHaveLength(100)
  })
})
