import { chargeAmountMax, walletAmountMax } from '../../money.ts'
import { refuse } from '../../refusal.ts'
import type { Incoming, LedgerLine } from '../../runtime/actor.ts'
import { idOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import type { BalanceCommand, BalanceReply } from './balance-messages.ts'

/*
 * The wallet of one customer, and the only writer of it. Its amount is never negative. Every change posts one balanced
 * ledger entry; an undo posts the exact negative of what it undoes.
 */

interface BalanceState {
  /** Null until the balance is opened. */
  readonly customerId: number | null
  readonly amount: number
}

const reply = (message: BalanceReply) => ({ message })

/** What a payment moves: out of the wallet and the discount, into revenue. `direction` is 1, or -1 to undo it. */
function paymentLines(
  customerId: number,
  { originalPrice, discountAmount }: { originalPrice: number; discountAmount: number },
  direction: 1 | -1,
  totalAfter: number,
): LedgerLine[] {
  const lines = [
    { account: `wallet/${customerId}`, amount: -direction * (originalPrice - discountAmount), totalAfter },
    { account: 'discount', amount: -direction * discountAmount },
    { account: 'revenue', amount: direction * originalPrice },
  ]
  // A line that moves nothing is no line: a payment of 0 writes no history.
  return lines.filter(line => line.amount !== 0)
}

const keyText = ({ meta }: Incoming) =>
  meta.key === undefined ? meta.caller.id : `${meta.key.scope}/${meta.key.name}`

export const balance = storeActor<BalanceState, BalanceCommand>({
  kind: 'balance',
  version: 1,
  initial: { customerId: null, amount: 0 },
  on: {
    OpenBalance(state, { customerId }) {
      return state.customerId === null ? { customerId, amount: 0 } : undefined
    },

    ChargeBalance(state, command, { emit }) {
      const { amount, meta } = command
      const refusal =
        state.customerId === null
          ? refuse('BALANCE_NOT_FOUND', { customerId: Number(idOf(meta.self)) })
          : !Number.isSafeInteger(amount) || amount < 1 || amount > chargeAmountMax
            ? refuse('BALANCE_INVALID_AMOUNT', { amount })
            : state.amount + amount > walletAmountMax
              ? refuse('BALANCE_LIMIT_EXCEEDED', { amount: state.amount, limit: walletAmountMax })
              : undefined
      if (refusal !== undefined || state.customerId === null) {
        if (refusal) emit.reply(reply({ type: 'ChargeBalanceRejected', refusal }))
        return undefined
      }
      const next = { ...state, amount: state.amount + amount }
      emit.post({
        changeType: 'CHARGE',
        key: keyText(command),
        lines: [
          { account: `wallet/${state.customerId}`, amount, totalAfter: next.amount },
          { account: 'cash-in', amount: -amount },
        ],
      })
      emit.reply(reply({ type: 'BalanceCharged', customerId: state.customerId, amount: next.amount }))
      return next
    },

    DeductBalance(state, command, { emit }) {
      const payable = command.originalPrice - command.discountAmount
      if (state.customerId === null) {
        const refusal = refuse('BALANCE_NOT_FOUND', { customerId: Number(idOf(command.meta.self)) })
        emit.reply(reply({ type: 'DeductBalanceRejected', refusal }))
        return undefined
      }
      if (payable > state.amount) {
        const refusal = refuse('BALANCE_INSUFFICIENT', { available: state.amount, requested: payable })
        emit.reply(reply({ type: 'DeductBalanceRejected', refusal }))
        return undefined
      }
      const next = { ...state, amount: state.amount - payable }
      emit.post({
        changeType: 'USE',
        key: keyText(command),
        lines: paymentLines(state.customerId, command, 1, next.amount),
      })
      emit.reply(reply({ type: 'BalanceDeducted', amount: next.amount }))
      return next
    },

    RefundBalance(state, command, { emit }) {
      if (state.customerId === null || command.meta.undone?.type !== 'BalanceDeducted') {
        emit.reply(reply({ type: 'BalanceRefunded', amount: state.amount }))
        return undefined
      }
      const next = { ...state, amount: state.amount + command.originalPrice - command.discountAmount }
      emit.post({
        changeType: 'ROLLBACK',
        key: keyText(command),
        lines: paymentLines(state.customerId, command, -1, next.amount),
      })
      emit.reply(reply({ type: 'BalanceRefunded', amount: next.amount }))
      return next
    },

    RefundReturn(state, command, { emit }) {
      const { grossAmount, refundAmount } = command
      const customerId = state.customerId ?? Number(idOf(command.meta.self))
      const next = { customerId, amount: state.amount + refundAmount }
      const returned = { originalPrice: grossAmount, discountAmount: grossAmount - refundAmount }
      emit.post({
        changeType: 'REFUND',
        key: keyText(command),
        lines: paymentLines(customerId, returned, -1, next.amount),
      })
      emit.reply(reply({ type: 'ReturnRefunded', amount: next.amount }))
      return next
    },
  },
})
