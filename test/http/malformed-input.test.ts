import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { windowPaths } from '../support/window-paths.ts'
import { client } from './fake-client.ts'
import { fakeDependencies } from './fake-dependencies.ts'

const routes = createApp(fakeDependencies()).routes.filter(
  ({ path }) => !path.startsWith('/docs') && !windowPaths.includes(path),
)

/** Values that have gone wrong in a parser somewhere, beside whatever the generator thinks of. */
const oddities = [
  '-0',
  '1e309',
  '9007199254740993',
  '"\\ud800"',
  '{"__proto__":{"toString":1}}',
  '[[]]',
  '\u0000',
  '{"a":1',
]

const segment = fc.oneof(
  fc.constantFrom('0', '1', '7001', '-1', '01', '9007199254740993', '%00', '%', '__proto__', 'constructor'),
  fc.string({ unit: 'binary', maxLength: 20 }).map(text => encodeURIComponent(text.toWellFormed())),
)

const body = fc.oneof(
  fc.constantFrom(...oddities),
  fc.json(),
  fc.string(),
  fc
    .record(
      {
        customerId: fc.jsonValue(),
        orderId: fc.jsonValue(),
        couponId: fc.jsonValue(),
        amount: fc.oneof(fc.double(), fc.jsonValue()),
        items: fc.oneof(
          fc.array(
            fc.record({ productId: fc.jsonValue(), productOptionId: fc.jsonValue(), quantity: fc.double() }),
          ),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    )
    .map(value => JSON.stringify(value)),
)

const header = fc.oneof(
  fc.constantFrom('1001', '0', 'x', 'a-key-of-16-chars'),
  fc.stringMatching(/^[!-~]{0,300}$/),
)

describe('malformed input', () => {
  test('never gives a 5xx, and every answer is JSON', async () => {
    const { get, send } = client({
      reply: () => ({ type: 'TestRejected', refusal: { code: 'FORBIDDEN', facts: {} } }),
    })
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        segment,
        fc.webQueryParameters(),
        body,
        header,
        async ({ method, path }, parameter, query, text, value) => {
          const target = `${path.replace(/:\w+/, parameter)}?limit=${parameter}&${query}`
          const headers = { 'X-Customer-Id': value, 'Idempotency-Key': value }
          const answer = await (method === 'GET' ? get(target, headers) : send(method, target, text, headers))
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          expect(answer.status).toBeLessThan(500)
          // Prometheus reads text.
          const type = path === '/metrics' && answer.status === 200 ? /^text\/plain/ : /json$/
          expect(answer.headers.get('content-type')).toMatch(type)
        },
      ),
      // Always the same, so that what it must not be blind to is always there.
      { numRuns: 3_000, seed: 1 },
    )
    // Not blind: some of it was well formed after all.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404]))
  })
})
