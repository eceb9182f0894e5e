import type { RequestCommand, RequestReply } from '../runtime/request-messages.ts'
import type { BalanceCommand, BalanceReply } from './balance/balance-messages.ts'
import type {
  CampaignQuotaCommand,
  CampaignQuotaReply,
  CouponCommand,
  CouponReply,
  OwnedCouponCommand,
  OwnedCouponReply,
} from './coupon/coupon-messages.ts'
import type { CustomerCommand, CustomerReply } from './customer/customer-messages.ts'
import type { DeadLetterCommand, DeadLetterReply } from './operator/dead-letter-messages.ts'
import type { StaffCreditCommand, StaffCreditReply } from './operator/staff-credit-messages.ts'
import type { OrderCommand, OrderReply } from './order/order-messages.ts'
import type { PaymentCommand, PaymentReply } from './payment/payment-messages.ts'
import type { ProductCommand, ProductReply } from './product/product-messages.ts'
import type { StatisticsCommand, StatisticsReply } from './statistics/statistics-messages.ts'
import type { StockCommand, StockReply } from './stock/stock-messages.ts'

/*
 * Which fields of messages and of actors' contexts people may see who watch the journal. What is not named here is hidden;
 * a field that is added to a message does not compile until it is decided here.
 */

type Said =
  | BalanceCommand
  | BalanceReply
  | CampaignQuotaCommand
  | CampaignQuotaReply
  | CouponCommand
  | CouponReply
  | CustomerCommand
  | CustomerReply
  | DeadLetterCommand
  | DeadLetterReply
  | OrderCommand
  | OrderReply
  | OwnedCouponCommand
  | OwnedCouponReply
  | PaymentCommand
  | PaymentReply
  | ProductCommand
  | ProductReply
  | RequestCommand
  | RequestReply
  | StaffCreditCommand
  | StaffCreditReply
  | StatisticsCommand
  | StatisticsReply
  | StockCommand
  | StockReply

/** The names of all fields, however deep; of a message within a message only that it is there. */
type FieldOf<Value> = Value extends readonly (infer Item)[]
  ? FieldOf<Item>
  : Value extends object
    ? string extends keyof Value
      ? never
      : { [Name in keyof Value & string]: Name | FieldOf<Value[Name]> }[keyof Value & string]
    : never

/** Shown wherever it stands; shown only within one of these fields, messages or actors; or hidden, and why. */
type Rule = 'shown' | readonly string[] | { readonly hidden: string }

const person: Rule = { hidden: 'it tells who of the staff it was; the audit log does that' }
const username: Rule = { hidden: 'it is personal; the customer has a number' }
const waiting: Rule = { hidden: 'it numbers an envelope and means nothing outside the process' }

export const fieldRules = {
  type: 'shown',

  accepted: 'shown',
  amount: 'shown',
  approvalLimit: 'shown',
  attempt: 'shown',
  available: 'shown',
  basePrice: 'shown',
  by: person,
  code: 'shown',
  couponId: 'shown',
  createdAt: 'shown',
  creditId: 'shown',
  customerId: 'shown',
  decidedBy: person,
  deadLetterId: 'shown',
  disabled: 'shown',
  discountAmount: 'shown',
  discountType: 'shown',
  discountedPrice: 'shown',
  endedAt: 'shown',
  expireAfterMs: 'shown',
  expiredAt: 'shown',
  extraPrice: 'shown',
  facts: 'shown',
  grossAmount: 'shown',
  hash: { hidden: 'what was asked could be guessed from it' },
  id: waiting,
  isLast: 'shown',
  issuedAt: 'shown',
  items: 'shown',
  limit: 'shown',
  maxDiscount: 'shown',
  message: 'shown',
  minOrderAmount: 'shown',
  // People have names too.
  name: ['terms', 'product', 'CreateProduct', 'ChangeProduct', 'ProductCreated', 'ProductChanged'],
  opensStock: 'shown',
  operation: 'shown',
  operator: person,
  optionName: 'shown',
  options: 'shown',
  orderId: 'shown',
  originalPrice: 'shown',
  paidAt: 'shown',
  path: 'shown',
  paymentId: 'shown',
  perHourMax: 'shown',
  productId: 'shown',
  productName: 'shown',
  productOptionId: 'shown',
  proposedAt: 'shown',
  proposedBy: person,
  quantity: 'shown',
  // Of a refusal it is a sentence of ours; elsewhere somebody of the staff wrote it, and may have named anybody.
  reason: ['facts'],
  refundAmount: 'shown',
  refusal: 'shown',
  remainingQuantity: 'shown',
  requested: 'shown',
  resolution: 'shown',
  retryAfterS: 'shown',
  returnId: 'shown',
  returnedAt: 'shown',
  roles: 'shown',
  sales: 'shown',
  startedAt: 'shown',
  status: 'shown',
  step: 'shown',
  subtotalPrice: 'shown',
  terms: 'shown',
  to: { hidden: 'it may hold the name of a person; the entry that follows tells who was asked' },
  totalPrice: 'shown',
  totalQuantity: 'shown',
  unitPrice: 'shown',
  username,

  // Only in what actors keep.
  admittedAt: 'shown',
  answer: 'shown',
  asked: 'shown',
  awaited: 'shown',
  balance: 'shown',
  caller: waiting,
  cancellers: waiting,
  coupon: 'shown',
  crediting: 'shown',
  expiresAt: 'shown',
  failedItem: 'shown',
  failure: 'shown',
  issuedQuantity: 'shown',
  order: 'shown',
  passed: 'shown',
  payer: waiting,
  payment: 'shown',
  record: 'shown',
  recorded: 'shown',
  refundedAmount: 'shown',
  resends: 'shown',
  returner: waiting,
  returns: 'shown',
  sequence: 'shown',
  stock: 'shown',
  underWay: 'shown',
  units: 'shown',
  unstocked: 'shown',
  from: waiting,
  key: waiting,
  scope: waiting,
} as const satisfies Record<FieldOf<Said>, Rule> & Record<string, Rule>

const rules = new Map<string, Rule>(Object.entries(fieldRules))

/** Whether a field may be seen within `parents`: the field, message or kind of actor that it belongs to. */
export function isShownField(name: string, parents: readonly string[]): boolean {
  const rule = rules.get(name)
  if (rule === 'shown') return true
  return Array.isArray(rule) && parents.some(parent => rule.includes(parent))
}
