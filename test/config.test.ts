import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigInvalid, readConfig, secretNames, settingNames } from '../src/config.ts'
import { dataDirectory } from './support/data-directory.ts'

const gateway = { RECOUP_AUTH: 'gateway' }

describe('readConfig', () => {
  it('has a default for every setting', () => {
    expect(readConfig({})).toEqual({
      dataDirectory: 'recoup-data',
      host: '127.0.0.1',
      port: 8080,
      auth: 'session',
      timeZone: 'Asia/Seoul',
      currency: 'KRW',
      paymentWaitMs: 10_000,
      paymentTiming: { stepDeadlineMs: 2_000, stepResendsMax: 5 },
      orderExpiryMs: 86_400_000,
      couponsPerHour: 60,
      checkEveryMs: 60_000,
      overloadMs: 2_000,
      approvalLimit: 100_000,
      namedStaff: true,
      allowedOrigins: [],
      trustedProxies: [],
      rateLimits: true,
      redisRequired: false,
      demo: false,
      inspection: false,
      logLevel: 'info',
      secretValues: [],
    })
  })

  it('takes what the environment says, and passes over what is not its own', () => {
    const environment = { RECOUP_PORT: '0', RECOUP_TIME_ZONE: 'UTC', RECOUP_STEP_RESENDS: '0', PATH: '/bin' }
    expect(readConfig(environment)).toMatchObject({
      port: 0,
      timeZone: 'UTC',
      paymentTiming: { stepResendsMax: 0 },
    })
  })

  it.each([
    ['RECOUP_PORT', '65536', 'must be a whole number from 0 to 65535; it is "65536".'],
    ['RECOUP_PORT', '-1', 'must be a whole number from 0 to 65535; it is "-1".'],
    ['RECOUP_PORT', '80.5', 'must be a whole number from 0 to 65535; it is "80.5".'],
    ['RECOUP_PORT', '', 'must be a whole number from 0 to 65535; it is "".'],
    ['RECOUP_TIME_ZONE', 'Asia/Soul', 'must be a time zone such as Asia/Seoul or UTC; it is "Asia/Soul".'],
    ['RECOUP_CURRENCY', 'won', 'must be a currency code such as KRW or GBP; it is "won".'],
    ['RECOUP_STEP_DEADLINE_MS', '0', 'must be a whole number from 1 to 600000; it is "0".'],
    ['RECOUP_CHECK_EVERY_MS', '-1', 'must be a whole number from 0 to 86400000; it is "-1".'],
    ['RECOUP_AUTH', 'none', 'must be session or gateway; it is "none".'],
    ['RECOUP_LOG', 'loud', 'must be one of silent, error, warn, info, debug; it is "loud".'],
    ['RECOUP_DATA', '', 'must name a directory; it is "".'],
    ['RECOUP_RATE_LIMITS', 'yes', 'must be on or off; it is "yes".'],
    [
      'RECOUP_TRUSTED_PROXIES',
      '10.0.0.7,gateway',
      'must be addresses or networks such as 10.0.0.7 or 10.0.0.0/8, with commas between them; it is "10.0.0.7,gateway".',
    ],
    ...[
      '*',
      'shop.example',
      'https://shop.example/',
      'https://Shop.example',
      'null',
      'ftp://shop.example',
    ].map(origin => [
      'RECOUP_ALLOWED_ORIGINS',
      `https://a.example, ${origin}`,
      `must be origins such as https://shop.example, with commas between them; it is "https://a.example, ${origin}".`,
    ]),
    ['RECOUP_REDIS_REQUIRED', 'yes', 'must be 0 or 1; it is "yes".'],
  ])('refuses %s=%s', (name, value, sentence) => {
    const read = () => readConfig({ [name]: value })
    expect(read).toThrow(ConfigInvalid)
    expect(read).toThrow(`${name} ${sentence}`)
  })

  const wrong: Readonly<Record<string, string>> = {
    RECOUP_DATA: '',
    RECOUP_HOST: '',
    RECOUP_PORT: 'eighty',
    RECOUP_AUTH: 'nobody',
    RECOUP_TIME_ZONE: 'Asia/Soul',
    RECOUP_CURRENCY: 'won',
    RECOUP_PAYMENT_WAIT_MS: '1.5',
    RECOUP_STEP_DEADLINE_MS: '0',
    RECOUP_STEP_RESENDS: '21',
    RECOUP_ORDER_EXPIRY_MS: '999',
    RECOUP_OPERATOR_TOKEN: 'short',
    RECOUP_OVERLOAD_MS: '9',
    RECOUP_CHECK_EVERY_MS: '1 minute',
    RECOUP_INSPECTION: 'yes',
    RECOUP_LOG: 'loud',
    RECOUP_DEMO: 'yes',
    RECOUP_APPROVAL_LIMIT: '-1',
    RECOUP_RATE_LIMITS: 'yes',
    RECOUP_ALLOWED_ORIGINS: '*',
    RECOUP_TRUSTED_PROXIES: 'gateway',
    RECOUP_COUPONS_PER_HOUR: '0.5',
    RECOUP_REDIS_URL: 'nowhere',
    RECOUP_REDIS_REQUIRED: 'yes',
    RECOUP_DATA_PLATFORM_URL: 'nowhere',
    RECOUP_DATA_PLATFORM_SECRET: 'short',
  }
  it.each(settingNames)('refuses a wrong %s in one clear line', name => {
    const value = wrong[name]
    if (value === undefined) throw new Error(`Say here what would be wrong for ${name}`)
    const secret = name === 'RECOUP_DATA_PLATFORM_URL' && {
      RECOUP_DATA_PLATFORM_SECRET: 'sixteen-characters',
    }
    let said = ''
    try {
      readConfig({ [name]: value, ...secret })
    } catch (error) {
      said = (error as Error).message
    }
    const shown = secretNames.has(name) ? '' : `; it is ${JSON.stringify(value)}`
    expect(said.split('\n')).toEqual([expect.stringMatching(new RegExp(`^${name} must .+`))])
    expect(said.endsWith(`${shown}.`)).toBe(true)
    if (secretNames.has(name)) expect(said).not.toContain(value)
  })

  it.each([
    'ftp://platform.example',
    'platform.example:80',
    'not an address',
    'http://user@platform.example',
    'https://user:word@platform.example',
    '',
  ])('refuses the data platform at %j, without repeating it', url => {
    const environment = {
      RECOUP_DATA_PLATFORM_URL: url,
      RECOUP_DATA_PLATFORM_SECRET: 'sixteen characters'.replace(' ', '-'),
    }
    expect(() => readConfig(environment)).toThrow(
      /^RECOUP_DATA_PLATFORM_URL must be an http or https address without user and password\.$/,
    )
  })

  it('takes a data platform with its secret only', () => {
    const url = 'https://platform.example/hook'
    const read = (secret?: string) =>
      readConfig({
        RECOUP_DATA_PLATFORM_URL: url,
        ...(secret !== undefined && { RECOUP_DATA_PLATFORM_SECRET: secret }),
      })
    expect(read('0123456789abcdef').dataPlatform).toEqual({ url, secret: '0123456789abcdef' })
    expect(() => read()).toThrow(/^RECOUP_DATA_PLATFORM_SECRET is needed with RECOUP_DATA_PLATFORM_URL/)
    expect(() => read('0123456789abcde')).toThrow(
      /^RECOUP_DATA_PLATFORM_SECRET must be at least 16 visible characters\.$/,
    )
  })

  describe('with a secret in a file', () => {
    function fileOf(text: string, mode: number): string {
      const path = join(dataDirectory(), 'secret')
      writeFileSync(path, text)
      chmodSync(path, mode)
      return path
    }

    it('takes what the file holds', () => {
      const path = fileOf('a-token-of-operators\n', 0o600)
      expect(readConfig({ RECOUP_OPERATOR_TOKEN_FILE: path }).operatorToken).toBe('a-token-of-operators')
    })

    it('refuses one that others may read, that is not there, that is too short, or that is named twice', () => {
      const open = fileOf('a-token-of-operators', 0o640)
      const short = fileOf('short', 0o600)
      const read = (environment: Record<string, string>) => () => readConfig(environment)
      expect(read({ RECOUP_OPERATOR_TOKEN_FILE: open })).toThrow(
        `RECOUP_OPERATOR_TOKEN_FILE names ${open}, which others may read (mode 640); chmod 600 it.`,
      )
      expect(read({ RECOUP_OPERATOR_TOKEN_FILE: '/nowhere' })).toThrow(
        'RECOUP_OPERATOR_TOKEN_FILE names /nowhere, which cannot be read (ENOENT).',
      )
      expect(read({ RECOUP_OPERATOR_TOKEN_FILE: short })).toThrow(
        /^RECOUP_OPERATOR_TOKEN must be at least 16 visible characters\.$/,
      )
      expect(
        read({ RECOUP_OPERATOR_TOKEN_FILE: short, RECOUP_OPERATOR_TOKEN: 'a-token-of-operators' }),
      ).toThrow('RECOUP_OPERATOR_TOKEN_FILE is set beside RECOUP_OPERATOR_TOKEN; set one of them.')
    })
  })

  it('tells every fault, one line each', () => {
    const read = () =>
      readConfig({ RECOUP_PORT: 'x', RECOUP_CURRENCY: 'x', ...gateway, RECOUP_HOST: '0.0.0.0' })
    expect(read).toThrow(/^RECOUP_PORT .*\nRECOUP_CURRENCY .*\nRECOUP_HOST .*$/)
  })

  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1'])(
    'listens on %s, where nobody comes from outside',
    host => {
      expect(readConfig({ RECOUP_HOST: host }).host).toBe(host)
    },
  )

  it.each(['0.0.0.0', '::', '10.0.0.7', 'shop.example'])(
    'listens on %s where everybody logs in, or behind a named gateway',
    host => {
      expect(readConfig({ RECOUP_HOST: host }).host).toBe(host)
      expect(() => readConfig({ ...gateway, RECOUP_HOST: host })).toThrow('reachable from outside')
      const named = { ...gateway, RECOUP_HOST: host, RECOUP_TRUSTED_PROXIES: '10.0.0.1' }
      expect(readConfig(named).host).toBe(host)
    },
  )

  it.each(['127.0.0.1:6379', 'http://127.0.0.1', 'redis://', 'redis:', 'secret'])(
    'refuses a Redis at %s, and does not show it',
    url => {
      const read = () => readConfig({ RECOUP_REDIS_URL: url })
      expect(read).toThrow(
        /^RECOUP_REDIS_URL must be a URL such as redis:\/\/127\.0\.0\.1:6379 or rediss:\S+\.$/,
      )
    },
  )

  it('refuses a Redis on another machine that asks for no password', () => {
    const read = (url: string) => () => readConfig({ RECOUP_REDIS_URL: url })
    expect(read('redis://cache:6379')).toThrow('RECOUP_REDIS_URL names cache:6379, which is not this machine')
    expect(read('redis://shop@cache:6379')).toThrow('without a password')
    expect(read('redis://shop:secret@cache:6379')).not.toThrow()
    for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(read(`redis://${host}:6379`)).not.toThrow()
  })

  it.each(['0.0.0.0', '10.0.0.7', 'shop.example'])('refuses faults on purpose on %s', host => {
    const read = (demo: string) => () => readConfig({ RECOUP_DEMO: demo, RECOUP_HOST: host })
    expect(read('1')).toThrow(
      new ConfigInvalid(
        `RECOUP_DEMO lets everybody make payments fail on purpose, and ${host} is reachable from outside; listen on 127.0.0.1 or leave it out.`,
      ),
    )
    expect(read('0')).not.toThrow()
    expect(readConfig({ RECOUP_DEMO: '1' }).demo).toBe(true)
  })

  it('refuses to require a Redis that is not named', () => {
    expect(() => readConfig({ RECOUP_REDIS_REQUIRED: '1' })).toThrow('RECOUP_REDIS_URL names no Redis')
  })
})
