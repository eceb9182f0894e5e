import { dropping, type SmallShop, type SmallShopOptions } from './small-shop.ts'

const dayMs = 86_400_000

type Story = { tell(shop: SmallShop): void } & Pick<SmallShopOptions, 'intercept'>

/** A part and then the rest is returned, and one answer to each step of the first and of the last gets lost. */
const returnsWithout = (reply: string): Readonly<Record<string, Story>> => ({
  [`a return in two parts that misses a ${reply}`]: {
    intercept: dropping(reply, 2),
    tell(shop) {
      shop.pay(1001, 71)
      shop.giveBack(1001, 9_001, 1, 1)
      for (let resend = 0; resend <= 2; resend += 1) shop.wait(2_000 * 2 ** resend)
      shop.giveBack(1001, 9_002)
      for (let resend = 0; resend <= 2; resend += 1) shop.wait(2_000 * 2 ** resend)
    },
  },
})

/** What can become of order 1001, of 2 and 3 units by customer 11, in a furnished shop. */
export const stories: Readonly<Record<string, Story>> = {
  'a payment with a coupon': { tell: shop => shop.pay(1001, 71) },
  'a payment that the wallet cannot pay, and the next attempt without the coupon': {
    tell(shop) {
      shop.order(1002, 12, 10, 2)
      shop.pay(1002, 71)
      shop.pay(1002)
    },
  },
  'a payment of more than there is': {
    tell(shop) {
      shop.order(1002, 12, 1, 21)
      shop.pay(1002)
    },
  },
  'an order that is cancelled': {
    tell(shop) {
      shop.cancel(1001)
      shop.pay(1001)
    },
  },
  'stock that comes in, is opened, and is written off': {
    tell(shop) {
      shop.pay(1001)
      shop.tell('stock/63', { type: 'OpenStock' }, 'shop')
      shop.tell('stock/63', { type: 'Restock', quantity: 5 }, 'shop')
      for (const quantity of [1, 18, 17]) shop.tell('stock/61', { type: 'WriteOffStock', quantity }, 'shop')
    },
  },
  'a campaign that is ended, and coupons whose period is over': {
    tell(shop) {
      shop.tell('coupon/71', { type: 'EndCoupon' }, 'shop')
      shop.tell('coupon/71', { type: 'IssueCoupon', customerId: 13 }, 'shop')
      shop.pay(1001, 71)
      shop.wait(8 * dayMs)
    },
  },
  'products and options that are renamed and repriced': {
    tell(shop) {
      shop.tell('product/51', { type: 'ChangeProduct', name: 'Mug', basePrice: 900 }, 'shop')
      shop.tell(
        'product/51',
        { type: 'AddOption', productOptionId: 63, optionName: 'blue', extraPrice: 5 },
        'shop',
      )
      shop.tell('product/51', { type: 'ChangeOption', productOptionId: 61, extraPrice: 7 }, 'shop')
      shop.pay(1001)
    },
  },
  'an order that expires': { tell: shop => shop.wait(dayMs) },
  'a payment that is returned as a whole': {
    tell(shop) {
      shop.pay(1001, 71)
      shop.giveBack(1001, 9_001)
      shop.giveBack(1001, 9_002)
      shop.pay(1001)
    },
  },
  'a payment that is returned in parts, too much once': {
    tell(shop) {
      shop.pay(1001, 71)
      shop.giveBack(1001, 9_001, 1, 0)
      shop.giveBack(1001, 9_002, 2, 0)
      shop.giveBack(1001, 9_003, 1, 2)
      shop.giveBack(1001, 9_004)
    },
  },
  'a coupon that is given back and used again': {
    tell(shop) {
      shop.order(1002, 11, 1, 0)
      shop.pay(1001, 71)
      shop.giveBack(1001, 9_001)
      shop.pay(1002, 71)
    },
  },
  ...returnsWithout('ReturnRefunded'),
  ...returnsWithout('CouponGivenBack'),
  ...returnsWithout('StockReturned'),
  ...returnsWithout('SaleReversed'),
  ...returnsWithout('ReturnRecorded'),
  'a payment whose sale is owed, and which is returned before it is counted': {
    intercept: dropping('RecordSale', 6),
    tell(shop) {
      shop.pay(1001, 71)
      for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
      shop.giveBack(1001, 9_001, 1, 1)
      shop.giveBack(1001, 9_002)
    },
  },
  'an order paid twice': {
    tell(shop) {
      shop.pay(1001)
      shop.pay(1001)
    },
  },
  'two orders with one coupon': {
    tell(shop) {
      shop.order(1002, 11, 1, 0)
      shop.pay(1001, 71)
      shop.pay(1002, 71)
    },
  },
  'a payment of an order that does not exist': { tell: shop => shop.pay(1999) },
  'a payment whose balance is silent once': {
    intercept: dropping('BalanceDeducted', 1),
    tell(shop) {
      shop.pay(1001, 71)
      shop.wait(2_000)
    },
  },
  'a payment that is cancelled on its way': {
    intercept: dropping('BalanceDeducted', 1),
    tell(shop) {
      shop.pay(1001, 71)
      shop.cancel(1001)
      shop.wait(2_000)
    },
  },
  'a payment whose order never says that it is paid': {
    intercept: dropping('OrderPaid'),
    tell(shop) {
      shop.pay(1001, 71)
      for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
    },
  },
  'a payment whose sale is refused': {
    intercept: ({ message }) =>
      message.type === 'RecordSale' ? { answer: { type: 'RecordSaleRejected', refusal: {} } } : 'deliver',
    tell: shop => shop.pay(1001, 71),
  },
  'a payment whose sale is counted and never answered': {
    intercept: dropping('SaleRecorded'),
    tell(shop) {
      shop.pay(1001, 71)
      for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
    },
  },
  'a payment whose sale is owed': {
    intercept: dropping('RecordSale'),
    tell(shop) {
      shop.pay(1001, 71)
      for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
    },
  },
}
