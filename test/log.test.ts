import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createLog, idsOf, type LogLevel, sentencesTo } from '../src/log.ts'
import { SimulatedClock } from './support/simulated-clock.ts'

function logTo({ level = 'info' as LogLevel, isTTY = false, secrets = [] as string[] } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY })
  const log = createLog({ level, stream, clock: new SimulatedClock(), secrets })
  return { log, text: () => String(stream.read() ?? '') }
}

describe('A log', () => {
  it('is one JSON object a line, with level, time, sentence and fields', () => {
    const { log, text } = logTo()
    log.warn('It waits.', { orderId: 1001 })
    log.error('It failed.')
    const lines = text().trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toEqual([
      { level: 'warn', time: '2026-01-05T03:00:00.000Z', orderId: 1001, msg: 'It waits.' },
      { level: 'error', time: '2026-01-05T03:00:00.000Z', msg: 'It failed.' },
    ])
  })

  it('on a terminal is the sentence alone', () => {
    const { log, text } = logTo({ isTTY: true })
    log.warn('It waits.', { orderId: 1001 })
    expect(text()).toBe('It waits.\n')
  })

  it.each<[LogLevel, string[]]>([
    ['silent', []],
    ['error', ['e']],
    ['warn', ['e', 'w']],
    ['info', ['e', 'w', 'i']],
    ['debug', ['e', 'w', 'i', 'd']],
  ])('at level %s says %j', (level, said) => {
    const { log, text } = logTo({ level, isTTY: true })
    log.error('e')
    log.warn('w')
    log.info('i')
    log.debug('d')
    expect(text().split('\n').filter(Boolean)).toEqual(said)
    expect(log.debugs).toBe(level === 'debug')
  })

  it('says of an error what happened and where', () => {
    const { log, text } = logTo()
    log.error('It failed.', { err: new TypeError('no such thing') })
    expect(JSON.parse(text())).toMatchObject({
      err: { type: 'TypeError', message: 'no such thing', stack: expect.stringContaining('log.test.ts') },
    })
  })

  it.each(['authorization', 'cookie', 'password', 'token', 'secret'])(
    'blots out a field %s at any depth',
    name => {
      const { log, text } = logTo()
      log.info('Seen.', { [name]: 'canary', a: { [name]: 'canary', b: { [name]: 'canary' } } })
      expect(text()).not.toContain('canary')
    },
  )

  it('blots out the values of secret settings wherever they stand, also as JSON writes them', () => {
    const secrets = ['plain-canary-0123', 'quoted"canary\\0123']
    for (const isTTY of [true, false]) {
      const { log, text } = logTo({ isTTY, secrets })
      log.error(`It said ${secrets[0]} and ${secrets[1]}.`, {
        err: new Error(`${secrets[0]}`),
        deep: [secrets],
      })
      const shown = text()
      expect(shown).toContain('[redacted]')
      expect(shown).not.toContain('canary')
    }
  })
})

describe('The ids of a line', () => {
  it('are those of the order and its payment, or what caused it', () => {
    expect(idsOf('order/1001')).toEqual({ correlationId: 'order/1001', orderId: 1001, paymentId: 1001 })
    expect(idsOf('http/7')).toEqual({ correlationId: 'http/7' })
  })
})

describe('Sentences', () => {
  it('are handed on, but for what only a log wants to know', () => {
    const said: string[] = []
    const log = sentencesTo(line => said.push(line))
    log.error('e', { a: 1 })
    log.warn('w')
    log.info('i')
    log.debug('d')
    expect(said).toEqual(['e', 'w', 'i'])
  })
})
