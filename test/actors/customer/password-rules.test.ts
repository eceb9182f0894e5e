import { describe, expect, it } from 'vitest'
import { passwordFault } from '../../../src/actors/customer/password-rules.ts'

describe('A password', () => {
  it.each([
    'eightlet',
    'x9 k2 p7',
    'all lower case and long',
    '비밀번호는길어요',
    '😀😁😂🤣😃😄😅😆',
    `${'abcdefg'.repeat(18)}zz`,
    '  spaces count  ',
    'ada buys shoes',
  ])('may be %j', password => expect(passwordFault(password, 'ada')).toBeUndefined())

  it.each([
    ['seven c', 'at least 8'],
    ['😀'.repeat(7), 'at least 8'],
    ['', 'at least 8'],
    [`${'abcdefghij'.repeat(12)}abcdefghi`, 'at most 128'],
    ['ﬃ'.repeat(43), 'at most 128'],
    ['password', 'tried first'],
    ['PassWord123!', 'tried first'],
    ['Summer2026!', 'tried first'],
    ['ｐａｓｓｗｏｒｄ', 'tried first'],
    ['12345678', 'tried first'],
    ['qwertyuiop', 'tried first'],
    ['aaaaaaaaaaaa', 'tried first'],
    ['abababababab', 'tried first'],
    ['saranghae', 'tried first'],
    ['half \ud800 a character', 'half a character'],
  ])('is not %j', (password, reason) => expect(passwordFault(password, 'ada')).toContain(reason))

  it.each([
    ['gwendolyn', 'Gwendolyn'],
    ['gwendolyn', 'gwendolyn12'],
    ['Gwendolyn', 'ＧＷＥＮＤＯＬＹＮ!'],
  ])('of %s is not %s', (username, password) => {
    expect(passwordFault(password, username)).toContain('more than the username')
  })

  it('may hold a username among other things', () => {
    expect(passwordFault('gwendolyn dances on tuesdays', 'gwendolyn')).toBeUndefined()
    expect(passwordFault('pandamonium', 'ada')).toBeUndefined()
  })

  it('is judged at once, however long it is', () => {
    const started = performance.now()
    expect(passwordFault(`${'1'.repeat(60_000)}a`, 'ada')).toContain('at most')
    expect(passwordFault(`${'1'.repeat(127)}a`, 'ada')).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
