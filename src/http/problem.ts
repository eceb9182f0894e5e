import type { RefusalFacts } from '../refusal.ts'
import { answer } from './answer.ts'

type None = Record<never, never>

/** Why the door itself turns a request away, before or beside any actor. */
interface DoorFacts {
  IDEMPOTENCY_KEY_INVALID: None
  IDEMPOTENCY_KEY_REQUIRED: None
  STATISTIC_INVALID_PERIOD_CONDITION: None
  MISSING_CUSTOMER_CONTEXT: None
  SESSION_EXPIRED: None
  LOGIN_FAILED: None
  /** `foreignPage`: a page of another origin made a browser send it. */
  FORBIDDEN: { foreignPage?: true }
  /** Above `approvalLimit` a second person is needed, and with one token for all nobody can tell. */
  CREDIT_NEEDS_NAMES: { approvalLimit: number }
  /** What an operation on many was meant for is not what the filter finds now. */
  PAYMENT_COUNT_CHANGED: { expected: number; actual: number }
  CHART_NOT_FOUND: { machine: string }
  ROUTE_NOT_FOUND: None
  METHOD_NOT_ALLOWED: { allowed: readonly string[] }
  REQUEST_TIMEOUT: None
  BODY_TOO_LARGE: { limitBytes: number }
  UNSUPPORTED_MEDIA_TYPE: None
  OVERLOADED: None
  SHUTTING_DOWN: None
  TOO_MANY_VIEWERS: None
  /**
   * `invariant` names the one whose breach has closed the shop to money, `since` when it was found; `damaged` says that
   * what was asked for was altered on disk.
   */
  UNAVAILABLE: { invariant?: string; since?: string; damaged?: true }
  INTERNAL_SERVER_ERROR: { correlationId: string }
}

export type ProblemFacts = RefusalFacts & DoorFacts
export type ProblemCode = keyof ProblemFacts

interface Problem<Facts> {
  status: number
  title: string
  /** One sentence that says what is wrong and what to do. */
  detail(facts: Facts): string
  /** Seconds after which the same request may succeed. */
  retryAfterS?: number | ((facts: Facts) => number)
  /** The facts as they are shown, where their own names would hide a member of the document. */
  shown?(facts: Facts): object
}

/** The facts of a refusal over an order's status: `status` of the document is the HTTP status. */
function orderStatusShown({ orderId, status }: { orderId: number; status: string }): object {
  return { orderId, orderStatus: status }
}

