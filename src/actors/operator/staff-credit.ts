import { type Refusal, refuse } from '../../refusal.ts'
import type { ActorDefinition, Effect, Incoming, StepResult } from '../../runtime/actor.ts'
import { addressOf, type Caller, idOf, type Message, type Operator } from '../../runtime/envelope.ts'
import type { BalanceCommand, BalanceReply } from '../balance/balance-messages.ts'
import type {
  StaffCreditCommand,
  StaffCreditReply,
  StaffCreditSummary,
  StaffMember,
} from './staff-credit-messages.ts'

/*
 * Money that staff put into a customer's balance. Above the limit nothing moves until somebody other than who proposed
 * it has approved it; whoever cannot be told apart from the proposer is not another. The balance is charged once,
 * however often it is asked: by a key of this credit.
 */

interface Crediting {
  /** Who waits for the answer, and for what they asked. */
  readonly caller: Caller
  readonly asked: 'ProposeCredit' | 'ApproveCredit'
  readonly operator: Operator
  readonly resends: number
}

export interface StaffCreditState extends StaffCreditSummary {
  /** While the balance has not answered. */
  readonly crediting?: Crediting
}

type ResendCharge = { type: 'ResendCharge' }
type CreditMessage = StaffCreditCommand | BalanceReply | ResendCharge
type Result = StepResult<StaffCreditState | undefined>

const resendDelayMs = 2_000
const resendDelayMsMax = 60_000

const answer = (message: StaffCreditReply, to?: Caller): Effect => ({
  type: 'reply',
  message: message as Message,
  ...(to && { to }),
})

export function creditSummary({ crediting: _, ...summary }: StaffCreditState): StaffCreditSummary {
  return summary
}

function step(state: StaffCreditState | undefined, incoming: Incoming<Message>): Result {
  const command = incoming as Incoming<CreditMessage>
  if (command.type === 'ProposeCredit') return propose(state, command)
  if (state === undefined) return refusedUnknown(command)
  switch (command.type) {
    case 'ApproveCredit':
      return approve(state, command)
    case 'DeclineCredit': {
      if (state.status !== 'PROPOSED') return refused(state, 'DeclineCredit', notOpen(state))
      const declined = { ...state, status: 'DECLINED' as const, decidedBy: command.by }
      return { state: declined, effects: [answer({ type: 'CreditDeclined', ...creditSummary(declined) })] }
    }
    case 'ResendCharge':
      return state.crediting === undefined
        ? { state, effects: [] }
        : charging(state, { ...state.crediting, resends: state.crediting.resends + 1 })
    case 'BalanceCharged':
      return ended(state, 'CREDITED')
    case 'ChargeBalanceRejected':
      return ended(state, 'REFUSED', command.refusal)
    default:
      throw new Error(`A staff credit does not know ${command.type}`)
  }
}

function propose(
  state: StaffCreditState | undefined,
  {
    creditId,
    customerId,
    amount,
    reason,
    by,
    approvalLimit,
    meta,
  }: Incoming<StaffCreditCommand> & { type: 'ProposeCredit' },
): Result {
  if (state !== undefined) return refused(state, 'ProposeCredit', notOpen(state))
  const proposed: StaffCreditState = {
    ...{ creditId, customerId, amount, reason, status: 'PROPOSED' },
    ...{ proposedBy: by, proposedAt: meta.at, decidedBy: null },
  }
  if (amount > approvalLimit) {
    return { state: proposed, effects: [answer({ type: 'CreditProposed', ...creditSummary(proposed) })] }
  }
  const operator = { name: by.name, reason }
  return charging(proposed, { caller: meta.caller, asked: 'ProposeCredit', operator, resends: 0 })
}

function approve(
  state: StaffCreditState,
  { by, reason, meta }: Incoming<StaffCreditCommand> & { type: 'ApproveCredit' },
): Result {
  if (state.status !== 'PROPOSED') return refused(state, 'ApproveCredit', notOpen(state))
  if (!isAnother(by, state.proposedBy)) {
    return refused(state, 'ApproveCredit', refuse('CREDIT_SELF_APPROVAL', { creditId: state.creditId }))
  }
  const operator = { name: by.name, reason }
  const approved = { ...state, decidedBy: by }
  return charging(approved, { caller: meta.caller, asked: 'ApproveCredit', operator, resends: 0 })
}

function isAnother(member: StaffMember, first: StaffMember): boolean {
  return member.id !== null && first.id !== null && member.id !== first.id
}

function charging(state: StaffCreditState, crediting: Crediting): Result {
  const { creditId, customerId, amount } = state
  const message: BalanceCommand = { type: 'ChargeBalance', amount }
  const { operator, resends } = crediting
  return {
    state: { ...state, status: 'CREDITING', crediting },
    effects: [
      {
        type: 'send',
        to: addressOf('balance', customerId),
        message,
        key: { scope: addressOf('staffCredit', creditId), name: 'charge' },
        resent: resends > 0,
        operator,
      },
      {
        type: 'schedule',
        name: 'ResendCharge',
        delayMs: Math.min(resendDelayMs * 2 ** resends, resendDelayMsMax),
      },
    ],
  }
}

/** The balance has answered; an answer that comes again changes nothing. */
function ended(state: StaffCreditState, status: 'CREDITED' | 'REFUSED', refusal?: Refusal): Result {
  const { crediting } = state
  if (crediting === undefined) return { state, effects: [] }
  const summary: StaffCreditSummary = { ...creditSummary(state), status }
  const message: StaffCreditReply =
    refusal === undefined
      ? { type: 'CreditGiven', ...summary }
      : { type: `${crediting.asked}Rejected`, refusal }
  return {
    state: summary,
    effects: [{ type: 'cancel', name: 'ResendCharge' }, answer(message, crediting.caller)],
  }
}

function notOpen({ creditId, status }: StaffCreditState): Refusal {
  return refuse('CREDIT_NOT_OPEN', { creditId, status })
}

function refused(
  state: StaffCreditState | undefined,
  command: StaffCreditCommand['type'],
  refusal: Refusal,
): Result {
  return { state, effects: [answer({ type: `${command}Rejected`, refusal })] }
}

/** A command to a credit that was never proposed; an answer or a timer has none to belong to. */
function refusedUnknown({ type, meta }: Incoming<CreditMessage>): Result {
  if (type !== 'ApproveCredit' && type !== 'DeclineCredit') return { state: undefined, effects: [] }
  return refused(undefined, type, refuse('CREDIT_NOT_FOUND', { creditId: Number(idOf(meta.self)) }))
}

export const staffCredit: ActorDefinition<StaffCreditState> = { kind: 'staffCredit', version: 1, step }
