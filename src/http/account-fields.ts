import { z } from '@hono/zod-openapi'
import type { AccountFault } from '../actors/customer/accounts.ts'
import { passwordLengthMax, passwordLengthMin } from '../actors/customer/password-rules.ts'
import { usernameLengthMax } from '../username.ts'
import { Refused } from './refused.ts'

/** What is wrong with it is said where accounts are made: the rules are more than a schema can say. */
export const username = z.string().openapi({ minLength: 1, maxLength: usernameLengthMax, example: 'minji' })

export const newPassword = z.string().openapi({
  minLength: passwordLengthMin,
  maxLength: passwordLengthMax,
  description: 'Any characters; none of the passwords that are tried first.',
  example: 'linen shirts dry in the wind',
})

export const password = z.string().openapi({ example: 'linen shirts dry in the wind' })

const filled = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .regex(/\S/, 'it must not be blank')
    .regex(/^\P{Cc}*$/u, 'it must not hold control characters')

/** What customers may tell about themselves; null erases it. */
export const profileFields = {
  displayName: filled(100).nullable().optional().openapi({ example: 'Kim Minji' }),
  email: z.email().max(254).nullable().optional().openapi({ example: 'minji@shop.example' }),
  phone: z
    .string()
    .regex(/^\+?[\d ()-]{4,30}$/, 'it must be a telephone number')
    .nullable()
    .optional()
    .openapi({ example: '+82 10-1234-5678' }),
}

/** Why an account cannot be like that, as a refused request. */
export function refusedAccount(fault: AccountFault): Refused {
  if ('refusal' in fault) return new Refused(fault.refusal.code, fault.refusal.facts)
  return new Refused('INVALID_ARGUMENT', { path: fault.field, reason: fault.reason })
}
