import { describe, expect, it, onTestFinished } from 'vitest'
import { type Received, startReceiver } from '../../src/delivery/data-platform-receiver.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario, reopenScenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const secret = 'a-secret-of-the-platform'
const token = 'a-token-of-operators'
const authorized = { Authorization: `Bearer ${token}` }

const environmentOf = (url: string) => ({
  RECOUP_DATA_PLATFORM_URL: url,
  RECOUP_DATA_PLATFORM_SECRET: secret,
  RECOUP_OPERATOR_TOKEN: token,
})

/** A platform that may be away, on a port that stays the same. */
async function platform(clock: SimulatedClock) {
  const received: Received[] = []
  const options = { host: '127.0.0.1', secret, clock, onReceived: (each: Received) => received.push(each) }
  let running: Awaited<ReturnType<typeof startReceiver>> | undefined = await startReceiver({
    ...options,
    port: 0,
  })
  const { url } = running
  const leave = async () => {
    await running?.stop()
    running = undefined
  }
  onTestFinished(leave)
  return {
    url,
    received,
    leave,
    async comeBack() {
      running = await startReceiver({ ...options, port: Number(new URL(url).port) })
    },
    ids: () => received.flatMap(each => ('id' in each ? [each.id] : [])),
  }
}

async function paid({
  placeOrder,
  pay,
}: Pick<Awaited<ReturnType<typeof openScenario>>, 'placeOrder' | 'pay'>) {
  const { body } = await placeOrder(1, [line(1012)])
  expect((await pay(body.orderId)).status).toBe(201)
  return body.orderId
}

describe('A completed payment', () => {
  it('is told to the data platform, once, with what was paid', async () => {
    const clock = new SimulatedClock()
    const { url, received } = await platform(clock)
    const shop = await openScenario({ clock, profile: smallProfile, environment: environmentOf(url) })
    const orderId = await paid(shop)
    await shop.relay.settled()
    expect(received).toEqual([
      {
        id: expect.stringMatching(`^payment/${orderId}#\\d+#\\d+$`),
        type: 'PaymentCompleted',
        createdAt: '2026-01-05T03:00:00.000Z',
        data: {
          paymentId: orderId,
          orderId,
          customerId: 1,
          originalPrice: 40_000,
          discountAmount: 0,
          discountedPrice: 40_000,
          paidAt: '2026-01-05T03:00:00.000Z',
        },
        duplicate: false,
      },
    ])
  })

  it('is not held up by a platform that is away, and is told when it is back, also after a restart', async () => {
    const clock = new SimulatedClock()
    const away = await platform(clock)
    await away.leave()
    const environment = environmentOf(away.url)
    const dataDirectoryPath = dataDirectory()
    const options = { clock, profile: smallProfile, environment, dataDirectory: dataDirectoryPath }
    const first = await openScenario(options)
    const orderId = await paid(first)
    await first.relay.settled()
    await first.close()

    const second = reopenScenario(options)
    await away.comeBack()
    for (let passed = 0; passed < 20; passed += 1) {
      clock.advance(1_000)
      await second.relay.settled()
    }
    expect(away.ids()).toEqual([expect.stringContaining(`payment/${orderId}#`)])
  })
})

describe('An operator', () => {
  async function parkedShop() {
    const clock = new SimulatedClock()
    const away = await platform(clock)
    await away.leave()
    const shop = await openScenario({
      clock,
      profile: smallProfile,
      environment: environmentOf(away.url),
      reported: [expect.stringContaining('was parked after 1440 tries, and those behind it wait')],
    })
    const orderId = await paid(shop)
    await shop.relay.settled()
    shop.database.exec(`UPDATE outbox SET attempts = 1439 WHERE topic = 'payments'`)
    clock.advance(500)
    await shop.relay.settled()
    return { ...shop, away, orderId }
  }

  it('sees what was given up, and has it delivered again', async () => {
    const { request, relay, clock, away, orderId } = await parkedShop()
    const { body } = await request('GET', '/operator/outbox', undefined, authorized)
    expect(body).toEqual({
      topics: [
        expect.objectContaining({ topic: 'payments', breaker: 'closed', owed: 0, parked: 1 }),
        { topic: 'command', breaker: 'closed', owed: 0, parked: 0, oldestAt: null },
      ],
      parked: [
        expect.objectContaining({
          key: `order/${orderId}`,
          type: 'PaymentCompleted',
          attempts: 1440,
          error: expect.stringContaining('ECONNREFUSED'),
        }),
      ],
    })
    await away.comeBack()
    const replayed = await request(
      'POST',
      '/operator/outbox/replay',
      { parked: true, reason: 'It is back.' },
      authorized,
    )
    expect(replayed).toMatchObject({ status: 200, body: { replayed: 1 } })
    clock.advance(100)
    await relay.settled()
    expect(away.ids()).toHaveLength(1)
    const audit = await request('GET', '/operator/audit', undefined, authorized)
    expect(audit.body).toMatchObject([
      { action: 'ReplayEvents', subject: 'outbox/parked', reason: 'It is back.', outcome: '1 events' },
    ])
  })

  it('may have what was delivered sent again, under the same id', async () => {
    const clock = new SimulatedClock()
    const there = await platform(clock)
    const shop = await openScenario({ clock, profile: smallProfile, environment: environmentOf(there.url) })
    await paid(shop)
    await shop.relay.settled()
    const [eventId] = there.ids()
    const body = { eventId, reason: 'They lost it.' }
    expect((await shop.request('POST', '/operator/outbox/replay', body, authorized)).body).toEqual({
      replayed: 1,
    })
    clock.advance(100)
    await shop.relay.settled()
    expect(there.received).toMatchObject([{ duplicate: false }, { id: eventId, duplicate: true }])
  })

  it.each([
    [{ reason: 'Both.', parked: true, since: '2026-01-01T00:00:00Z' }, 400],
    [{ reason: 'Neither.' }, 400],
    [{ reason: 'A day.', since: '2026-01-01' }, 400],
    [{ parked: true }, 400],
    [{ reason: 'No.', parked: false }, 400],
  ])('who asks for %j is refused', async (body, status) => {
    const shop = await openScenario({ profile: smallProfile, environment: { RECOUP_OPERATOR_TOKEN: token } })
    expect(await shop.request('POST', '/operator/outbox/replay', body, authorized)).toMatchObject({ status })
  })

  it('without the token finds nothing there', async () => {
    const shop = await openScenario({ profile: smallProfile, environment: { RECOUP_OPERATOR_TOKEN: token } })
    expect((await shop.get('/operator/outbox')).status).toBe(403)
    const without = await openScenario({ profile: smallProfile })
    expect((await without.get('/operator/outbox')).status).toBe(404)
  })
})
