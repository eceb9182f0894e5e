import type { PlantedBug } from '../planted-bug.ts'

const paymentMachine = 'src/machines/payment-machine.ts'

/** Removes an undo from the compensation: its state is passed over as if there were nothing to undo. */
function forgottenUndo(name: string, sentence: string, action: string, guard: string): PlantedBug {
  return {
    name,
    sentence,
    file: paymentMachine,
    find: `entry: '${action}',\n          always: {\n            guard: '${guard}',`,
    replace: 'always: {',
  }
}

/** The payment's statechart: undoing, resending, and whose answer counts. */
export const paymentBugs: readonly PlantedBug[] = [
  forgottenUndo('void-forgotten', 'A recorded payment is not taken back.', 'voidPayment', 'nothingToVoid'),
  {
    name: 'refund-forgotten',
    sentence: 'Money that was taken is not given back.',
    file: paymentMachine,
    find: "entry: 'refundBalance',\n          always: { guard: 'nothingToRefund', target:",
    replace: 'always: { target:',
  },
  forgottenUndo(
    'coupon-restore-forgotten',
    'A used coupon is not given back.',
    'restoreCoupon',
    'noCouponToRestore',
  ),
  forgottenUndo(
    'stock-restore-forgotten',
    'Stock that was set aside is not put back.',
    'restoreStock',
    'noStockToRestore',
  ),
  forgottenUndo('release-forgotten', 'A claimed order is not let go.', 'releaseOrder', 'nothingToRelease'),
  {
    name: 'unanswered-step-not-undone',
    sentence: 'Only what was answered is undone, not what may have been done.',
    file: paymentMachine,
    find: "progress === 'sent' || progress === 'done'",
    replace: "progress === 'done'",
  },
  {
    name: 'refund-not-awaited',
    sentence: 'A refund is sent once, and nobody waits for its answer.',
    file: paymentMachine,
    find: 'nothingToRefund: ({ context }) => !mayHaveHappened(context.balance),',
    replace: 'nothingToRefund: () => true,',
  },
  {
    name: 'silent-stock-not-awaited',
    sentence: 'An undo waits only for the stock that had answered the command.',
    file: paymentMachine,
    find: 'context.stock.filter(mayHaveHappened).length',
    replace: "context.stock.filter(progress => progress === 'done').length",
  },
  {
    name: 'undo-under-a-new-key',
    sentence: 'An undo that is sent again has another key, and is done again.',
    file: paymentMachine,
    find: '...command(context, to, step, message), undoes',
    replace: "...command(context, to, step + '/' + context.resends, message), undoes",
  },
  {
    name: 'resend-under-a-new-key',
    sentence: 'A command that is sent again has another key, and is carried out again.',
    file: paymentMachine,
    find: 'key: keyOf(context, step), resent:',
    replace: "key: keyOf(context, context.resends > 0 ? step + '/' + context.resends : step), resent:",
  },
  {
    name: 'resends-not-counted',
    sentence: 'A step is asked again without counting, so that it is never given up.',
    file: paymentMachine,
    find: 'countResend: assign({ resends: ({ context }) => context.resends + 1 }),',
    replace: 'countResend: assign({ resends: ({ context }) => context.resends || 1 }),',
  },
  {
    name: 'earlier-attempt-believed',
    sentence: 'A late answer to an earlier attempt counts for the one that runs.',
    file: 'src/actors/payment/payment.ts',
    find: 'if (ofEarlierAttempt(before, incoming)) return { state, effects: [] }',
    replace: '',
  },
  {
    name: 'stock-answer-counted-twice',
    sentence: 'The answer of an option counts each time it comes.',
    file: paymentMachine,
    find: "stockAwaited: ({ context, event }) => senderProgress(context, event) === 'sent',",
    replace: 'stockAwaited: ({ context, event }) => senderProgress(context, event) !== undefined,',
  },
  {
    name: 'stock-answer-of-anyone',
    sentence: 'The answer of an option counts for the first option that is waited for.',
    file: paymentMachine,
    find: `{ items }: PaymentContext, { meta }: PaymentEvent): number {
  return items.findIndex(item => stockAddress(item) === meta.caller.from)`,
    replace: `{ stock }: PaymentContext, _event: PaymentEvent): number {
  return stock.findIndex(mayHaveHappened)`,
  },
  {
    name: 'silence-taken-for-yes',
    sentence: 'A wallet that stays silent is taken to have paid.',
    file: paymentMachine,
    find: "after: { silence: silence('deductingBalance') },",
    replace: `after: {
            silence: [
              silence('deductingBalance')[0],
              { target: 'recordingPayment', actions: 'noteBalanceDeducted' },
            ],
          },`,
  },
  {
    name: 'sale-not-owed',
    sentence: 'A sale that nobody answered for is not owed any more.',
    file: paymentMachine,
    find: "actions: ['oweSale', ...completing],",
    replace: 'actions: [...completing],',
  },
  {
    name: 'discount-not-deducted',
    sentence: 'A discounted order is paid in full.',
    file: paymentMachine,
    find: "type: 'DeductBalance',\n        ...payable(context),",
    replace: "type: 'DeductBalance',\n        ...payable(context),\n        discountAmount: 0,",
  },
  {
    name: 'cancellation-passed-over',
    sentence: 'A cancellation is accepted, and the payment goes on.',
    file: paymentMachine,
    find: "cancelled: ({ context }) => context.failure?.code === 'PAYMENT_CANCELLED',",
    replace: 'cancelled: () => false,',
  },
  {
    name: 'refused-before-undone',
    sentence: 'The payer is told of the failure before anything is undone.',
    file: paymentMachine,
    find: "initial: 'voidingPayment',",
    replace: "entry: 'answerFailed',\n      initial: 'voidingPayment',",
  },
  {
    name: 'attempt-begins-with-old-knowledge',
    sentence: 'The next attempt begins with what the one before knew.',
    file: paymentMachine,
    find: "assertEvent(event, 'PayOrder')\n      return {\n        ...blank,",
    replace: "assertEvent(event, 'PayOrder')\n      return {\n        ...context,",
  },
]
