import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PasswordNotGiven, pipedPassword, promptedPassword } from '../../src/cli/prompted-password.ts'

/** A terminal on which these keys are pressed. */
function terminal(...keys: string[]) {
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) })
  for (const key of keys) input.write(key)
  const prompts = new PassThrough()
  return { raw, shown: () => String(prompts.read() ?? ''), password: promptedPassword(input, prompts) }
}

describe('A password that is asked for', () => {
  it('is what is typed twice, and is not shown', async () => {
    const { password, shown, raw } = terminal('pass', 'wort\r', 'passwort\r')
    expect(await password).toBe('passwort')
    expect(shown()).toBe('Password: \nThe same again: \n')
    expect(raw).toEqual([true, false])
  })

  it('may be pasted with its repetition, and corrected', async () => {
    expect(await terminal('pax\u007fss😀x\bwort\npass😀wort\n').password).toBe('pass😀wort')
  })

  it('may come in pieces of characters', async () => {
    const bytes = Buffer.from('비밀번호입니다요\r')
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
    const password = promptedPassword(input, new PassThrough())
    for (const byte of Buffer.concat([bytes, bytes])) input.write(Buffer.of(byte))
    expect(await password).toBe('비밀번호입니다요')
  })

  it.each([
    ['differs the second time', ['one\r', 'two\r']],
    ['is broken off', ['one\u0003']],
    ['comes to no end', ['one\u0004']],
  ])('that %s is none', async (_what, keys) => {
    const { password, raw } = terminal(...keys)
    await expect(password).rejects.toThrow(PasswordNotGiven)
    expect(raw).toEqual([true, false])
  })
})

describe('A password that is piped in', () => {
  it('is the first line', async () => {
    const input = new PassThrough()
    input.end('my secret \r\nmore\n')
    expect(await pipedPassword(input)).toBe('my secret ')
  })
})
