import type { BalanceCommand } from '../../actors/balance/balance-messages.ts'
import type { CouponCommand } from '../../actors/coupon/coupon-messages.ts'
import type { CustomerCommand } from '../../actors/customer/customer-messages.ts'
import type { ProductCommand } from '../../actors/product/product-messages.ts'
import type { Questions } from '../../actors/questions.ts'
import type { StockCommand } from '../../actors/stock/stock-messages.ts'
import type { Clock } from '../../clock.ts'
import { chargeAmountMax } from '../../money.ts'
import { type Address, addressOf, type Message } from '../../runtime/envelope.ts'
import type { Progress } from '../progress.ts'
import { inParallel } from './in-parallel.ts'
import type { ShopProfile } from './shop-profile.ts'

/** What seeding needs of a running shop; `ask` is the one the HTTP edge has. */
export interface SeedTarget {
  ask(to: Address, message: Message, options: { correlationId: string }): Promise<Message>
  questions: Pick<Questions, 'product' | 'customerExists' | 'couponExists'>
  clock: Clock
}

/** Something of the profile is there already. Nothing was changed. */
export class AlreadySeeded extends Error {
  override name = 'AlreadySeeded'

  constructor(found: string) {
    super(`The data directory already holds ${found}; choose an empty one. Nothing was changed.`)
  }
}

type Command = BalanceCommand | CouponCommand | CustomerCommand | ProductCommand | StockCommand

const dayMs = 24 * 60 * 60 * 1_000
/** Enough that many commands share each commit, and few enough to keep the mailboxes short. */
const commandsAtOnceMax = 256

/**
 * Fills the shop with what `profile` describes, by the same messages an administrator's requests become. Resolves when
 * all of it is on disk. Rejects with `AlreadySeeded` before the first change when any id of it is taken.
 */
export async function seed(profile: ShopProfile, target: SeedTarget, progress: Progress): Promise<void> {
  refuseTakenIds(profile, target.questions)
  const { products, customers, coupons } = profile
  const bar = progress('filling the shop', products.length + customers.length + coupons.length)
  await inParallel(shelvesOf(profile, target), commandsAtOnceMax, async fill => {
    await fill()
    bar.advance()
  })
  bar.end()
}

function refuseTakenIds(
  { products, customers, coupons }: ShopProfile,
  questions: SeedTarget['questions'],
): void {
  const product = products.find(({ id }) => questions.product(id) !== undefined)
  if (product !== undefined) throw new AlreadySeeded(`product ${product.id}`)
  const customer = customers.find(({ id }) => questions.customerExists(id))
  if (customer !== undefined) throw new AlreadySeeded(`customer ${customer.id}`)
  const coupon = coupons.find(({ id }) => questions.couponExists(id))
  if (coupon !== undefined) throw new AlreadySeeded(`coupon ${coupon.id}`)
}

/** What there is to do, one piece for each product, customer and coupon. */
function* shelvesOf(profile: ShopProfile, target: SeedTarget): Generator<() => Promise<void>> {
  const tell = async (kind: string, id: number, command: Command) => {
    const to = addressOf(kind, id)
    const answer = await target.ask(to, command, { correlationId: 'seed' })
    if (answer.type.endsWith('Rejected')) {
      throw new Error(`${command.type} to ${to} was refused: ${JSON.stringify(answer)}`)
    }
  }
  for (const { id, name, basePrice, options } of profile.products) {
    yield async () => {
      await tell('product', id, {
        type: 'CreateProduct',
        productId: id,
        name,
        basePrice,
        options: options.map(({ id, optionName, extraPrice }) => ({
          productOptionId: id,
          optionName,
          extraPrice,
        })),
      })
      const stocked = options.map(({ id, stock }) =>
        stock === undefined ? undefined : tell('stock', id, { type: 'Restock', quantity: stock }),
      )
      await Promise.all(stocked)
    }
  }
  for (const { id, username, balance } of profile.customers) {
    yield async () => {
      await tell('customer', id, { type: 'CreateCustomer', customerId: id, username })
      for (let left = balance; left > 0; left -= chargeAmountMax) {
        await tell('balance', id, { type: 'ChargeBalance', amount: Math.min(left, chargeAmountMax) })
      }
    }
  }
  for (const { id, totalQuantity, ...terms } of profile.coupons) {
    yield () =>
      tell('coupon', id, {
        type: 'CreateCoupon',
        couponId: id,
        totalQuantity,
        terms: {
          name: terms.name,
          discountType: terms.discountType,
          discountAmount: terms.discountAmount,
          maxDiscount: terms.maxDiscount ?? null,
          minOrderAmount: terms.minOrderAmount ?? null,
          startedAt: terms.startedAt ?? target.clock.now() - dayMs,
          expiredAt: terms.expiredAt ?? target.clock.now() + 3_650 * dayMs,
        },
      })
  }
}
