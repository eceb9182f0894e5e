import { z } from '@hono/zod-openapi'
import { type PaymentFilter, paymentStatuses, refusableSteps } from '../actors/payment/payment-filter.ts'
import type { PaymentStatus } from '../actors/payment/payment-messages.ts'
import { positiveText } from './fields.ts'

const amountText = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, 'a whole amount is needed')
  .transform(Number)
  .pipe(z.int())
  .openapi({ type: 'integer', minimum: 0 })

const isStatus = (text: string): text is PaymentStatus =>
  (paymentStatuses as readonly string[]).includes(text)

const statusText = z
  .string()
  .refine(
    text => text === 'open' || text === 'all' || text.split(',').every(isStatus),
    `open, all, or some of ${paymentStatuses.join(', ')} with commas between them`,
  )
  .transform((text): PaymentFilter['status'] => {
    if (text === 'open') return text
    return text === 'all' ? paymentStatuses : [...new Set(text.split(',').filter(isStatus))]
  })

/** The filters of a list of payments as they stand in a query. */
export const paymentFilterQuery = {
  status: statusText.default('open').openapi({
    type: 'string',
    default: 'open',
    description: `\`open\`: not ended, or with a message that was set aside. \`all\`, or some of ${paymentStatuses.join(', ')} with commas between them.`,
  }),
  step: z.string().min(1).max(100).optional().openapi({ example: 'paying.deductingBalance' }),
  failedAt: z.enum(refusableSteps).optional().openapi({ description: 'The step that was refused.' }),
  errorCode: z
    .string()
    .regex(/^[A-Z_]{1,60}$/)
    .optional()
    .openapi({ example: 'BALANCE_INSUFFICIENT' }),
  amountMin: amountText.optional(),
  amountMax: amountText.optional(),
  ageMinSeconds: positiveText(1_000_000_000)
    .optional()
    .openapi({ description: 'How long it has been in its state at least.' }),
  // Not `customerId`: that would be the caller's own.
  customer: positiveText().optional(),
  order: positiveText().optional(),
  attention: z
    .literal('true')
    .optional()
    .openapi({ description: 'Only those that somebody has to look at.' }),
}

/** The same as they stand in a body. */
export const paymentFilterBody = z.strictObject({
  status: paymentFilterQuery.status,
  step: paymentFilterQuery.step,
  failedAt: paymentFilterQuery.failedAt,
  errorCode: paymentFilterQuery.errorCode,
  amountMin: z.int().min(0).optional(),
  amountMax: z.int().min(0).optional(),
  ageMinSeconds: z.int().positive().max(1_000_000_000).optional(),
  customer: z.int().positive().optional(),
  order: z.int().positive().optional(),
  attention: z.literal(true).optional(),
})

type Given = Omit<z.infer<z.ZodObject<typeof paymentFilterQuery>>, 'attention'> & {
  attention?: true | 'true' | undefined
}

export function paymentFilter({ ageMinSeconds, attention, ...filter }: Given): PaymentFilter {
  return {
    status: filter.status,
    step: filter.step,
    failedAt: filter.failedAt,
    errorCode: filter.errorCode,
    amountMin: filter.amountMin,
    amountMax: filter.amountMax,
    customerId: filter.customer,
    orderId: filter.order,
    ageMinMs: ageMinSeconds === undefined ? undefined : ageMinSeconds * 1_000,
    attention: attention !== undefined,
  }
}
