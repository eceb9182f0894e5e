import { expect } from 'vitest'
import { line } from '../support/client.ts'
import { openSessionShop, type Person } from '../support/session-shop.ts'
import type { Things } from './access-rows.ts'

const nobodys = 999_999

/** What nobody has. */
const missing: Things = {
  customerId: nobodys,
  order: async () => nobodys,
  paidOrder: async () => nobodys,
  credit: async () => nobodys,
  product: async () => nobodys,
  productOption: async () => nobodys,
  coupon: async () => nobodys,
  deadLetter: async () => nobodys,
  newName: () => 'nobody',
}

/** A shop in which everybody of the matrix has an account, and money. */
export async function openPeopledShop(environment: Readonly<Record<string, string>> = {}) {
  const reported: unknown[] = []
  const shop = await openSessionShop({ reported, environment: { RECOUP_DEMO: '1', ...environment } })
  const people = {
    customer: await shop.person('ada'),
    'another customer': await shop.person('bo'),
    operator: await shop.person('olga', 'operator'),
    administrator: await shop.person('adam', 'administrator'),
  }
  /** Proposes what another of the staff may approve. */
  const proposer = await shop.person('pia', 'operator')
  for (const person of Object.values(people)) await person.charge(person.customerId, 10_000_000)
  let names = 0

  const made = ({ status, body }: { status: number; body: object }, name: string): number => {
    if (status >= 300) throw new Error(`It could not be made: ${JSON.stringify(body)}`)
    return (body as Record<string, number>)[name] ?? 0
  }

  function thingsOf(person: Person): Things {
    const { customerId } = person
    const order = async () => made(await person.placeOrder(customerId, [line(1011)]), 'orderId')
    return {
      customerId,
      order,
      async paidOrder() {
        const orderId = await order()
        made(await person.pay(orderId), 'orderId')
        return orderId
      },
      async credit() {
        const path = `/operator/customers/${customerId}/credit`
        const body = { amount: 1_000_000, reason: 'To see what it says.' }
        return made(await proposer.request('POST', path, body), 'creditId')
      },
      product: async () => 101,
      productOption: async () => 1012,
      coupon: async () => 201,
      async deadLetter() {
        reported.push(expect.stringContaining('ghost/1'))
        const asked = shop.ask('ghost/1', { type: 'Boo' }, { correlationId: 'test' })
        await expect(asked).rejects.toThrow()
        return Number(shop.database.prepare('SELECT max(sequence) FROM dead_letters').pluck().get())
      },
      newName() {
        names += 1
        return `name ${names}`
      },
    }
  }

  return { shop, people, thingsOf, missing }
}

export type PeopledShop = Awaited<ReturnType<typeof openPeopledShop>>