/** Every code that can leave the process. A refusal that is added does not compile until it has its row here. */
const problems: { readonly [Code in ProblemCode]: Problem<ProblemFacts[Code]> } = {
  INVALID_ARGUMENT: {
    status: 400,
    title: 'Invalid argument',
    detail: ({ path, reason }) =>
      path === undefined ? `The request cannot be read: ${reason}.` : `Correct ${path}: ${reason}.`,
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'Idempotency key invalid',
    detail: () => 'Send an Idempotency-Key of 16 to 255 visible ASCII characters.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    title: 'Idempotency key required',
    detail: () => 'Send an Idempotency-Key, so that asking again cannot do it twice.',
  },
  STATISTIC_INVALID_PERIOD_CONDITION: {
    status: 400,
    title: 'Invalid period',
    detail: () => 'Name exactly one of days, weeks and months, 1 to 365 days in all.',
  },
  BALANCE_INVALID_AMOUNT: {
    status: 400,
    title: 'Invalid amount',
    detail: () => 'Charge a whole amount of 1 to 1,000,000,000.',
  },
  ORDER_ITEM_EMPTY: {
    status: 400,
    title: 'Order without items',
    detail: () => 'Order at least one item.',
  },
  MISSING_CUSTOMER_CONTEXT: {
    status: 401,
    title: 'Missing customer context',
    detail: () =>
      'Nobody says who asks this; log in with POST /sessions and show the token, or let the gateway send X-Customer-Id.',
  },
  SESSION_EXPIRED: {
    status: 401,
    title: 'Session expired',
    detail: () => 'This session has ended; log in again with POST /sessions.',
  },
  LOGIN_FAILED: {
    status: 401,
    title: 'Login failed',
    detail: () => 'This username and this password do not belong together, or the account is closed.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    detail: ({ foreignPage }) =>
      foreignPage
        ? 'A page of another origin sent this; RECOUP_ALLOWED_ORIGINS names those that may.'
        : 'This is not yours, or takes a role that you do not have; name your own customerId, or ask an administrator.',
    shown: () => ({}),
  },
  CREDIT_NEEDS_NAMES: {
    status: 403,
    title: 'Credit needs names',
    detail: ({ approvalLimit }) =>
      `A credit above ${approvalLimit} needs a second person, and one token for all operators names nobody; credit less, or run with RECOUP_AUTH=session.`,
  },
  CREDIT_SELF_APPROVAL: {
    status: 403,
    title: 'Own credit',
    detail: ({ creditId }) => `Credit ${creditId} has to be approved by somebody else than who proposed it.`,
  },
  CUSTOMER_NOT_FOUND: {
    status: 404,
    title: 'Customer not found',
    detail: ({ customerId }) => `There is no customer ${customerId}.`,
  },
  BALANCE_NOT_FOUND: {
    status: 404,
    title: 'Balance not found',
    detail: ({ customerId }) => `There is no balance of a customer ${customerId}.`,
  },
  PAYMENT_COUNT_CHANGED: {
    status: 409,
    title: 'Payment count changed',
    detail: ({ expected, actual }) =>
      `The filter finds ${actual} payments now, not the ${expected} you looked at, so nothing was done; look again.`,
  },
  USERNAME_TAKEN: {
    status: 409,
    title: 'Username taken',
    detail: ({ username }) =>
      `Somebody is called ${username} already, or nearly so; choose another username.`,
  },
  PRODUCT_NOT_FOUND: {
    status: 404,
    title: 'Product not found',
    detail: ({ productId }) => `There is no product ${productId}.`,
  },
  PRODUCT_OPTION_NOT_FOUND: {
    status: 404,
    title: 'Product option not found',
    detail: ({ productOptionId }) => `There is no product option ${productOptionId}.`,
  },
  STOCK_NOT_FOUND: {
    status: 404,
    title: 'Stock not found',
    detail: ({ productOptionId }) => `Product option ${productOptionId} has no stock.`,
  },
  ORDER_NOT_FOUND: {
    status: 404,
    title: 'Order not found',
    detail: ({ orderId }) => `There is no order ${orderId}.`,
  },
  PAYMENT_NOT_FOUND: {
    status: 404,
    title: 'Payment not found',
    detail: ({ paymentId }) => `There is no payment ${paymentId}.`,
  },
  CREDIT_NOT_FOUND: {
    status: 404,
    title: 'Credit not found',
    detail: ({ creditId }) => `There is no credit ${creditId}.`,
  },
  DEAD_LETTER_NOT_FOUND: {
    status: 404,
    title: 'Dead letter not found',
    detail: ({ deadLetterId }) => `There is no message that was set aside as ${deadLetterId}.`,
  },
  COUPON_NOT_FOUND: {
    status: 404,
    title: 'Coupon not found',
    detail: ({ couponId }) => `There is no coupon ${couponId}.`,
  },
  CUSTOMER_COUPON_NOT_FOUND: {
    status: 404,
    title: 'Customer has no such coupon',
    detail: ({ couponId, customerId }) =>
      `Customer ${customerId} has no coupon ${couponId}; issue it first or pay without it.`,
  },
  CHART_NOT_FOUND: {
    status: 404,
    title: 'Chart not found',
    detail: ({ machine }) => `No machine here is called ${machine}; GET /charts lists those that run.`,
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Route not found',
    detail: () => 'There is nothing under this path; /openapi.json lists every route.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    detail: ({ allowed }) => `Use ${allowed.join(' or ')} on this path.`,
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request timeout',
    detail: () => 'The request took too long to arrive; send it again.',
  },
  BALANCE_INSUFFICIENT: {
    status: 409,
    title: 'Balance insufficient',
    detail: ({ available, requested }) =>
      `The balance holds ${available} of the ${requested} needed; charge it and try again.`,
  },
  BALANCE_LIMIT_EXCEEDED: {
    status: 409,
    title: 'Balance limit exceeded',
    detail: ({ limit }) => `A balance can be charged up to ${limit}; charge less.`,
  },
  STOCK_INSUFFICIENT: {
    status: 409,
    title: 'Stock insufficient',
    detail: ({ productOptionId, available, requested }) =>
      `Product option ${productOptionId} has ${available} of the ${requested} units asked for; order fewer.`,
  },
  PRODUCT_OPTION_MISMATCH: {
    status: 409,
    title: 'Option of another product',
    detail: ({ productId, productOptionId }) =>
      `Product option ${productOptionId} does not belong to product ${productId}; name its own product.`,
  },
  OPTION_NAME_TAKEN: {
    status: 409,
    title: 'Option name taken',
    detail: ({ productId, optionName }) =>
      `Product ${productId} already has an option ${optionName}; choose another name.`,
  },
  COUPON_INSUFFICIENT: {
    status: 409,
    title: 'Coupon sold out',
    detail: ({ couponId }) => `Every coupon ${couponId} has been issued.`,
  },
  COUPON_ALREADY_ISSUED: {
    status: 409,
    title: 'Coupon already issued',
    detail: ({ couponId, customerId }) => `Customer ${customerId} already has coupon ${couponId}.`,
  },
  COUPON_ALREADY_USED: {
    status: 409,
    title: 'Coupon already used',
    detail: ({ couponId }) => `Coupon ${couponId} has been used; pay without it.`,
  },
  COUPON_EXPIRED: {
    status: 409,
    title: 'Coupon expired',
    detail: ({ couponId }) => `Coupon ${couponId} has expired; pay without it.`,
  },
  COUPON_INVALID_PERIOD: {
    status: 409,
    title: 'Coupon outside its period',
    detail: ({ couponId }) => `Coupon ${couponId} is not being issued at this time.`,
  },
  COUPON_MIN_ORDER_NOT_MET: {
    status: 409,
    title: 'Order too small for the coupon',
    detail: ({ couponId, minOrderAmount, requested }) =>
      `Coupon ${couponId} needs an order of at least ${minOrderAmount}, this one is ${requested}; pay without it.`,
  },
  ORDER_NOT_PAYABLE: {
    status: 409,
    title: 'Order not payable',
    detail: ({ orderId, status }) => `Order ${orderId} is ${status} and cannot be paid.`,
    shown: orderStatusShown,
  },
  ORDER_NOT_CANCELLABLE: {
    status: 409,
    title: 'Order not cancellable',
    detail: ({ orderId, status }) => `Order ${orderId} is ${status} and can no longer be cancelled.`,
    shown: orderStatusShown,
  },
  ORDER_NOT_RETURNABLE: {
    status: 409,
    title: 'Order not returnable',
    detail: ({ orderId }) =>
      `Order ${orderId} is not paid, or nothing is left of it to return; GET /orders/${orderId} tells which.`,
  },
  RETURN_EXCEEDS_PURCHASE: {
    status: 409,
    title: 'Return exceeds purchase',
    detail: ({ orderId, productOptionId, available, requested }) =>
      `Of option ${productOptionId} of order ${orderId} ${available} can still be returned, not ${requested}.`,
  },
  PAYMENT_CANCELLED: {
    status: 409,
    title: 'Payment cancelled',
    detail: ({ orderId }) => `Order ${orderId} was cancelled while it was being paid; nothing was taken.`,
  },
  OPERATION_NOT_APPLICABLE: {
    status: 409,
    title: 'Operation not applicable',
    detail: ({ paymentId, operation }) =>
      `There is nothing to ${operation} about payment ${paymentId} in the state it is in; look at its step.`,
  },
  CREDIT_NOT_OPEN: {
    status: 409,
    title: 'Credit not open',
    detail: ({ creditId, status }) => `Credit ${creditId} is ${status} and waits for nobody.`,
    shown: ({ creditId, status }) => ({ creditId, creditStatus: status }),
  },
  DEAD_LETTER_RESOLVED: {
    status: 409,
    title: 'Dead letter resolved',
    detail: ({ deadLetterId }) => `The message ${deadLetterId} waits for nobody any more.`,
  },
  REQUEST_IN_FLIGHT: {
    status: 409,
    title: 'Request in flight',
    detail: () => 'The first request with this Idempotency-Key is still running; ask again shortly.',
    retryAfterS: 1,
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Body too large',
    detail: ({ limitBytes }) => `Send a body of at most ${limitBytes} bytes.`,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    detail: () => 'Send the body as JSON, with Content-Type: application/json.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'Idempotency key reused',
    detail: () => 'This Idempotency-Key was used for another request; choose a new one.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Rate limited',
    detail: ({ retryAfterS }) => `That was too often; try again in ${retryAfterS} s.`,
    retryAfterS: ({ retryAfterS }) => retryAfterS,
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    title: 'Internal server error',
    detail: () => 'Something went wrong here; report the correlationId.',
  },
  OVERLOADED: {
    status: 503,
    title: 'Overloaded',
    detail: () => 'The server has more to do than it can; nothing was changed, try again shortly.',
    retryAfterS: 1,
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'Shutting down',
    detail: () => 'The server is stopping; nothing was changed, try again shortly.',
    retryAfterS: 5,
  },
  TOO_MANY_VIEWERS: {
    status: 503,
    title: 'Too many viewers',
    detail: () =>
      'As many people watch the feed as the server takes; close a page that shows it, or try again shortly.',
    retryAfterS: 10,
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Unavailable',
    detail({ invariant, since, damaged }) {
      if (damaged) return 'What is stored of this was altered on disk; an operator has to restore it.'
      return invariant === undefined
        ? 'The request could not be kept; nothing was changed, try again shortly.'
        : `Invariant ${invariant} is broken since ${since}; no money is taken in until every invariant holds again.`
    },
    retryAfterS: 5,
  },
  PAYMENT_STEP_TIMED_OUT: {
    status: 503,
    title: 'Payment step timed out',
    detail: ({ step }) => `The payment stopped at ${step} and was undone; pay again shortly.`,
    retryAfterS: 5,
  },
}

