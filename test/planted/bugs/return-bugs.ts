import type { PlantedBug } from '../planted-bug.ts'

const paymentMachine = 'src/machines/payment-machine.ts'
const paymentReturn = 'src/machines/payment-return.ts'
const stock = 'src/actors/stock/stock.ts'

const refundAmount = 'refundAmount: refundable - refundedAmount,'
const returned = "const returned = ['answerReturned', 'announceReturned', 'forgetReturn'] as const"

/** Returns: what is given back, when, and how often. */
export const returnBugs: readonly PlantedBug[] = [
  {
    name: 'return-rounded-by-itself',
    sentence: 'Each return is rounded by itself, and the parts do not add up to what was paid.',
    file: paymentReturn,
    find: refundAmount,
    replace:
      'refundAmount: original === 0 ? 0 : proportionOf(original - (discountAmount ?? 0), priceOf(units), original),',
  },
  {
    name: 'return-of-the-gross',
    sentence: 'A return gives back what the items cost before the discount.',
    file: paymentReturn,
    find: refundAmount,
    replace: 'refundAmount: priceOf(units),',
  },
  {
    name: 'one-unit-too-many-returned',
    sentence: 'One unit more can be returned than was bought.',
    file: paymentReturn,
    find: 'if (requested > available)',
    replace: 'if (requested > available + 1)',
  },
  {
    name: 'last-by-one-option',
    sentence: 'A return is called the last as soon as nothing is left of one option.',
    file: paymentReturn,
    find: 'isLast: returned.every(',
    replace: 'isLast: returned.some(',
  },
  {
    name: 'never-the-last',
    sentence: 'An order of which nothing is left stays partially returned.',
    file: paymentReturn,
    find: 'isLast: returned.every((quantity, place) => quantity === items[place]?.quantity),',
    replace: 'isLast: false && returned.length > 0,',
  },
  {
    name: 'coupon-not-given-back',
    sentence: 'The coupon of an order that was returned as a whole stays used.',
    file: paymentMachine,
    find: "entry: 'giveCouponBack',\n          always: {\n            guard: 'couponStays',",
    replace: 'always: {',
  },
  {
    name: 'coupon-awaited-with-a-part',
    sentence: 'The return of a part waits for a coupon that it never asked for.',
    file: paymentMachine,
    find: 'couponStays: ({ context }) => context.couponId === null || !returningOf(context).isLast,',
    replace: 'couponStays: ({ context }) => context.couponId === null,',
  },
  {
    name: 'coupon-said-to-be-back',
    sentence: 'A coupon says that it was given back, and stays used.',
    file: 'src/actors/coupon/owned-coupon.ts',
    find: "emit.reply(reply({ type: 'CouponGivenBack' }))\n      return released(state, orderId, meta.at)",
    replace: "emit.reply(reply({ type: 'CouponGivenBack' }))",
  },
  {
    name: 'restocked-twice',
    sentence: 'Returned units are put back twice.',
    file: paymentMachine,
    find: "type: 'ReturnStock',\n                quantity: item.quantity,",
    replace: "type: 'ReturnStock',\n                quantity: 2 * item.quantity,",
  },
  {
    name: 'not-restocked',
    sentence: 'The stock says that returned units are back, and does not put them back.',
    file: stock,
    find: `emit.append(movement(productOptionId, 'RETURN', command.quantity, command))
      emit.reply(reply({ type: 'StockReturned', productOptionId }))
      return { productOptionId, quantity: state.quantity + command.quantity }`,
    replace: `emit.reply(reply({ type: 'StockReturned', productOptionId }))
      return command.quantity > 0 ? undefined : state`,
  },
  {
    name: 'restocking-passed-over',
    sentence: 'A return does not ask the stock to take anything back.',
    file: paymentMachine,
    find: 'unstocked: plan.items.map(({ productOptionId }) => productOptionId),',
    replace: 'unstocked: [],',
  },
  {
    name: 'return-still-counted-as-sold',
    sentence: 'Returned units are not taken off the statistics.',
    file: 'src/actors/statistics/statistics.ts',
    find: 'for (const row of salesRows(command, -1)) emit.append(row)',
    replace: '',
  },
  {
    name: 'refund-of-a-return-not-in-the-ledger',
    sentence: 'The refund of a return changes the wallet and not the ledger.',
    file: 'src/actors/balance/balance.ts',
    find: 'lines: paymentLines(customerId, returned, -1, next.amount),',
    replace: 'lines: [],',
  },
  {
    name: 'returns-share-their-keys',
    sentence: 'A second return of an order has the keys of the first.',
    file: paymentMachine,
    find: 'returningOf(context).returnId}`',
    replace: 'context.attempt}`',
  },
  {
    name: 'second-return-meanwhile',
    sentence: 'A return takes the place of one that is under way.',
    file: paymentMachine,
    find: "ReturnItems: { actions: 'refuseSecondReturn', description: 'One return at a time.' },",
    replace: "ReturnItems: { guard: 'returnable', target: 'returning', actions: 'noteReturn' },",
  },
  {
    name: 'return-of-what-failed',
    sentence: 'What could not be paid can be returned.',
    file: paymentMachine,
    find: "PayOrder: { target: 'paying', actions: 'beginAttempt', description: 'The next attempt.' },",
    replace: `PayOrder: { target: 'paying', actions: 'beginAttempt', description: 'The next attempt.' },
        ReturnItems: { guard: 'returnable', target: 'returning', actions: 'noteReturn' },`,
  },
  {
    name: 'return-not-in-the-stream',
    sentence: 'The return of a part leaves no event in the stream of its order.',
    file: 'src/machines/order-machine.ts',
    find: "actions: [...record('ItemsReturned', 'PARTIALLY_RETURNED'), 'answerReturned' as const],",
    replace: "actions: ['answerReturned' as const],",
  },
  {
    name: 'return-not-announced',
    sentence: 'A return is not announced to the outside.',
    file: paymentMachine,
    find: returned,
    replace: "const returned = ['answerReturned', 'forgetReturn'] as const",
  },
  {
    name: 'return-announced-twice',
    sentence: 'A return is announced twice.',
    file: paymentMachine,
    find: returned,
    replace:
      "const returned = ['answerReturned', 'announceReturned', 'announceReturned', 'forgetReturn'] as const",
  },
  {
    name: 'returner-not-answered',
    sentence: 'Whoever returned something is never told that it is done.',
    file: paymentMachine,
    find: returned,
    replace: "const returned = ['announceReturned', 'forgetReturn'] as const",
  },
]
