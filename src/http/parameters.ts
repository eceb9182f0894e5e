import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { invalidArgument, Refused } from './refused.ts'

/** Reads the fields of `schema` from the path and the query. Throws `Refused` with INVALID_ARGUMENT. */
export function readParameters<Schema extends z.ZodObject>(c: Context, schema: Schema): z.infer<Schema> {
  const texts: Record<string, string | undefined> = {}
  for (const name in schema.shape) texts[name] = c.req.param(name) ?? queryText(c, name)
  const parsed = schema.safeParse(texts)
  if (!parsed.success) throw invalidArgument(parsed.error)
  return parsed.data
}

function queryText(c: Context, name: string): string | undefined {
  const [text, ...others] = c.req.queries(name) ?? []
  if (others.length > 0) {
    throw new Refused('INVALID_ARGUMENT', { path: name, reason: 'it is given more than once' })
  }
  return text
}
