import { describe, expect, it } from 'vitest'
import { recoup } from './recoup-process.ts'

const commands = ['serve', 'demo', 'admin', 'seed', 'replay', 'check', 'check-upgrade', 'backup', 'restore']

describe.concurrent('recoup', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists every command', async word => {
    const { status, output, errors } = await recoup([word])
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    for (const command of [...commands, 'operator'])
      expect(output).toMatch(new RegExp(`^  ${command} +[A-Z]`, 'm'))
  })

  it('without a command shows how it is used, as wrong usage', async () => {
    expect(await recoup([])).toMatchObject({ status: 2, output: expect.stringMatching(/^Usage: recoup/) })
  })

  it.each(commands)('%s --help says what the command does and which flags it has', async command => {
    const { status, output } = await recoup([command, '--help'])
    expect(status).toBe(0)
    expect(output).toMatch(new RegExp(`^recoup ${command} .*--data.*\n\n[A-Z].*\\.\n$`))
  })

  it.each([
    ['an unknown command', ['pay'], 'There is no command pay; recoup --help lists them.'],
    [
      'the name of an inherited property',
      ['toString'],
      'There is no command toString; recoup --help lists them.',
    ],
    ['an unknown flag', ['check', '--fix'], "Unknown option '--fix'. Usage: recoup check"],
    [
      'a flag without its value',
      ['serve', '--port'],
      "Option '--port <value>' argument missing. Usage: recoup serve",
    ],
    [
      'a flag that looks like a value',
      ['serve', '--port', '-1'],
      "Option '--port' argument is ambiguous. Usage:",
    ],
    ['a word too many', ['serve', 'now'], 'Usage: recoup serve'],
    ['a word too few', ['replay'], 'Usage: recoup replay FILE.csv'],
    ['an operation there is none of', ['operator', 'bless', 'payment', '1'], 'Usage: recoup operator'],
    ['an operation without a reason', ['operator', 'skip', 'payment', '1'], 'Say why with --reason TEXT.'],
    [
      'a limit that is no number',
      ['replay', 'x.csv', '--limit', 'all'],
      '--limit must be a whole number above 0; it is "all".',
    ],
    [
      'a port that is none',
      ['serve', '--port', '70000'],
      '--port must be a whole number from 0 to 65535; it is "70000".',
    ],
  ])('refuses %s in one line, with status 2', async (_, words, line) => {
    const { status, output, errors } = await recoup(words)
    expect({ status, output }).toEqual({ status: 2, output: '' })
    expect(errors.startsWith(line)).toBe(true)
    expect(errors.trimEnd().split('\n')).toHaveLength(1)
  })

  it('says of every faulty setting what it must be, one line each', async () => {
    const environment = {
      RECOUP_PORT: 'http',
      RECOUP_AUTH: 'none',
      RECOUP_TIME_ZONE: 'Mars/Olympus',
      RECOUP_CURRENCY: 'won',
      RECOUP_PAYMENT_WAIT_MS: '-1',
      RECOUP_HOST: '0.0.0.0',
    }
    const { status, errors } = await recoup(['serve'], { environment })
    expect(status).toBe(2)
    expect(errors.trimEnd().split('\n')).toEqual([
      'RECOUP_PORT must be a whole number from 0 to 65535; it is "http".',
      'RECOUP_AUTH must be session or gateway; it is "none".',
      'RECOUP_TIME_ZONE must be a time zone such as Asia/Seoul or UTC; it is "Mars/Olympus".',
      'RECOUP_CURRENCY must be a currency code such as KRW or GBP; it is "won".',
      'RECOUP_PAYMENT_WAIT_MS must be a whole number from 0 to 600000; it is "-1".',
      expect.stringMatching(/^RECOUP_HOST 0\.0\.0\.0 is reachable from outside, .* RECOUP_TRUSTED_PROXIES/),
    ])
  })
})
