import type { PlantedBug } from '../planted-bug.ts'

const orderMachine = 'src/machines/order-machine.ts'

/** The order's statechart: its ends, its expiry, its cancellation. */
export const orderBugs: readonly PlantedBug[] = [
  {
    name: 'cancelled-order-released',
    sentence: 'An order that was cancelled while it was being paid can be paid again.',
    file: orderMachine,
    find: "=== 'OrderPaymentBegun' && context.cancellers.length > 0,",
    replace: "=== 'OrderPaymentBegun' && context.cancellers.length > 1,",
  },
  {
    name: 'canceller-not-answered',
    sentence: 'Who cancelled an order while it was being paid is never told that it is cancelled.',
    file: orderMachine,
    find: "'answerCancellers',",
    replace: '',
  },
  {
    name: 'expired-order-payable',
    sentence: 'An order that has expired can still be paid.',
    file: orderMachine,
    find: "on: refusals('EXPIRED') },",
    replace: `on: {
        ...refusals('EXPIRED'),
        BeginPayment: {
          target: 'PAYING',
          actions: ['noteAttempt', ...record('PaymentBegun', 'PAYING'), 'answerBegun'],
        },
      },
    },`,
  },
  {
    name: 'expiry-starts-anew',
    sentence: 'The time to pay an order starts again whenever a payment of it fails.',
    file: orderMachine,
    find: 'Math.max(0, context.expiresAt - atOf(context, event))',
    replace: 'Math.max(0, context.expiresAt - context.createdAt)',
  },
  {
    name: 'lines-of-one-option-not-summed',
    sentence: 'Of two lines with the same option only the first is taken out of stock.',
    file: orderMachine,
    find: 'else item.quantity += quantity',
    replace: '',
  },
  {
    name: 'voided-payment-kept',
    sentence: 'An order whose payment was taken back keeps the record of it.',
    file: orderMachine,
    find: "actions: ['dropPayment', ...record('PaymentVoided', 'PAYING'), 'answerVoided'],",
    replace: "actions: [...record('PaymentVoided', 'PAYING'), 'answerVoided'],",
  },
]
