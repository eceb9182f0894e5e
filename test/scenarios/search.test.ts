import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { customerRoutesWithKeys } from '../../src/http/search-routes.ts'
import { fakeDependencies } from '../http/fake-dependencies.ts'
import { operationsOf } from '../support/api-document.ts'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'
import { operatorOf } from '../support/varied-payments.ts'

const environment = { RECOUP_OPERATOR_TOKEN: 'a-token-of-operators' }

async function searchedShop() {
  const shop = await openScenario({ environment })
  const search = async (text: string, more = '') =>
    (await operatorOf(shop).see(`search?q=${encodeURIComponent(text)}${more}`)).body
  const order = async (customerId = 1) => (await shop.placeOrder(customerId, [line(1012)])).body.orderId
  return { shop, search, order }
}

describe('Search', () => {
  it('finds a payment by its number, and an order that nobody has paid', async () => {
    const { shop, search, order } = await searchedShop()
    const [paid, unpaid] = [await order(), await order()]
    await shop.pay(paid)
    expect(await search(`${paid}`)).toEqual([
      { kind: 'payment', id: `${paid}`, label: 'COMPLETED', payments: 1, paymentId: paid },
    ])
    expect(await search(` ${unpaid} `)).toEqual([
      { kind: 'order', id: `${unpaid}`, label: 'CREATED', payments: 0, paymentId: null },
    ])
  })

  it('finds a customer by number and by the beginning of the name, with how many payments are theirs', async () => {
    const { shop, search, order } = await searchedShop()
    await shop.pay(await order())
    const minji = { kind: 'customer', id: '1', label: 'minji', payments: 1, paymentId: null }
    expect(await search('1')).toContainEqual(minji)
    expect(await search('MIN')).toContainEqual(minji)
    expect(await search('inji')).toEqual([])
  })

  it('finds coupons, products and their options', async () => {
    const { search } = await searchedShop()
    expect(await search('201')).toMatchObject([{ kind: 'coupon', id: '201' }])
    expect(await search('101')).toMatchObject([{ kind: 'product', label: 'Linen shirt' }])
    expect(await search('1012')).toMatchObject([{ kind: 'option', label: 'Linen shirt / M' }])
    expect(await search('linen')).toContainEqual(
      expect.objectContaining({ kind: 'product', id: '101', label: 'Linen shirt' }),
    )
  })

  it.each([undefined, 1])(
    'finds what was asked under an Idempotency-Key by customer %s',
    async customerId => {
      const { shop, search, order } = await searchedShop()
      const orderId = await order()
      const key = 'the-key-of-a-checkout'
      const caller: Record<string, string> =
        customerId === undefined ? {} : { 'X-Customer-Id': `${customerId}` }
      await shop.pay(orderId, null, { 'Idempotency-Key': key, ...caller })
      const hit = { kind: 'request', label: 'post /payments', payments: 1, paymentId: orderId }
      expect(await search(key)).toMatchObject([hit])
      expect(await search(key, '&customer=1')).toMatchObject([hit])
      expect(await search(`${key}-of-nobody`)).toEqual([])
    },
  )

  it('finds the payment of a refused request by what its saga was told', async () => {
    const { shop, search } = await searchedShop()
    const { orderId } = (await shop.placeOrder(1, [line(1041, 3)])).body
    const key = 'the-key-of-a-checkout'
    const refused = await shop.pay(orderId, null, { 'Idempotency-Key': key, 'X-Customer-Id': '1' })
    expect(refused.body.code).toBe('BALANCE_INSUFFICIENT')
    expect(await search(key)).toMatchObject([{ kind: 'request', paymentId: orderId }])
  })

  it('knows every route on which a customer may send a key and an actor keeps the answer', async () => {
    const operations = await operationsOf(createApp(fakeDependencies()))
    const keyed = operations
      .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
      .filter(({ path }) => !/^\/(operator|stocks|products|coupons\/\{|customers)/.test(path))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`)
      .filter(name => name !== 'post /coupons')
    expect(keyed.sort()).toEqual([...customerRoutesWithKeys].sort())
  })

  it('wants something to look for', async () => {
    const { shop } = await searchedShop()
    expect(await operatorOf(shop).see('search?q=%20')).toMatchObject({ status: 400 })
  })
})
