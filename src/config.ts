import { z } from 'zod'
import { logLevels } from './log.ts'
import { defaultPaymentTiming } from './machines/payment-machine.ts'
import { chargeAmountMax } from './money.ts'
import { isAddressOrNetwork } from './networks.ts'
import { withSecretFiles } from './secret-files.ts'

/** A setting that cannot be used, or several: one clear line each. */
export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid'
}

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine(value => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** As browsers write it in the header Origin, which is compared letter by letter. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

/** Several values with commas between them; none unless given. */
const list = (isOne: (text: string) => boolean, what: string) =>
  z
    .string()
    .transform(text => text.split(',').flatMap(part => part.trim() || []))
    .refine(parts => parts.every(isOne), `must be ${what}, with commas between them`)
    .default([])

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== ''
}

/** A web address without a user in it, which would be shown wherever the address is. */
function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

const settings = z.object({
  RECOUP_DATA: z.string().min(1, 'must name a directory').default('recoup-data'),
  RECOUP_HOST: z.string().min(1, 'must name an address').default('127.0.0.1'),
  RECOUP_PORT: integer(0, 65_535).default(8080),
  RECOUP_AUTH: z.enum(['session', 'gateway'], 'must be session or gateway').default('session'),
  RECOUP_TRUSTED_PROXIES: list(isAddressOrNetwork, 'addresses or networks such as 10.0.0.7 or 10.0.0.0/8'),
  RECOUP_APPROVAL_LIMIT: integer(0, chargeAmountMax).default(100_000),
  RECOUP_RATE_LIMITS: z.enum(['on', 'off'], 'must be on or off').optional(),
  RECOUP_ALLOWED_ORIGINS: list(isOrigin, 'origins such as https://shop.example'),
  RECOUP_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Asia/Seoul or UTC')
    .default('Asia/Seoul'),
  RECOUP_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a currency code such as KRW or GBP')
    .default('KRW'),
  RECOUP_PAYMENT_WAIT_MS: integer(0, 600_000).default(10_000),
  RECOUP_STEP_DEADLINE_MS: integer(1, 600_000).default(defaultPaymentTiming.stepDeadlineMs),
  RECOUP_STEP_RESENDS: integer(0, 20).default(defaultPaymentTiming.stepResendsMax),
  RECOUP_ORDER_EXPIRY_MS: integer(1_000, 31_536_000_000).default(86_400_000),
  RECOUP_COUPONS_PER_HOUR: integer(1, 1_000).default(60),
  RECOUP_OPERATOR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible characters')
    .optional(),
  RECOUP_OVERLOAD_MS: integer(10, 600_000).default(2_000),
  RECOUP_CHECK_EVERY_MS: integer(0, 86_400_000).default(60_000),
  RECOUP_REDIS_URL: z
    .string()
    .refine(isRedisUrl, 'must be a URL such as redis://127.0.0.1:6379 or rediss://user:password@host:6379')
    .optional(),
  RECOUP_REDIS_REQUIRED: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  RECOUP_INSPECTION: z.enum(['on', 'off'], 'must be on or off').default('off'),
  RECOUP_LOG: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  RECOUP_DEMO: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  RECOUP_DATA_PLATFORM_URL: z
    .string()
    .refine(isHttpUrl, 'must be an http or https address without user and password')
    .optional(),
  RECOUP_DATA_PLATFORM_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible characters')
    .optional(),
})

/** Settings whose value is never shown, and which `NAME_FILE` may name a file for. An address may hold a token. */
const secrets = new Set([
  'RECOUP_OPERATOR_TOKEN',
  'RECOUP_REDIS_URL',
  'RECOUP_DATA_PLATFORM_SECRET',
  'RECOUP_DATA_PLATFORM_URL',
])

/** The names of all settings, and of those whose value is never shown. */
export const settingNames: readonly string[] = Object.keys(settings.shape)
export const secretNames: ReadonlySet<string> = secrets

/** The settings of a process, validated. Times in milliseconds. */
export type Config = ReturnType<typeof readConfig>

/**
 * Reads the settings from environment variables; see the README for what each means. Throws `ConfigInvalid` with one
 * line for each fault.
 */
