import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { BalanceCommand, BalanceReply } from '../actors/balance/balance-messages.ts'
import type { BalanceHistory } from '../actors/questions.ts'
import { isoTime } from '../clock.ts'
import { chargeAmountMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, positive } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const balance = z.object({ customerId: positive, amount: money }).openapi('Balance')

const history = z
  .object({
    changeType: z.enum(['CHARGE', 'USE', 'ROLLBACK', 'REFUND']),
    changeAmount: money,
    totalAmount: money.openapi({ description: 'After the change.' }),
    createdAt: moment,
  })
  .openapi('BalanceHistory')

export function balanceRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions, newId } = dependencies

  function amountOf(customerId: number): number {
    const amount = questions.balanceAmount(customerId)
    if (amount === undefined) throw new Refused('BALANCE_NOT_FOUND', { customerId })
    return amount
  }

  questionRoute(app, dependencies, {
    path: '/balances/{customerId}',
    access: 'customer',
    summary: "A customer's balance",
    params: { customerId: idText },
    success: { 200: { description: 'The balance', schema: balance } },
    problems: ['BALANCE_NOT_FOUND'],
    answer: ({ customerId }) => answer(200, { customerId, amount: amountOf(customerId) }),
  })

  questionRoute(app, dependencies, {
    path: '/balances/{customerId}/balance-histories',
    access: 'customer',
    summary: 'Every change of a balance, oldest first',
    params: { customerId: idText },
    query: pageQuery(),
    success: { 200: { description: 'A page of changes', schema: z.array(history) } },
    problems: ['BALANCE_NOT_FOUND'],
    answer({ customerId, ...page }, _caller, c) {
      amountOf(customerId)
      return answerPage(c, questions.balanceHistories(customerId, pageRequest(page)), showHistory)
    },
  })

  commandRoute(app, dependencies, {
    method: 'patch',
    path: '/balances/charge',
    access: 'customer',
    summary: 'Put money into a balance',
    body: z.strictObject({
      customerId: positive,
      // Any number passes the schema: one out of bounds has a code of its own.
      amount: z.number().openapi({ type: 'integer', minimum: 1, maximum: chargeAmountMax, example: 150_000 }),
    }),
    success: { 200: { description: 'The balance after it', schema: balance } },
    problems: ['BALANCE_INVALID_AMOUNT', 'BALANCE_NOT_FOUND', 'BALANCE_LIMIT_EXCEEDED'],
    command({ customerId, amount }) {
      if (!Number.isInteger(amount) || amount < 1 || amount > chargeAmountMax) {
        throw new Refused('BALANCE_INVALID_AMOUNT', { amount })
      }
      const message: BalanceCommand = { type: 'ChargeBalance', amount }
      return { to: addressOf('balance', customerId), message, correlationId: `http/${newId()}` }
    },
    present(reply: BalanceReply) {
      if (reply.type !== 'BalanceCharged') return undefined
      return answer(200, { customerId: reply.customerId, amount: reply.amount })
    },
  })

  return app
}

function showHistory({
  changeType,
  changeAmount,
  totalAmount,
  createdAt,
}: BalanceHistory): z.infer<typeof history> {
  return { changeType, changeAmount, totalAmount, createdAt: isoTime(createdAt) }
}
