import { type Refusal, refuse } from '../../refusal.ts'
import { type Envelope, idOf, kindOf, type Message } from '../../runtime/envelope.ts'
import type { Interception, Interceptor } from '../../runtime/transport.ts'

/*
 * Makes a step of a payment fail because somebody asked for it, so that a visitor of the demo sees what happens then. It
 * stands on the way of the messages and does to the payment's own commands what a participant or a network could do:
 * refuse, or lose them. It answers nothing that moves money or stock, so a payment is never harmed by it; it is kept in
 * memory alone and forgets the oldest.
 */

/** The steps of an attempt in their order, with the command each sends and the undo it has. */
const steps = {
  claimingOrder: { command: 'BeginPayment', undo: 'ReleaseOrder' },
  decreasingStock: { command: 'DecreaseStock', undo: 'RestoreStock' },
  usingCoupon: { command: 'UseCoupon', undo: 'RestoreCoupon' },
  deductingBalance: { command: 'DeductBalance', undo: 'RefundBalance' },
  recordingPayment: { command: 'CompletePayment', undo: 'VoidPayment' },
  recordingStatistics: { command: 'RecordSale', undo: undefined },
} as const

export type FaultStep = keyof typeof steps

/**
 * `refuse`: the step is refused in the receiver's place. `silence`: its command is lost, however often it is sent.
 * `stuck`: the step is done, the one after it is refused, and the undo of the step is lost until the fault is lifted.
 */
export type FaultKind = 'refuse' | 'silence' | 'stuck'

export const faultSteps = Object.keys(steps) as [FaultStep, ...FaultStep[]]
export const faultKinds = ['refuse', 'silence', 'stuck'] as const satisfies readonly FaultKind[]

/** A fault as it is shown. `attempt` is the one it belongs to: the next one, while it is null. */
export interface Fault {
  readonly step: FaultStep
  readonly kind: FaultKind
  readonly attempt: number | null
  /** Whether it has done anything yet. */
  readonly used: boolean
}

export interface FaultsOnPurpose {
  readonly intercept: Interceptor
  /** Has the step fail in the next attempt of the order, in place of what was said of this order before. */
  put(orderId: number, step: FaultStep, kind: FaultKind): Fault
  of(orderId: number): Fault | undefined
  /** From now on everything of this order is delivered. */
  lift(orderId: number): void
}

/** Whether a step can be made to fail in this way: what is never undone cannot be stuck. */
export function canFail(step: FaultStep, kind: FaultKind): boolean {
  return kind !== 'stuck' || steps[step].undo !== undefined
}

/** A fault and what it has done so far. */
interface Armed {
  readonly step: FaultStep
  readonly kind: FaultKind
  /** Of the keys of the attempt it belongs to. */
  scope?: string
  /** Who is refused for: of several options one is enough. */
  refusing?: string
  used: boolean
}

/** Faults of at most so many orders. */
export function createFaultsOnPurpose(ordersMax = 1_000): FaultsOnPurpose {
  const faults = new Map<number, Armed>()

  return {
    intercept(envelope) {
      const { from, key, message } = envelope
      if (faults.size === 0 || key === undefined || kindOf(from) !== 'payment') return 'deliver'
      const orderId = Number(idOf(from))
      const armed = faults.get(orderId)
      if (armed === undefined) return 'deliver'
      if (armed.scope !== key.scope && message.type === steps.claimingOrder.command) {
        if (armed.scope === undefined) armed.scope = key.scope
        else faults.delete(orderId)
      }
      return armed.scope === key.scope ? interceptionOf(armed, envelope) : 'deliver'
    },
    put(orderId, step, kind) {
      faults.delete(orderId)
      const [oldest] = faults.keys()
      if (oldest !== undefined && faults.size >= ordersMax) faults.delete(oldest)
      const armed: Armed = { step, kind, used: false }
      faults.set(orderId, armed)
      return shown(armed)
    },
    of(orderId) {
      const armed = faults.get(orderId)
      return armed && shown(armed)
    },
    lift: orderId => void faults.delete(orderId),
  }
}

function shown({ step, kind, scope, used }: Armed): Fault {
  return { step, kind, attempt: scope === undefined ? null : Number(scope.split('/')[1]), used }
}

function interceptionOf(armed: Armed, envelope: Envelope): Interception {
  const { type } = envelope.message
  const isCommand = type === steps[armed.step].command
  switch (armed.kind) {
    case 'refuse':
      return isCommand ? refused(armed, envelope) : 'deliver'
    case 'silence':
      return isCommand ? lost(armed) : 'deliver'
    case 'stuck':
      if (type === steps[armed.step].undo) return lost(armed)
      return isAfter(armed.step, type) ? refused(armed, envelope) : 'deliver'
  }
}

function isAfter(step: FaultStep, type: string): boolean {
  const place = faultSteps.findIndex(name => steps[name].command === type)
  return place > faultSteps.indexOf(step)
}

function lost(armed: Armed): Interception {
  armed.used = true
  return 'drop'
}

function refused(armed: Armed, { to, from, message }: Envelope): Interception {
  armed.refusing ??= to
  if (armed.refusing !== to) return 'deliver'
  armed.used = true
  const refusal = refusalOf(message, Number(idOf(from)), idOf(to))
  return { answer: { type: `${message.type}Rejected`, refusal } }
}

/** What the receiver `id` would say if it refused. */
function refusalOf(message: Message, orderId: number, id: string): Refusal {
  switch (message.type) {
    case 'BeginPayment':
      return refuse('ORDER_NOT_PAYABLE', { orderId, status: 'PAYING' })
    case 'DecreaseStock':
      return refuse('STOCK_INSUFFICIENT', {
        productOptionId: Number(id),
        available: 0,
        requested: Number(message['quantity']),
      })
    case 'UseCoupon':
      return refuse('COUPON_EXPIRED', { couponId: Number(id.split(':')[0]) })
    case 'DeductBalance':
      return refuse('BALANCE_INSUFFICIENT', {
        available: 0,
        requested: Number(message['originalPrice']) - Number(message['discountAmount']),
      })
    case 'CompletePayment':
      return refuse('ORDER_NOT_PAYABLE', { orderId, status: 'CREATED' })
    case 'RecordSale': {
      const [sale] = message['sales'] as readonly { productId: number }[]
      return refuse('PRODUCT_NOT_FOUND', { productId: sale?.productId ?? 0 })
    }
    default:
      throw new Error(`Nobody refuses a ${message.type}`)
  }
}