export function readConfig(given: Readonly<Record<string, string | undefined>>) {
  const { environment, faults: fileFaults } = withSecretFiles(given, secrets)
  const result = settings.safeParse(environment)
  const issues = result.success ? [] : result.error.issues
  const faults = issues.map(({ path, message }) => {
    const name = path.join('.')
    const shown = secrets.has(name) ? '' : `; it is ${JSON.stringify(environment[name])}`
    return `${name} ${message}${shown}.`
  })
  faults.unshift(...fileFaults)
  if (environment['RECOUP_DATA_PLATFORM_URL'] && environment['RECOUP_DATA_PLATFORM_SECRET'] === undefined) {
    faults.push(
      'RECOUP_DATA_PLATFORM_SECRET is needed with RECOUP_DATA_PLATFORM_URL, to sign what is sent; set both.',
    )
  }
  const host = environment['RECOUP_HOST'] || '127.0.0.1'
  const isGateway = (environment['RECOUP_AUTH'] ?? 'session') !== 'session'
  if (isGateway && !isLoopback(host) && !environment['RECOUP_TRUSTED_PROXIES']) {
    faults.push(
      `RECOUP_HOST ${host} is reachable from outside, where gateway mode believes every caller; ` +
        'name the gateway in RECOUP_TRUSTED_PROXIES or listen on 127.0.0.1.',
    )
  }
  if (environment['RECOUP_DEMO'] === '1' && !isLoopback(host)) {
    faults.push(
      `RECOUP_DEMO lets everybody make payments fail on purpose, and ${host} is reachable from outside; listen on 127.0.0.1 or leave it out.`,
    )
  }
  faults.push(...redisFaults(environment))
  if (!result.success || faults.length > 0) throw new ConfigInvalid(faults.join('\n'))
  const config = result.data
  return {
    dataDirectory: config.RECOUP_DATA,
    host: config.RECOUP_HOST,
    port: config.RECOUP_PORT,
    auth: config.RECOUP_AUTH,
    timeZone: config.RECOUP_TIME_ZONE,
    currency: config.RECOUP_CURRENCY,
    approvalLimit: config.RECOUP_APPROVAL_LIMIT,
    /** In gateway mode one token stands for all operators. */
    namedStaff: config.RECOUP_AUTH !== 'gateway',
    allowedOrigins: config.RECOUP_ALLOWED_ORIGINS,
    trustedProxies: config.RECOUP_TRUSTED_PROXIES,
    /** A gateway counts for itself, and to it all its customers come from one address. */
    rateLimits:
      config.RECOUP_RATE_LIMITS === undefined
        ? config.RECOUP_AUTH !== 'gateway'
        : config.RECOUP_RATE_LIMITS === 'on',
    paymentWaitMs: config.RECOUP_PAYMENT_WAIT_MS,
    paymentTiming: {
      stepDeadlineMs: config.RECOUP_STEP_DEADLINE_MS,
      stepResendsMax: config.RECOUP_STEP_RESENDS,
    },
    orderExpiryMs: config.RECOUP_ORDER_EXPIRY_MS,
    couponsPerHour: config.RECOUP_COUPONS_PER_HOUR,
    operatorToken: config.RECOUP_OPERATOR_TOKEN,
    overloadMs: config.RECOUP_OVERLOAD_MS,
    /** 0: never. */
    checkEveryMs: config.RECOUP_CHECK_EVERY_MS,
    /** May hold a password. */
    redisUrl: config.RECOUP_REDIS_URL,
    redisRequired: config.RECOUP_REDIS_REQUIRED === '1',
    /** Whether steps of payments can be made to fail on purpose. */
    demo: config.RECOUP_DEMO === '1',
    inspection: config.RECOUP_INSPECTION === 'on',
    logLevel: config.RECOUP_LOG,
    /** What must not get into any line. */
    secretValues: [...secrets].flatMap(name => environment[name] ?? []),
    dataPlatform: dataPlatformOf(config.RECOUP_DATA_PLATFORM_URL, config.RECOUP_DATA_PLATFORM_SECRET),
  }
}

function dataPlatformOf(url: string | undefined, secret: string | undefined) {
  return url === undefined || secret === undefined ? undefined : { url, secret }
}

function redisFaults(environment: Readonly<Record<string, string | undefined>>): string[] {
  const url = URL.parse(environment['RECOUP_REDIS_URL'] ?? '')
  if (url === null && environment['RECOUP_REDIS_REQUIRED'] === '1') {
    return ['RECOUP_REDIS_REQUIRED is 1, but RECOUP_REDIS_URL names no Redis.']
  }
  if (
    url === null ||
    url.hostname === '' ||
    isLoopback(url.hostname.replace(/^\[|\]$/g, '')) ||
    url.password !== ''
  )
    return []
  return [
    `RECOUP_REDIS_URL names ${url.host}, which is not this machine, without a password; give it one, as in redis://user:password@${url.host}.`,
  ]
}

/** Whether nobody outside this machine can come to an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}