/** The codes of the table. */
export const problemCodes = Object.keys(problems) as ProblemCode[]

export const problemMediaType = 'application/problem+json'

/** The answer to a refused request; `headers` go with those every problem has. */
export function problem<Code extends ProblemCode>(
  code: Code,
  facts: ProblemFacts[Code],
  headers?: Record<string, string>,
): Response {
  const { status, retryAfterS: after } = problems[code]
  const retryAfterS = typeof after === 'function' ? after(facts) : after
  return answer(status, problemDocument(code, facts), {
    'Content-Type': problemMediaType,
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="recoup"' }),
    ...(retryAfterS !== undefined && { 'Retry-After': String(retryAfterS) }),
    ...headers,
  })
}

/** The body of `problem`, for where there is no `Response` to put it in. */
export function problemDocument<Code extends ProblemCode>(code: Code, facts: ProblemFacts[Code]): object {
  const { status, title, shown } = problems[code]
  const detail = problemDetail(code, facts)
  const members = { type: `urn:recoup:problem:${code}`, title, status, detail, code, message: detail }
  // The facts come last, but never in place of a member.
  return { ...members, ...(shown?.(facts) ?? facts), ...members }
}

export function problemDetail<Code extends ProblemCode>(code: Code, facts: ProblemFacts[Code]): string {
  return problems[code].detail(facts)
}

export function problemStatus(code: ProblemCode): number {
  return problems[code].status
}
