import { z } from 'zod'
import { startingBalance } from './crash-profile.ts'
import { type CustomerNotes, type OrderNote, receipt } from './customer-notes.ts'
import { look } from './operation.ts'

const orders = z.array(z.object({ orderId: z.int(), totalPrice: z.int(), status: z.string() }))
const payment = z.object({ status: z.string() })
const histories = z.array(z.object({ changeType: z.string(), changeAmount: z.int() }))
const coupons = z.array(z.object({ couponId: z.int(), status: z.string() }))

/**
 * Holds what the server says against what it told a customer before, and gives back one sentence for each thing that is
 * missing or that nobody asked for. Nothing may be under way. What was open is noted as the server has it now: from
 * here on it may not change.
 */
export async function contradictions(notes: CustomerNotes, url: string): Promise<string[]> {
  const found = await Promise.all([
    ordersOf(notes, url),
    ...[...notes.orders].map(([orderId, note]) => paymentOf(orderId, note, url)),
    chargesOf(notes, url),
    couponsOf(notes, url),
  ])
  return found.flat().map(sentence => `Customer ${notes.customerId}: ${sentence}`)
}

async function ordersOf(notes: CustomerNotes, url: string): Promise<string[]> {
  const found: string[] = []
  const listed = new Map(
    (await pages(url, `/orders?customerId=${notes.customerId}&limit=200`, orders)).map(order => [
      order.orderId,
      order,
    ]),
  )
  for (const [orderId, note] of notes.orders) {
    const order = listed.get(orderId)
    if (order === undefined) {
      found.push(`order ${orderId} is missing`)
      continue
    }
    const expected = [...note.statuses].join(' or ')
    if (!note.statuses.has(order.status)) {
      found.push(`order ${orderId} is ${order.status} and not ${expected}`)
    }
    if (order.totalPrice !== note.totalPrice) {
      found.push(`order ${orderId} is over ${order.totalPrice} and not ${note.totalPrice}`)
    }
    note.statuses = new Set([order.status])
  }
  const unknown = listed.size - notes.orders.size
  if (unknown > notes.ordersUnanswered) {
    found.push(
      `${unknown} orders more than were acknowledged, and only ${notes.ordersUnanswered} were not answered`,
    )
  }
  return found
}

async function paymentOf(orderId: number, note: OrderNote, url: string): Promise<string[]> {
  if (!note.paymentBegun) return []
  const { status, body } = await look(url, `/payments/${orderId}`)
  if (status === 404) return [`payment ${orderId} is missing`]
  if (note.receipt === undefined) return []
  const { status: stage } = payment.parse(body)
  // One that has failed has no receipt.
  const said = JSON.stringify(receipt.safeParse(body).data)
  const told = JSON.stringify(note.receipt)
  return stage === 'COMPLETED' && said === told
    ? []
    : [`payment ${orderId} is ${stage} ${said} and not ${told}`]
}

async function chargesOf(notes: CustomerNotes, url: string): Promise<string[]> {
  const history = await pages(url, `/balances/${notes.customerId}/balance-histories?limit=200`, histories)
  const counts = new Map<number, number>()
  for (const { changeType, changeAmount } of history) {
    if (changeType === 'CHARGE') counts.set(changeAmount, (counts.get(changeAmount) ?? 0) + 1)
  }
  const expected = new Map(notes.charges).set(startingBalance, 'acknowledged')
  const found: string[] = []
  for (const [amount, noted] of expected) {
    const count = counts.get(amount) ?? 0
    if (count > 1) found.push(`the charge of ${amount} is there ${count} times`)
    if (count === 0 && noted === 'acknowledged') found.push(`the charge of ${amount} is missing`)
  }
  for (const amount of counts.keys()) {
    if (!expected.has(amount)) found.push(`nobody asked for the charge of ${amount}`)
  }
  return found
}

async function couponsOf(notes: CustomerNotes, url: string): Promise<string[]> {
  const owned = new Map(
    (await pages(url, `/coupons/customer/${notes.customerId}`, coupons)).map(({ couponId, status }) => [
      couponId,
      status,
    ]),
  )
  const found: string[] = []
  for (const [couponId, noted] of notes.coupons) {
    const status = owned.get(couponId)
    if (status === undefined && noted === 'acknowledged') found.push(`coupon ${couponId} is missing`)
    if (status !== undefined && status !== 'USED' && notes.couponsUsed.has(couponId)) {
      found.push(`coupon ${couponId} is ${status} and not USED`)
    }
  }
  for (const couponId of owned.keys()) {
    if (!notes.coupons.has(couponId)) found.push(`nobody asked for coupon ${couponId}`)
  }
  return found
}

/** A whole list. */
async function pages<Item>(url: string, path: string, schema: z.ZodType<Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const page = await look(url, next)
    items.push(...schema.parse(page.body))
    next = page.next
  }
  return items
}
