import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { invalidArgument, Refused } from './refused.ts'

export const bodyBytesMax = 64 * 1024

const nestingMax = 32
const jsonType = /^application\/json\s*(?:;|$)/i

/**
 * Reads the body once, as JSON of `schema`. No body at all counts as `{}`: what is missing is then named field by
 * field.
 * Throws `Refused` with UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or INVALID_ARGUMENT.
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  limitBytes: number,
): Promise<z.infer<Schema>> {
  const text = await readText(c, limitBytes)
  const contentType = c.req.header('content-type')
  if (contentType === undefined ? text !== '' : !jsonType.test(contentType)) {
    throw new Refused('UNSUPPORTED_MEDIA_TYPE', {})
  }
  const parsed = schema.safeParse(text === '' ? {} : parseJson(text))
  if (!parsed.success) throw invalidArgument(parsed.error)
  return parsed.data
}

async function readText(c: Context, limitBytes: number): Promise<string> {
  const length = c.req.header('content-length')
  try {
    // The HTTP parser holds a body to its announced length, so a good announcement needs no counting.
    if (length === undefined) return await countedText(c.req.raw.body, limitBytes)
    if (Number(length) <= limitBytes) return await c.req.raw.text()
  } catch (error) {
    if (error instanceof Refused) throw error
    // The connection broke off in the middle of the body. Most likely nobody is left to read this.
    throw new Refused('INVALID_ARGUMENT', { reason: 'its body ends early' })
  }
  throw tooLarge(limitBytes)
}

/** The text of a body of unknown length, given up as soon as it is too long. */
async function countedText(body: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function tooLarge(limitBytes: number): Refused {
  // What is left of the body is not worth reading for the sake of the connection.
  return new Refused('BODY_TOO_LARGE', { limitBytes }, { Connection: 'close' })
}

function parseJson(text: string): unknown {
  if (isNestedDeeperThan(nestingMax, text)) {
    throw new Refused('INVALID_ARGUMENT', { reason: `its JSON is nested deeper than ${nestingMax} levels` })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refused('INVALID_ARGUMENT', { reason: 'its body is not JSON' })
  }
  // Only an escape can bring one in: what arrives as bytes was made whole when it was decoded.
  if (/\\ud[89a-f]/i.test(text) && !isWhole(value)) {
    throw new Refused('INVALID_ARGUMENT', { reason: 'it holds a surrogate without the other half' })
  }
  return value
}

/** Half a character means something else in every store that it gets to. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWhole(inner))
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = Buffer.from('"\\[]{}')

/** Looks at the text alone: a parser would first have to build what is to be refused. */
function isNestedDeeperThan(levels: number, text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index)
    if (inString) {
      if (char === backslash) index += 1
      else if (char === quote) inString = false
    } else if (char === quote) {
      inString = true
    } else if (char === openBracket || char === openBrace) {
      depth += 1
      if (depth > levels) return true
    } else if (char === closeBracket || char === closeBrace) {
      depth -= 1
    }
  }
  return false
}
