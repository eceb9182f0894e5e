import { describe, expect, test } from 'vitest'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'

/** Also what the outbox sends, and its answers. */
const silences: { silence: string; rule: Interceptor }[] = [
  { silence: 'is lost', rule: ({ message }) => (message.type === 'RecordSale' ? 'drop' : 'deliver') },
  {
    silence: 'is done and nobody hears',
    rule: ({ message }) => (message.type === 'SaleRecorded' ? 'drop' : 'deliver'),
  },
]

describe('RecordSale', () => {
  test.each(silences)('stays owed after the payment completes when it $silence', async ({ rule }) => {
    const shop = await openScenario({
      environment: { RECOUP_PAYMENT_WAIT_MS: '200000' },
      reported: [
        expect.stringMatching(/^Events of command cannot be delivered \(statistics\/\d+ did not answer\)/),
        'Events of command are delivered again.',
      ],
    })
    const { orderId } = (await shop.placeOrder(1, [line(1012, 2)])).body
    const owed = () =>
      shop.database.prepare("SELECT key FROM outbox WHERE topic = 'command' AND next_attempt_at > 0").all()
    shop.messages.rule = rule

    const answer = shop.pay(orderId)
    await shop.pass(300_000)
    expect((await answer).status).toBe(201)
    expect(shop.messages.undos()).toEqual([])
    expect(owed()).toEqual([{ key: `statistics/${orderId}` }])

    shop.messages.rule = () => 'deliver'
    await shop.pass(120_000)
    expect(owed()).toEqual([])
    expect((await shop.get('/products/popular?days=1')).body).toMatchObject([
      { productId: 101, salesCount: 2 },
    ])
  })
})
