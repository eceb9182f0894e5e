import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  hashOfNothing,
  hashParameters,
  hashPassword,
  isOutdated,
  isPasswordOf,
} from '../../../src/actors/customer/password-hash.ts'

const cheap = { memory: 8, passes: 1, parallelism: 1 }
const hashed = (password: string) => hashPassword(password, randomBytes, cheap)

describe('The hash of a password', () => {
  it('is argon2id with 19 MiB, two passes and one lane, in PHC form', async () => {
    const stored = await hashPassword('linen shirts dry in the wind', randomBytes, hashParameters)
    const [, variant, version, parameters, salt = '', tag = ''] = stored.split('$')
    expect([variant, version, parameters]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1'])
    expect(Buffer.from(salt, 'base64')).toHaveLength(16)
    expect(Buffer.from(tag, 'base64')).toHaveLength(32)
    expect(await isPasswordOf(stored, 'linen shirts dry in the wind')).toBe(true)
    expect(await isPasswordOf(stored, 'linen shirts dry in the wind ')).toBe(false)
    expect(isOutdated(stored, hashParameters)).toBe(false)
  })

  it('is what the reference implementation makes of it', async () => {
    // echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -e
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await isPasswordOf(reference, 'password')).toBe(true)
    expect(await isPasswordOf(reference, 'passwort')).toBe(false)
    expect(isOutdated(reference, hashParameters)).toBe(true)
  })

  it('is another one each time', async () => {
    expect(await hashed('the same')).not.toBe(await hashed('the same'))
  })

  it.each([
    ['x'.repeat(128), `${'x'.repeat(127)}y`],
    ['😀'.repeat(128), `${'😀'.repeat(127)}😁`],
    ['비밀번호 입니다', '비밀번호 입니디'],
    ['nul\u0000after', 'nul\u0000before'],
  ])('minds every character of %j', async (password, other) => {
    const stored = await hashed(password)
    expect(await isPasswordOf(stored, password)).toBe(true)
    expect(await isPasswordOf(stored, other)).toBe(false)
  })

  it('is the same for the forms in which systems send a character', async () => {
    const stored = await hashed('cafe\u0301 à la ﬁn')
    expect(await isPasswordOf(stored, 'caf\u00e9 a\u0300 la fin')).toBe(true)
  })

  it('of nothing costs the same and is of no password', async () => {
    const nothing = hashOfNothing(hashParameters)
    expect(isOutdated(nothing, hashParameters)).toBe(false)
    expect(await isPasswordOf(nothing, '')).toBe(false)
  })

  it('is outdated when any of its costs is another', async () => {
    const stored = await hashed('the same')
    expect(isOutdated(stored, cheap)).toBe(false)
    for (const other of [{ memory: 16 }, { passes: 2 }, { parallelism: 2 }]) {
      expect(isOutdated(stored, { ...cheap, ...other })).toBe(true)
    }
  })

  it('that is none is a fault, not a wrong password', async () => {
    await expect(isPasswordOf('$2b$10$abcdefg', 'x')).rejects.toThrow('not one of argon2id')
  })
})
