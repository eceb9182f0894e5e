import { type Refusal, refuse } from '../../refusal.ts'
import { type Address, idOf, kindOf, type Message } from '../../runtime/envelope.ts'
import type { RequestCommand } from '../../runtime/request-messages.ts'
import type { CouponState } from './coupon.ts'
import type { CouponCommand, CouponReply } from './coupon-messages.ts'

/*
 * A gate in front of the campaigns, which keeps a crowd from their mailboxes. It refuses only what the campaign would
 * certainly refuse; whatever it does not know it lets through, and the campaign decides. So it can neither issue a coupon
 * too many nor withhold one.
 */

/** `admitted` is no promise. The others are facts that stay true: all are issued, this customer has one. */
type Admission = 'admitted' | 'soldOut' | 'alreadyIssued'

/** What became of an admitted request; `unknown` when it was refused for a reason that may pass, or never answered. */
type IssueOutcome = 'issued' | 'soldOut' | 'alreadyIssued' | 'unknown'

export interface CouponGate {
  admit(couponId: number, customerId: number): Promise<Admission>
  /** Takes the admission back, and remembers what was learnt. */
  settle(couponId: number, customerId: number, outcome: IssueOutcome): void
}

type Ask<Options> = (to: Address, message: Message, options: Options) => Promise<Message>

/** The way to the actors with the gate before IssueCoupon. `campaign` is the state of a campaign now, `now` in milliseconds. */
export function behindGate<Options>(
  ask: Ask<Options>,
  gate: CouponGate,
  campaign: (couponId: number) => CouponState | undefined,
  now: () => number,
): Ask<Options> {
  /** A campaign says first that it is over, whoever asks. */
  function isOpen(couponId: number): boolean {
    const { terms = null, endedAt = null } = campaign(couponId) ?? {}
    return terms !== null && endedAt === null && terms.startedAt <= now() && now() <= terms.expiredAt
  }

  async function refusalOf(couponId: number, customerId: number): Promise<Refusal | undefined> {
    const admission = await gate.admit(couponId, customerId)
    if (admission === 'admitted' || !isOpen(couponId)) return undefined
    return admission === 'soldOut'
      ? refuse('COUPON_INSUFFICIENT', { couponId })
      : refuse('COUPON_ALREADY_ISSUED', { couponId, customerId })
  }

  return async (to, message, options) => {
    const issue = issueIn(to, message)
    if (issue === undefined) return ask(to, message, options)
    const { couponId, customerId, keyed } = issue
    // With a key the answer has to be stored, also a refusal, and only the actors do that.
    const refusal = keyed ? undefined : await refusalOf(couponId, customerId)
    if (refusal !== undefined) {
      const rejected: CouponReply = { type: 'IssueCouponRejected', refusal }
      return rejected
    }
    let outcome: IssueOutcome = 'unknown'
    try {
      const reply = await ask(to, message, options)
      outcome = outcomeOf(reply as CouponReply)
      return reply
    } finally {
      gate.settle(couponId, customerId, outcome)
    }
  }
}

interface Issue {
  readonly couponId: number
  readonly customerId: number
  /** Whether it comes under an idempotency key. */
  readonly keyed: boolean
}

/** Which coupon is asked for whom, where the message asks for one, by itself or under an idempotency key. */
function issueIn(to: Address, message: Message): Issue | undefined {
  if (kindOf(to) === 'request') {
    const begun = message as RequestCommand
    const issue = begun.type === 'BeginRequest' ? issueIn(begun.to, begun.message) : undefined
    return issue && { ...issue, keyed: true }
  }
  const command = message as CouponCommand
  if (kindOf(to) !== 'coupon' || command.type !== 'IssueCoupon') return undefined
  return { couponId: Number(idOf(to)), customerId: command.customerId, keyed: false }
}

function outcomeOf(reply: CouponReply): IssueOutcome {
  if (reply.type === 'CouponIssued') return 'issued'
  if (reply.type !== 'IssueCouponRejected') return 'unknown'
  if (reply.refusal.code === 'COUPON_INSUFFICIENT') return 'soldOut'
  return reply.refusal.code === 'COUPON_ALREADY_ISSUED' ? 'alreadyIssued' : 'unknown'
}
