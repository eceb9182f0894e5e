import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Page, PageRequest } from '../actors/questions.ts'
import { answer } from './answer.ts'
import { positiveText } from './fields.ts'

const limitMax = 200

/** The query parameters of a list. */
export function pageQuery(limitDefault = 50) {
  return {
    limit: positiveText(limitMax)
      .default(limitDefault)
      .openapi({ type: 'integer', minimum: 1, maximum: limitMax, default: limitDefault }),
    cursor: z
      .string()
      .min(1)
      .optional()
      .openapi({ description: 'From the `Link` of the page before, as it stands.' }),
  }
}

export function pageRequest({ limit, cursor }: { limit: number; cursor?: string | undefined }): PageRequest {
  return cursor === undefined ? { limit } : { limit, cursor }
}

/** One page of a list; the `Link` header leads to the next one, if there is one. */
export function answerPage<T>(c: Context, page: Page<T>, show: (item: T) => object): Response {
  const items = page.items.map(show)
  if (page.next === undefined) return answer(200, items)
  const next = new URL(c.req.url)
  next.searchParams.set('cursor', page.next)
  return answer(200, items, { Link: `<${next.pathname}${next.search}>; rel="next"` })
}
