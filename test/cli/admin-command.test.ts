import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const environment = { RECOUP_AUTH: 'session' }
const password = 'a sentence that lets me in'

const create = (directory: string, username: string, ...words: string[]) =>
  recoup(['admin', 'create', username, '--password-stdin', '--data', directory, ...words], {
    environment,
    input: `${password}\n`,
  })

async function logIn(url: string, username: string, given = password) {
  const answer = await fetch(`${url}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password: given }),
  })
  return { status: answer.status, ...((await answer.json()) as { token?: string }) }
}

describe('recoup admin create', () => {
  it('makes who can log in as administrator or operator, and says so in the audit log', async () => {
    using directory = temporaryDirectory()
    expect(await create(directory.path, 'ada')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^ada, customer \d+, can log in as administrator\n$/),
      errors: '',
    })
    expect(await create(directory.path, 'bo', '--role', 'operator')).toMatchObject({ status: 0 })

    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path], {
      environment,
    })
    const url = await server.listening
    const see = async (username: string, path: string) => {
      const { token } = await logIn(url, username)
      const answer = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } })
      return { status: answer.status, body: await answer.json() }
    }
    expect(await see('ada', '/customers/me')).toMatchObject({
      body: { username: 'ada', roles: ['customer', 'administrator'] },
    })
    expect(await see('bo', '/operator/audit')).toMatchObject({
      status: 200,
      body: expect.arrayContaining([
        expect.objectContaining({ operator: 'recoup admin create', action: 'SetRoles', outcome: 'RolesSet' }),
      ]),
    })
    expect(await see('bo', '/customers/1')).toMatchObject({ status: 403 })
    await server.end('SIGTERM')
    const files = readdirSync(directory.path).map(file => readFileSync(join(directory.path, file), 'latin1'))
    expect(files.filter(text => text.includes(password))).toEqual([])
  })

  it('gives an account that is there the role, and leaves its password as it is', async () => {
    using directory = temporaryDirectory()
    await create(directory.path, 'ada', '--role', 'operator')
    const again = await recoup(['admin', 'create', 'ADA', '--data', directory.path], { environment })
    expect(again).toMatchObject({
      status: 0,
      output: expect.stringMatching(
        /^ada, .* is now administrator too; the password is the one they have\n$/,
      ),
    })
  })

  it.each([
    [
      'a password that is too short',
      'short\n',
      'This password cannot be used: at least 8 characters are needed.',
    ],
    [
      'one that everybody tries',
      'Password123!\n',
      'This password cannot be used: this is one of the passwords',
    ],
    ['no password', '', 'There is no password on the first line of standard input.'],
  ])('refuses %s, in one line, and makes nobody', async (_what, input, line) => {
    using directory = temporaryDirectory()
    const words = ['admin', 'create', 'ada', '--password-stdin', '--data', directory.path]
    const { status, output, errors } = await recoup(words, { environment, input })
    expect({ status, output }).toEqual({ status: 1, output: '' })
    expect(errors).toMatch(new RegExp(`^${line}[^\\n]*\\n$`))
    const check = await create(directory.path, 'ada')
    expect(check.output).toContain('can log in as administrator')
  })

  it('asks nobody where there is no terminal', async () => {
    using directory = temporaryDirectory()
    const words = ['admin', 'create', 'ada', '--data', directory.path]
    expect(await recoup(words, { environment })).toMatchObject({
      status: 1,
      errors: expect.stringMatching(/There is no terminal .* --password-stdin\.\n$/),
    })
  })

  it.each([
    [['admin', 'remove', 'ada'], 'Usage: recoup admin create'],
    [['admin', 'create'], 'Usage: recoup admin create'],
    [['admin', 'create', 'ada', '--role', 'king'], '--role must be operator or administrator'],
  ])('refuses %j as wrong usage', async (words, line) => {
    const { status, errors } = await recoup(words, { environment, input: '' })
    expect(status).toBe(2)
    expect(errors.startsWith(line)).toBe(true)
  })

  it('needs the server to be stopped', async () => {
    using directory = temporaryDirectory()
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path], {
      environment,
    })
    await server.listening
    expect(await create(directory.path, 'ada')).toMatchObject({ status: 1, output: '' })
  })
})
