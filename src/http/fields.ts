import { z } from '@hono/zod-openapi'
import type { Refusal } from '../refusal.ts'
import { problemDetail } from './problem.ts'

/** An id or a count in a body. */
export const positive = z.int().positive().openapi({ type: 'integer', minimum: 1, example: 1001 })

/**
 * An integer from 1 to `max` in a path, a query or a header, in its one plain form: no sign, no leading zero, no
 * fraction.
 */
export function positiveText(max = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'a positive whole number is needed')
    .transform(Number)
    .pipe(z.int().max(max))
    .openapi({ type: 'integer', minimum: 1, maximum: max })
}

export const idText = positiveText().openapi({ example: 1001 })

/** A moment as it leaves the process. */
export const moment = z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' })

/** Money as it leaves the process, in the minor unit. */
export const money = z.int().openapi({ type: 'integer', example: 39_000 })

/** The same of an amount that may not be known, or not be there. */
export const moneyOrNull = z
  .int()
  .nullable()
  .openapi({ type: ['integer', 'null'], example: 39_000 })

/** Text of so many characters, counted as a person sees most of them, by code point. */
export function atMost(lengthMax: number) {
  return z
    .string()
    .refine(text => [...text].length <= lengthMax, `at most ${lengthMax} characters`)
    .openapi({ type: 'string', maxLength: lengthMax })
}

/** A name somebody gives to something. */
export function nameText(lengthMax: number) {
  return atMost(lengthMax)
    .refine(text => text.trim() !== '', 'it must not be blank')
    .openapi({ minLength: 1 })
}

/** Why somebody of the staff does something, for the audit log. */
export const givenReason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .openapi({ example: 'The warehouse answered by phone.' })

export const refusalShown = z.looseObject({ code: z.string(), detail: z.string() })

/** A refusal that is told as part of an answer, not as the answer. */
export function showRefusal({ code, facts }: Refusal): z.infer<typeof refusalShown> {
  return { ...facts, code, detail: problemDetail(code, facts) }
}
