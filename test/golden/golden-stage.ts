import { silentProgress } from '../../src/cli/progress.ts'
import { seed } from '../../src/cli/seed/seed.ts'
import type { ShopProfile } from '../../src/cli/seed/shop-profile.ts'
import { type Client, clientOf } from '../support/client.ts'
import { MessageTap } from '../support/message-tap.ts'
import { openTestShop, type TestShop } from '../support/open-test-shop.ts'

/** A shop with as little in it as the scenes need, so that what is kept of it stays small. */
export const goldenProfile: ShopProfile = {
  products: [
    {
      id: 101,
      name: 'Linen shirt',
      basePrice: 39_000,
      options: [
        { id: 1011, optionName: 'S', extraPrice: 0, stock: 10 },
        { id: 1012, optionName: 'M', extraPrice: 1_000, stock: 10 },
      ],
    },
  ],
  customers: [{ id: 1, username: 'minji', balance: 300_000 }],
  coupons: [
    {
      id: 201,
      name: '3,000 off',
      discountType: 'FIXED',
      discountAmount: 3_000,
      totalQuantity: 1_000,
      startedAt: Date.UTC(2026, 0, 1),
      expiredAt: Date.UTC(2036, 0, 1),
    },
    {
      id: 202,
      name: '10 percent off, once, for half a minute',
      discountType: 'RATE',
      discountAmount: 10,
      maxDiscount: 5_000,
      minOrderAmount: 10_000,
      totalQuantity: 1,
      startedAt: Date.UTC(2026, 0, 1),
      expiredAt: Date.UTC(2026, 0, 5, 3, 0, 30),
    },
  ],
}

export interface Stage extends Client {
  readonly shop: TestShop
  readonly messages: MessageTap
  /** Lets so many milliseconds pass, and everything happen that happens meanwhile. */
  pass(ms: number): Promise<void>
  /** Resolves when a message of this type is on its way on disk. */
  untilSent(type: string): Promise<void>
}

const turn = () => new Promise(setImmediate)

/**
 * Opens the shop of the golden scenes in memory, and closes it when `play` is done with it. A tick takes so many steps at
 * most: with few of them, a commit leaves messages on their way.
 */
export async function onStage<Result>(
  play: (stage: Stage) => Promise<Result>,
  tickStepsMax = 20_000,
): Promise<Result> {
  const messages = new MessageTap()
  const environment = { RECOUP_PAYMENT_WAIT_MS: '200000' }
  const shop = openTestShop({ intercept: messages.intercept, environment, limits: { tickStepsMax } })
  try {
    await seed(goldenProfile, shop, silentProgress)
    return await play({
      ...clientOf((path, init) => shop.app.request(path, init)),
      shop,
      messages,
      async pass(ms) {
        shop.clock.advance(ms)
        for (let turns = 0; turns < 8; turns += 1) await turn()
      },
      async untilSent(type) {
        const onTheirWay = shop.database.prepare(
          "SELECT 1 FROM mailbox WHERE envelope ->> '$.message.type' = ?",
        )
        for (let turns = 0; onTheirWay.get(type) === undefined; turns += 1) {
          if (turns === 1_000) throw new Error(`No ${type} was ever on its way`)
          await turn()
        }
      },
    })
  } finally {
    await shop.close()
  }
}
