import { expect, it } from 'vitest'
import { until } from '../crash/until.ts'
import { describeWithRedis } from '../support/describe-with-redis.ts'
import { openSessionShop, type Person } from '../support/session-shop.ts'

describeWithRedis('A session of a shop with Redis', redis => {
  const statusOf = async (person: Person) => (await person.get('/customers/me')).status
  const kept = () => redis.client.keys('recoup:session:*')

  async function openShop() {
    const shop = await openSessionShop({ environment: { RECOUP_REDIS_URL: redis.url } })
    const ready = async () => !(await (await shop.app.request('/readyz')).text()).includes('degraded')
    await until('Redis is in use', 10_000, ready)
    return shop
  }

  it('is kept there without its token once it is used, and ends with its logout', async () => {
    const shop = await openShop()
    const ada = await shop.person('ada')
    const eve = await shop.person('eve')
    for (const person of [ada, eve]) expect(await statusOf(person)).toBe(200)
    await until('both are kept', 10_000, async () => (await kept()).length === 2)
    expect((await kept()).join()).not.toContain(ada.token)
    const { status } = await shop.app.request('/sessions/current', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${ada.token}` },
    })
    expect(status).toBe(204)
    expect([await statusOf(ada), await statusOf(eve)]).toEqual([401, 200])
    await until('only one is kept', 10_000, async () => (await kept()).length === 1)
  })

  it('ends with a changed password and with a disabled account, though it is still kept there', async () => {
    const shop = await openShop()
    const [ada, eve] = [await shop.person('ada'), await shop.person('eve')]
    const boss = await shop.person('boss', 'administrator')
    for (const person of [ada, eve]) expect(await statusOf(person)).toBe(200)
    await until('both are kept', 10_000, async () => (await kept()).length >= 2)
    const words = { currentPassword: 'linen shirts dry in the wind', password: 'wool coats dry by the stove' }
    expect((await ada.request('PATCH', '/customers/me', words)).status).toBe(200)
    const disabled = await boss.request('POST', `/customers/${eve.customerId}/disable`, {
      reason: 'They asked for it.',
    })
    expect(disabled.status).toBe(200)
    expect((await kept()).length).toBeGreaterThanOrEqual(2)
    expect([await statusOf(ada), await statusOf(eve)]).toEqual([401, 401])
  })
})
