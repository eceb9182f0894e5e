import { OpenAPIHono, z } from '@hono/zod-openapi'
import type {
  StaffCreditCommand,
  StaffCreditReply,
  StaffCreditSummary,
  StaffMember,
} from '../actors/operator/staff-credit-messages.ts'
import { isoTime } from '../clock.ts'
import { chargeAmountMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import type { Caller } from './access.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, money, positive } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const reason = z.string().trim().min(1).max(500).openapi({ example: 'A parcel was lost on the way.' })

const credit = z
  .object({
    creditId: positive,
    customerId: positive,
    amount: money,
    reason: z.string(),
    status: z.enum(['PROPOSED', 'CREDITING', 'CREDITED', 'REFUSED', 'DECLINED']),
    proposedBy: z.string(),
    proposedAt: moment,
    decidedBy: z.string().nullable().openapi({ description: 'Who approved or declined it.' }),
  })
  .openapi('StaffCredit')

/**
 * Money that staff put into a customer's balance: at once up to the limit, and above it when a second person has approved
 * it.
 */
export function creditRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions, operatorQuestions, newId, settings } = dependencies
  const { approvalLimit, namedStaff } = settings

  function knownCredit(creditId: number): StaffCreditSummary {
    const found = operatorQuestions.credit(creditId)
    if (found === undefined) throw new Refused('CREDIT_NOT_FOUND', { creditId })
    return found
  }

  /** With one token for all of them nobody knows which of the staff it is. */
  function staffMember({ customerId, name }: Caller): StaffMember {
    return { id: namedStaff ? (customerId ?? null) : null, name }
  }

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/operator/customers/{id}/credit',
    access: 'operator',
    summary: "Put money into a customer's balance, or propose to where a second person has to approve it",
    params: { id: idText },
    body: z.strictObject({
      amount: positive.max(chargeAmountMax).openapi({ maximum: chargeAmountMax, example: 5_000 }),
      reason,
    }),
    success: {
      201: { description: 'The money is there', schema: credit },
      202: { description: 'It waits for a second person; see Location', schema: credit },
    },
    problems: ['CUSTOMER_NOT_FOUND', 'CREDIT_NEEDS_NAMES', 'BALANCE_NOT_FOUND', 'BALANCE_LIMIT_EXCEEDED'],
    command({ id: customerId, amount, reason }, caller) {
      if (!questions.customerExists(customerId)) throw new Refused('CUSTOMER_NOT_FOUND', { customerId })
      const by = staffMember(caller)
      if (amount > approvalLimit && by.id === null) throw new Refused('CREDIT_NEEDS_NAMES', { approvalLimit })
      const creditId = newId()
      const message: StaffCreditCommand = {
        type: 'ProposeCredit',
        ...{ creditId, customerId, amount, reason, by, approvalLimit },
      }
      return sent(creditId, message, { name: by.name, reason })
    },
    present(reply: StaffCreditReply) {
      if (reply.type === 'CreditGiven') return answer(201, showCredit(reply))
      if (reply.type !== 'CreditProposed') return undefined
      return answer(202, showCredit(reply), { Location: `/operator/credits/${reply.creditId}` })
    },
  })

  questionRoute(app, dependencies, {
    path: '/operator/credits',
    access: 'operator',
    summary: 'Credits that wait for a second person, oldest first',
    query: pageQuery(),
    success: { 200: { description: 'Credits', schema: z.array(credit) } },
    problems: [],
    answer: (query, _caller, c) =>
      answerPage(c, operatorQuestions.openCredits(pageRequest(query)), showCredit),
  })

  questionRoute(app, dependencies, {
    path: '/operator/credits/{id}',
    access: 'operator',
    summary: 'A credit, in whatever state it is',
    params: { id: idText },
    success: { 200: { description: 'The credit', schema: credit } },
    problems: ['CREDIT_NOT_FOUND'],
    answer: ({ id }) => answer(200, showCredit(knownCredit(id))),
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/operator/credits/{id}/approve',
    access: 'operator',
    summary: 'Approve what somebody else has proposed; the money moves',
    params: { id: idText },
    body: z.strictObject({ reason }),
    success: { 200: { description: 'The credit', schema: credit } },
    problems: [
      'CREDIT_NOT_FOUND',
      'CREDIT_NOT_OPEN',
      'CREDIT_SELF_APPROVAL',
      'BALANCE_NOT_FOUND',
      'BALANCE_LIMIT_EXCEEDED',
    ],
    command({ id, reason }, caller) {
      knownCredit(id)
      const by = staffMember(caller)
      return sent(id, { type: 'ApproveCredit', by, reason }, { name: by.name, reason })
    },
    present: (reply: StaffCreditReply) =>
      reply.type === 'CreditGiven' ? answer(200, showCredit(reply)) : undefined,
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/operator/credits/{id}/decline',
    access: 'operator',
    summary: 'Decline or withdraw a credit that waits',
    params: { id: idText },
    body: z.strictObject({ reason }),
    success: { 200: { description: 'The credit', schema: credit } },
    problems: ['CREDIT_NOT_FOUND', 'CREDIT_NOT_OPEN'],
    command({ id, reason }, caller) {
      knownCredit(id)
      const by = staffMember(caller)
      return sent(id, { type: 'DeclineCredit', by }, { name: by.name, reason })
    },
    present: (reply: StaffCreditReply) =>
      reply.type === 'CreditDeclined' ? answer(200, showCredit(reply)) : undefined,
  })

  return app
}

function sent(creditId: number, message: StaffCreditCommand, operator: { name: string; reason: string }) {
  const address = addressOf('staffCredit', creditId)
  return { to: address, message, correlationId: address, operator }
}

function showCredit(shown: StaffCreditSummary): z.infer<typeof credit> {
  const { creditId, customerId, amount, reason, status, proposedBy, proposedAt, decidedBy } = shown
  return {
    ...{ creditId, customerId, amount, reason, status },
    proposedBy: proposedBy.name,
    proposedAt: isoTime(proposedAt),
    decidedBy: decidedBy?.name ?? null,
  }
}
