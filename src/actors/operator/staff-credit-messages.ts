import type { Rejected } from '../../refusal.ts'

/** A person of the staff. `id` is null where nobody says who it is; then it is not known to be another person either. */
export type StaffMember = {
  readonly id: number | null
  readonly name: string
}

type StaffCreditStatus = 'PROPOSED' | 'CREDITING' | 'CREDITED' | 'REFUSED' | 'DECLINED'

/** Money put into a customer's balance by hand, as it stands. `amount` in the minor unit, times in milliseconds. */
export type StaffCreditSummary = {
  readonly creditId: number
  readonly customerId: number
  readonly amount: number
  readonly reason: string
  readonly status: StaffCreditStatus
  readonly proposedBy: StaffMember
  readonly proposedAt: number
  /** Who approved or declined it; null while nobody has, and where nobody had to. */
  readonly decidedBy: StaffMember | null
}

/** To `staffCredit/<creditId>`. */
export type StaffCreditCommand =
  | {
      type: 'ProposeCredit'
      creditId: number
      customerId: number
      amount: number
      reason: string
      by: StaffMember
      /** Above it a second person is needed, in the minor unit. */
      approvalLimit: number
    }
  | { type: 'ApproveCredit'; by: StaffMember; reason: string }
  | { type: 'DeclineCredit'; by: StaffMember }

export type StaffCreditReply =
  | ({ type: 'CreditProposed' } & StaffCreditSummary)
  | ({ type: 'CreditGiven' } & StaffCreditSummary)
  | ({ type: 'CreditDeclined' } & StaffCreditSummary)
  | Rejected<'ProposeCredit'>
  | Rejected<'ApproveCredit'>
  | Rejected<'DeclineCredit'>
