import type { PlantedBug } from '../planted-bug.ts'

const balance = 'src/actors/balance/balance.ts'
const coupon = 'src/actors/coupon/coupon.ts'
const ownedCoupon = 'src/actors/coupon/owned-coupon.ts'
const stock = 'src/actors/stock/stock.ts'

/** Amounts: wallets, stock, coupons, sales. */
export const actorBugs: readonly PlantedBug[] = [
  {
    name: 'one-unit-too-many',
    sentence: 'One unit more is sold than is there.',
    file: stock,
    find: 'command.quantity > state.quantity',
    replace: 'command.quantity > state.quantity + 1',
  },
  {
    name: 'last-unit-refused',
    sentence: 'The last unit of an option cannot be sold.',
    file: stock,
    find: 'command.quantity > state.quantity',
    replace: 'command.quantity >= state.quantity',
  },
  {
    name: 'stock-restored-unseen',
    sentence: 'Stock is put back without looking whether it was taken.',
    file: stock,
    find: "if (command.meta.undone?.type !== 'StockDecreased') return undefined",
    replace: '',
  },
  {
    name: 'one-won-too-many',
    sentence: 'A wallet pays one won more than it holds.',
    file: balance,
    find: 'payable > state.amount',
    replace: 'payable > state.amount + 1',
  },
  {
    name: 'money-refunded-unseen',
    sentence: 'Money is given back without looking whether it was taken.',
    file: balance,
    find: "state.customerId === null || command.meta.undone?.type !== 'BalanceDeducted'",
    replace: 'state.customerId === null',
  },
  {
    name: 'refund-of-the-gross',
    sentence: 'A refund gives back the price without the discount.',
    file: balance,
    find: 'state.amount + command.originalPrice - command.discountAmount',
    replace: 'state.amount + command.originalPrice',
  },
  {
    name: 'refund-not-in-the-ledger',
    sentence: 'A refund changes the wallet and not the ledger.',
    file: balance,
    find: 'lines: paymentLines(state.customerId, command, -1, next.amount),',
    replace: 'lines: [],',
  },
  {
    name: 'revenue-without-discount',
    sentence: 'The discount of a payment is left out of the ledger, and revenue is what was paid.',
    file: balance,
    find: `{ account: 'discount', amount: -direction * discountAmount },
    { account: 'revenue', amount: direction * originalPrice },`,
    replace: "{ account: 'revenue', amount: direction * (originalPrice - discountAmount) },",
  },
  {
    name: 'one-coupon-too-many',
    sentence: 'A campaign issues one coupon more than it has.',
    file: coupon,
    find: 'issuedQuantity >= totalQuantity',
    replace: 'issuedQuantity > totalQuantity',
  },
  {
    name: 'second-coupon-for-one-customer',
    sentence: 'A campaign does not see that a customer has its coupon already.',
    file: coupon,
    find: ': meta.rowExists',
    replace: ': meta.rowExists === undefined',
  },
  {
    name: 'coupon-used-twice',
    sentence: 'A coupon that one order uses can be used by another.',
    file: ownedCoupon,
    find: "state.status === 'USED'",
    replace: "state.status === 'USED' && state.orderId === orderId",
  },
  {
    name: 'coupon-granted-again',
    sentence: 'A coupon that is granted a second time can be used a second time.',
    file: ownedCoupon,
    find: 'if (state.couponId !== null) return undefined',
    replace: '',
  },
  {
    name: 'units-of-one-option-counted',
    sentence: 'Of several options of a product only the last is counted as sold.',
    file: 'src/actors/statistics/statistics.ts',
    find: '(units.get(productId) ?? 0) + quantity',
    replace: 'quantity',
  },
]
