import { expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'

test('a customer charges, orders, pays with a coupon and sees it everywhere', async () => {
  const { charge, placeOrder, issueCoupon, pay, get } = await openScenario()

  expect((await charge(1, 100_000)).body).toEqual({ customerId: 1, amount: 250_000 })

  const order = await placeOrder(1, [line(1012), line(1023)])
  expect(order).toMatchObject({
    status: 201,
    body: {
      customerId: 1,
      totalPrice: 71_000,
      status: 'CREATED',
      items: [
        { productOptionId: 1012, optionName: 'M', quantity: 1, subtotalPrice: 40_000 },
        { productOptionId: 1023, optionName: 'L', quantity: 1, subtotalPrice: 31_000 },
      ],
    },
  })
  const { orderId } = order.body

  expect((await issueCoupon(201, 1)).status).toBe(201)
  expect(await pay(orderId, 201)).toMatchObject({
    status: 201,
    body: {
      paymentId: orderId,
      orderId,
      customerId: 1,
      originalPrice: 71_000,
      discountAmount: 3_000,
      discountedPrice: 68_000,
    },
  })
  expect((await issueCoupon(202, 1)).status).toBe(201)

  expect((await get('/coupons/customer/1')).body).toMatchObject([
    { couponId: 201, status: 'USED' },
    { couponId: 202, status: 'AVAILABLE' },
  ])
  expect((await get('/balances/1')).body).toEqual({ customerId: 1, amount: 182_000 })
  expect((await get('/balances/1/balance-histories')).body).toMatchObject([
    { changeType: 'CHARGE', changeAmount: 150_000, totalAmount: 150_000 },
    { changeType: 'CHARGE', changeAmount: 100_000, totalAmount: 250_000 },
    { changeType: 'USE', changeAmount: 68_000, totalAmount: 182_000 },
  ])
  expect((await get(`/orders/${orderId}`)).body).toMatchObject({ status: 'PAID', paymentId: orderId })
  expect((await get(`/payments/${orderId}`)).body).toMatchObject({ status: 'COMPLETED', attempt: 1 })
  expect((await get('/products/popular?days=1')).body).toMatchObject([
    { productId: 101, salesCount: 1 },
    { productId: 102, salesCount: 1 },
  ])
})
