import { demoAccounts } from '../../../src/cli/seed/demo-accounts.ts'
import type { Schemas } from '../../../web/src/api/client.ts'
import { line } from '../../support/client.ts'
import { openWindow, type Theme, type Window } from './browser.ts'
import type { openBrowserShop } from './browser-shop.ts'

export type Shop = Awaited<ReturnType<typeof openBrowserShop>>

/** A customer's side of the shop, from outside the browser. */
export async function customerOf({ url }: Shop) {
  async function ask(method: string, path: string, body: object | undefined, token?: string) {
    const headers = {
      Prefer: 'respond-async',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    }
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as { orderId: number; token: string }
  }
  const { username, password } = demoAccounts.customer
  const { token } = await ask('POST', '/sessions', { username, password })
  /** Places an order and leaves it unpaid. */
  async function order(): Promise<number> {
    return (await ask('POST', '/orders', { customerId: 1, items: [line(1062)] }, token)).orderId
  }
  const payFor = (orderId: number, { coupon = false } = {}) =>
    ask('POST', '/payments', { orderId, ...(coupon && { couponId }) }, token)
  return {
    /** The demo's coupon of 3,000 off. */
    takeCoupon: () => ask('POST', '/coupons/issue', { couponId, customerId: 1 }, token),
    order,
    payFor,
    /** Pays an order, one step of which may be made to fail. */
    async pay(fault?: { step: string; kind: string }, { coupon = false } = {}): Promise<number> {
      const orderId = await order()
      if (fault !== undefined) await ask('PUT', `/demo/faults/${orderId}`, fault, token)
      await payFor(orderId, { coupon })
      return orderId
    },
    lift: (orderId: number) => ask('DELETE', `/demo/faults/${orderId}`, undefined, token),
    async history(paymentId: number): Promise<Schemas['PaymentHistory']> {
      return (await ask('GET', `/payments/${paymentId}/history`, undefined, token)) as never
    },
  }
}

const couponId = 201

type Person = keyof typeof demoAccounts

/** Opens a window in which somebody of the demo is logged in. */
export async function openAs(
  person: Person,
  { url }: Shop,
  path: string,
  look: Parameters<typeof openWindow>[1] = {},
): Promise<Window> {
  const window = await openWindow(url, look)
  await window.page.goto(url + path)
  const { username } = demoAccounts[person]
  await window.page.getByRole('button', { name: new RegExp(username) }).click()
  await window.page.getByRole('button', { name: /Log out|로그아웃/ }).waitFor({ state: 'attached' })
  return window
}

/** Opens a window in which an operator is logged in. */
export async function openAsOperator(shop: Shop, path: string, theme: Theme = 'light'): Promise<Window> {
  const window = await openAs('operator', shop, path, { theme })
  await window.page.getByRole('link', { name: 'Audit log' }).waitFor()
  return window
}
