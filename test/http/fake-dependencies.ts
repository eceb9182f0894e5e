import { uncachedCatalogue } from '../../src/actors/catalogue.ts'
import type { AccountRows } from '../../src/actors/customer/account-rows.ts'
import { createAccounts } from '../../src/actors/customer/accounts.ts'
import type { OrderSummary } from '../../src/actors/order/order-messages.ts'
import type { PaymentSummary } from '../../src/actors/payment/payment-messages.ts'
import type { Questions } from '../../src/actors/questions.ts'
import { Histogram } from '../../src/histogram.ts'
import type { Dependencies } from '../../src/http/dependencies.ts'
import { createDoorAudit } from '../../src/http/door-audit.ts'
import { gatewayAuthentication } from '../../src/http/gateway-authentication.ts'
import { createLoginThrottle } from '../../src/http/login-throttle.ts'
import { networksOf } from '../../src/networks.ts'
import { createEmbeddedTryCounter } from '../../src/persistence/login-tries/embedded-try-counter.ts'
import type { Address, Message } from '../../src/runtime/envelope.ts'
import type { RequestCommand } from '../../src/runtime/request-messages.ts'

/** 2026-01-01T00:00:00.000Z */
export const newYear = Date.UTC(2026, 0, 1)

interface Asked {
  to: Address
  message: Message
  correlationId: string
  signal: AbortSignal | undefined
}

export interface FakeDependencies extends Dependencies {
  /** Every message that was sent, in order. */
  asked: Asked[]
  /** Faults that were reported. */
  faults: { error: unknown; correlationId: string }[]
  /** Lets every wait that is running end. */
  endWaits(): void
}

export interface Overrides extends Partial<Omit<Dependencies, 'questions'>> {
  /** What the addressed actor answers; through a request actor too. */
  reply?: (to: Address, message: Message) => object | undefined | Promise<object>
  questions?: Partial<Questions>
}

export function orderSummary(orderId: number, more: Partial<OrderSummary> = {}): OrderSummary {
  return {
    orderId,
    customerId: 1001,
    totalPrice: 80_000,
    status: 'CREATED',
    createdAt: newYear,
    items: [
      {
        productId: 5001,
        productOptionId: 6001,
        productName: 'Shirt',
        optionName: 'M',
        quantity: 2,
        subtotalPrice: 80_000,
      },
    ],
    ...more,
  }
}

export function paymentSummary(paymentId: number, more: Partial<PaymentSummary> = {}): PaymentSummary {
  return {
    paymentId,
    orderId: paymentId,
    customerId: 1001,
    status: 'FAILED',
    step: 'failed',
    attempt: 1,
    couponId: null,
    originalPrice: 80_000,
    discountAmount: 0,
    discountedPrice: 80_000,
    paidAt: null,
    refundedAmount: 0,
    failure: { code: 'BALANCE_INSUFFICIENT', facts: { available: 1, requested: 80_000 } },
    ...more,
  }
}

const noPayments = {
  PAYING: 0,
  COMPENSATING: 0,
  FAILED: 0,
  COMPLETED: 0,
  RETURNING: 0,
  PARTIALLY_RETURNED: 0,
  RETURNED: 0,
}

const noAccountRows: AccountRows = {
  credentials: () => undefined,
  profile: () => ({ displayName: null, email: null, phone: null }),
  add: async () => {},
  rehash: async () => {},
  changePassword: async () => {},
  changeProfile: async () => {},
  endSessions: async () => {},
}

