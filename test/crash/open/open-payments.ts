import type { OrderCommand } from '../../../src/actors/order/order-messages.ts'
import type { PaymentCommand } from '../../../src/actors/payment/payment-messages.ts'
import { silentProgress } from '../../../src/cli/progress.ts'
import { inParallel } from '../../../src/cli/seed/in-parallel.ts'
import { loadTestProfile } from '../../../src/cli/seed/load-test-profile.ts'
import { seed } from '../../../src/cli/seed/seed.ts'
import type { Clock } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config.ts'
import { openShop } from '../../../src/main.ts'
import { addressOf } from '../../../src/runtime/envelope.ts'
import { type Interceptor, interceptedTransport } from '../../../src/runtime/transport.ts'

/*
 * A directory full of payments that wait: some to go on, some to be undone. Their time stood still an hour ago, so every
 * one of their deadlines is over when a server opens the directory.
 */

const hourMs = 3_600_000
const ordersAtOnce = 256
const { products, customers } = loadTestProfile

/** The balance and the record of two payments in four go unheard; one is refused its balance and cannot be undone. */
const intercept: Interceptor = ({ message, key }) => {
  const kind = Number(key?.scope.split('/')[0]) % 4
  switch (message.type) {
    case 'DeductBalance':
      if (kind < 2) return 'drop'
      return kind === 2
        ? {
            answer: {
              type: 'DeductBalanceRejected',
              refusal: { code: 'BALANCE_INSUFFICIENT', facts: { available: 0, requested: 1 } },
            },
          }
        : 'deliver'
    case 'RestoreStock':
    case 'CompletePayment':
      return 'drop'
    default:
      return 'deliver'
  }
}

/** Makes so many in `directory`, which holds nothing yet. Resolves once they are on disk and nobody owns it. */
export async function makeOpenPayments(
  directory: string,
  payments: number,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now() - hourMs
  const clock: Clock = { now: () => startedAt, wait: () => () => {} }
  const shop = openShop({
    config: readConfig({ RECOUP_AUTH: 'gateway', RECOUP_DATA: directory }),
    clock,
    transport: interceptedTransport(intercept, clock),
    writeInPlace: true,
  })
  await seed(loadTestProfile, shop, silentProgress)
  const numbers = Array.from({ length: payments }, (_, at) => at)
  let made = 0
  await inParallel(numbers, ordersAtOnce, async number => {
    // One after the other, so that each of the four kinds has a quarter of them.
    const orderId = startedAt * 4_096 + number
    const correlationId = addressOf('order', orderId)
    await shop.ask(correlationId, orderOf(orderId, number), { correlationId })
    await kept(shop, orderId)
    made += 1
    if (made % 10_000 === 0) say(`${made} of ${payments} payments made`)
  })
  await shop.close()
}

type Shop = ReturnType<typeof openShop>

/** Begins a payment, and does not wait for what will not come. */
function kept(shop: Shop, orderId: number): Promise<void> {
  const command: PaymentCommand = { type: 'PayOrder', orderId, couponId: null }
  const abandon = new AbortController()
  return new Promise((resolve, reject) => {
    shop
      .ask(addressOf('payment', orderId), command, {
        correlationId: addressOf('order', orderId),
        signal: abandon.signal,
        onKept: () => {
          resolve()
          abandon.abort()
        },
      })
      .then(answer => reject(new Error(`Payment ${orderId} is not open: ${answer.type}`)), reject)
  })
}

function orderOf(orderId: number, number: number): OrderCommand {
  const product = products[number % products.length]
  const option = product?.options[Math.floor(number / products.length) % product.options.length]
  const customer = customers[number % customers.length]
  if (product === undefined || option === undefined || customer === undefined)
    throw new Error('An empty shop')
  return {
    type: 'CreateOrder',
    orderId,
    customerId: customer.id,
    items: [
      {
        productId: product.id,
        productOptionId: option.id,
        productName: product.name,
        optionName: option.optionName,
        quantity: 1,
        subtotalPrice: product.basePrice + option.extraPrice,
      },
    ],
    // Long after this test: an order that expires is not what is looked at.
    expireAfterMs: 24 * hourMs,
  }
}
