import { pino } from 'pino'
import { type Clock, isoTime } from './clock.ts'

/*
 * What a running process says: one JSON object a line, or on a terminal one plain line for whoever sits there. No request's
 * body, header or query is ever handed to it; should a secret get into a line all the same, it is blotted out.
 */

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a line says beside its sentence: ids, numbers, an error. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  error(sentence: string, fields?: LogFields): void
  warn(sentence: string, fields?: LogFields): void
  info(sentence: string, fields?: LogFields): void
  debug(sentence: string, fields?: LogFields): void
  /** Whether anybody would see what `debug` is told. */
  readonly debugs: boolean
}

/** Fields of these names are blotted out wherever they stand, to this depth. */
const redactedNames = ['authorization', 'cookie', 'password', 'token', 'secret']
const redactedPaths = redactedNames.flatMap(name => [name, `*.${name}`, `*.*.${name}`])
const redacted = '[redacted]'

export interface LogOptions {
  readonly level: LogLevel
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly clock: Clock
  /** The values of settings that must not be seen. */
  readonly secrets: readonly string[]
}

export function createLog({ level, stream, clock, secrets }: LogOptions): Log {
  // In a line of JSON a value may be written differently.
  const hidden = new Set(secrets.flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)]))
  const plain = stream.isTTY === true
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${isoTime(clock.now())}"`,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: redactedPaths, censor: redacted },
    },
    {
      write(line: string) {
        let shown = plain ? `${(JSON.parse(line) as { msg: string }).msg}\n` : line
        for (const secret of hidden) shown = shown.replaceAll(secret, redacted)
        stream.write(shown)
      },
    },
  )
  return {
    error: (sentence, fields = {}) => logger.error(fields, sentence),
    warn: (sentence, fields = {}) => logger.warn(fields, sentence),
    info: (sentence, fields = {}) => logger.info(fields, sentence),
    debug: (sentence, fields = {}) => logger.debug(fields, sentence),
    debugs: logger.isLevelEnabled('debug'),
  }
}

/** A log that hands on the sentences of what went wrong, or may concern somebody, and nothing else. */
export function sentencesTo(report: (sentence: string) => void): Log {
  const tell = (sentence: string) => report(sentence)
  return { error: tell, warn: tell, info: tell, debug() {}, debugs: false }
}

/** The ids by which lines of one payment are found, from what caused them: `order/1001`. */
export function idsOf(correlationId: string): LogFields {
  const id = /^order\/(\d+)$/.exec(correlationId)?.[1]
  // An order and its payment have one number.
  return id === undefined ? { correlationId } : { correlationId, orderId: Number(id), paymentId: Number(id) }
}