/** A shop with customers 1001 and 1002, and one of everything else. It records what it is sent and answers `reply`. */
export function fakeDependencies({ reply, questions, ...overrides }: Overrides = {}): FakeDependencies {
  const waits = new Set<() => void>()
  const asked: Asked[] = []
  const faults: FakeDependencies['faults'] = []
  let lastId = 9000

  const all: Questions = {
    customerExists: id => id === 1001 || id === 1002,
    account: id =>
      id === 1001 ? { customerId: id, username: 'ada', roles: [], disabled: false } : undefined,
    accountCalled: () => undefined,
    balanceAmount: id => (id === 1001 ? 150_000 : undefined),
    balanceHistories: () => ({ items: [] }),
    products: () => ({ items: [] }),
    product: () => undefined,
    listedProduct: () => undefined,
    stockOf: () => 0,
    optionExists: id => id === 6001,
    popularProducts: async () => [],
    quoteOptions: lines => ({
      quoted: lines.map(({ productId, productOptionId }) => ({
        productId,
        productOptionId,
        productName: 'Shirt',
        optionName: 'M',
        unitPrice: 40_000,
      })),
    }),
    openCoupons: () => ({ items: [] }),
    coupon: () => undefined,
    couponExists: id => id === 4001,
    ownedCoupons: () => [],
    order: id => (id === 7001 ? orderSummary(id) : undefined),
    orders: () => ({ items: [] }),
    orderEvents: () => [],
    returns: () => [],
    payment: id => (id === 7001 ? paymentSummary(id) : undefined),
    timeline: () => [],
    history: paymentId => ({
      paymentId,
      orderId: paymentId,
      complete: true,
      entries: [],
      ledger: [],
      events: [],
      charts: { payment: '1', order: '1' },
    }),
    ...questions,
  }
  return {
    asked,
    faults,
    endWaits() {
      for (const end of waits) end()
    },
    async ask(to, message, { correlationId, signal, onKept }) {
      asked.push({ to, message, correlationId, signal })
      onKept?.()
      const begun = message as RequestCommand
      if (begun.type === 'BeginRequest' && begun.accepted !== undefined) return begun.accepted
      const answer = begun.type === 'BeginRequest' ? reply?.(begun.to, begun.message) : reply?.(to, message)
      return (await answer) as Message
    },
    authenticate: gatewayAuthentication(undefined),
    questions: all,
    catalogue: uncachedCatalogue(all),
    operatorQuestions: {
      payment: () => undefined,
      waitingPayments: () => 0,
      deadLetters: () => ({ items: [] }),
      deadLetter: () => undefined,
      auditLog: () => ({ items: [] }),
      credit: () => undefined,
      openCredits: () => ({ items: [] }),
    },
    feed: { watch: () => undefined },
    consoleQuestions: {
      payments: () => ({ items: [] }),
      paymentCounts: () => ({ total: 0, statuses: noPayments, open: 0, attention: 0, newestOnly: null }),
      operations: () => undefined,
      handling: () => undefined,
      bulkPreview: () => ({ total: 0, able: [], unable: 0, steps: {}, sends: {}, undoes: {} }),
      search: () => [],
      newestCustomers: () => [],
      requestHit: (id, label) => ({ kind: 'request', id, label, payments: 0, paymentId: null }),
    },
    shopkeepingQuestions: {
      customers: () => ({ items: [] }),
      customer: () => undefined,
      ledger: () => ({ items: [] }),
      stockMovements: () => ({ items: [] }),
      campaigns: () => ({ items: [] }),
    },
    outbox: { backlog: () => [], parked: () => [], breakers: () => ({}), replay: async () => 0 },
    accounts: createAccounts({
      questions: { account: () => undefined, accountCalled: () => undefined },
      rows: noAccountRows,
      newId: () => ++lastId,
      random: bytes => Buffer.alloc(bytes),
      parameters: { memory: 8, passes: 1, parallelism: 1 },
    }),
    loginThrottle: createLoginThrottle(createEmbeddedTryCounter({ now: () => newYear })),
    doorAudit: createDoorAudit({
      trail: { append: async () => {} },
      clock: { now: () => newYear, wait: () => () => {} },
      report: () => {},
    }),
    storedRequest: () => undefined,
    newId: () => ++lastId,
    clock: {
      now: () => newYear,
      wait(_delayMs, run) {
        waits.add(run)
        return () => waits.delete(run)
      },
    },
    closed: () => undefined,
    charts: { list: () => [], chart: () => undefined },
    demoAccounts: () => undefined,
    measures: () => ({
      version: '1.2.3',
      messagesHandled: 0,
      messagesUnchanged: 0,
      messagesRepeated: 0,
      messagesWaiting: 0,
      actorsSuspended: 0,
      paymentsWaiting: 0,
      paymentsEnded: {},
      paymentsOpen: {},
      oldestOpenPaymentMs: 0,
      compensations: 0,
      deadLetters: 0,
      deadLettersWaiting: 0,
      commitSeconds: new Histogram([]),
      commitSagas: new Histogram([]),
      outbox: [],
      breakers: {},
      eventLoopLagMs: () => ({ p50: 0, p99: 0, max: 0 }),
      process: { residentBytes: 0, heapUsedBytes: 0, externalBytes: 0, cpuMs: 0, startedAt: newYear },
      backlogMs: 0,
      redisOpened: 0,
    }),
    answerMeasures: { paymentSeconds: new Histogram([]), answers: new Map() },
    breach: () => undefined,
    degraded: () => [],
    backlogMs: () => 0,
    settings: {
      paymentWaitMs: 10_000,
      orderExpiryMs: 86_400_000,
      couponsPerHour: 60,
      approvalLimit: 100_000,
      namedStaff: false,
      currency: 'KRW',
      timeZone: 'Asia/Seoul',
      allowedOrigins: [],
      trustedProxies: networksOf([]),
      version: '1.2.3',
    },
    reportFault: (error, correlationId) => faults.push({ error, correlationId }),
    ...overrides,
  }
}
