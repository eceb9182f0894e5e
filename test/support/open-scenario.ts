import { onTestFinished } from 'vitest'
import { silentProgress } from '../../src/cli/progress.ts'
import { demoProfile } from '../../src/cli/seed/demo-profile.ts'
import { seed } from '../../src/cli/seed/seed.ts'
import type { ShopProfile } from '../../src/cli/seed/shop-profile.ts'
import { clientOf } from './client.ts'
import { expectSound } from './expect-sound.ts'
import { MessageTap } from './message-tap.ts'
import { openTestShop } from './open-test-shop.ts'

type Options = Parameters<typeof openTestShop>[0] & {
  /** What the shop was filled with; the demo shop unless given. */
  profile?: ShopProfile
  /** What the scenario expects to be reported. */
  reported?: readonly unknown[]
}

/** The first two products, customer and coupon of the demo shop: enough for one payment, and quickly there. */
export const smallProfile: ShopProfile = {
  products: demoProfile.products.slice(0, 2),
  customers: demoProfile.customers.slice(0, 1),
  coupons: demoProfile.coupons.slice(0, 1),
}

const turn = () => new Promise(setImmediate)

/**
 * A test shop with a client, on a directory that may hold one already. When it is closed, at the end of the test at the
 * latest, everything in it has to be sound.
 */
export function reopenScenario({ profile = demoProfile, reported, ...options }: Options = {}) {
  const messages = new MessageTap()
  const shop = openTestShop({ intercept: messages.intercept, ...options })
  let open = true

  /** Lets `ms` milliseconds pass, one after the other, and everything happen that happens meanwhile. */
  async function pass(ms: number, stepMs = 500): Promise<void> {
    for (let passed = 0; passed <= ms; passed += stepMs) {
      shop.clock.advance(passed > 0 ? stepMs : 0)
      for (let turns = 0; turns < 4; turns += 1) await turn()
    }
  }

  /** Lets everything happen that needs no time until `condition` holds. */
  async function until(condition: () => boolean): Promise<void> {
    for (let turns = 0; !condition(); turns += 1) {
      if (turns === 1_000) throw new Error(`It never came about that ${condition}`)
      await turn()
    }
  }

  /** Finishes what is in the mailboxes and lets go of the directory. */
  async function close(): Promise<void> {
    if (!open) return
    open = false
    shop.runtime.runUntilIdle()
    try {
      expectSound(shop, reported)
    } finally {
      await shop.close()
    }
  }
  onTestFinished(close)

  return {
    ...shop,
    ...clientOf((path, init) => shop.app.request(path, init)),
    messages,
    pass,
    until,
    close,

    /** All that is worth money: what every customer and every option has, and what was sold. */
    books: () => ({
      balances: profile.customers.map(({ id }) => shop.questions.balanceAmount(id)),
      coupons: profile.customers.map(({ id }) => shop.questions.ownedCoupons(id)),
      stocks: profile.products.map(({ id }) => shop.questions.product(id)?.options),
      sales: shop.database
        .prepare('SELECT product_id, day, sum(quantity) FROM sales GROUP BY 1, 2 HAVING sum(quantity) <> 0')
        .all(),
    }),
    /** Names of the timers that payments have left. */
    paymentTimers: () =>
      shop.database.prepare("SELECT actor, name FROM timers WHERE actor LIKE 'payment/%'").all(),
  }
}

/** A test shop filled with a profile, with a client. */
export async function openScenario(options: Options = {}) {
  const scenario = reopenScenario(options)
  await seed(options.profile ?? demoProfile, scenario, silentProgress)
  scenario.messages.sent.length = 0
  return scenario
}

export type Scenario = ReturnType<typeof reopenScenario>
