import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { gatewayAuthentication } from '../../src/http/gateway-authentication.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { Faulted, Unavailable } from '../../src/runtime/faults.ts'
import { Damaged, ReadFailed } from '../../src/runtime/store.ts'
import { type Operation, operationsOf, sampleBodyOf } from '../support/api-document.ts'
import { fakeDependencies } from './fake-dependencies.ts'

const secret = 'hunter2-canary'
const token = 'a-token-of-operators'

/** What an error says that nobody outside may read: SQL, values, paths, the lines of a stack. */
const innards = `SQLITE_CONSTRAINT: INSERT INTO snapshots VALUES ('${secret}') at /srv/recoup/src/persistence/x.ts:12:3`

const leaks =
  /canary|sqlite|select |insert |update |snapshots|\/srv\/|\/tmp\/|\/home\/|node_modules|file:|\.ts:\d|\bat \w+ \(|stack|cause|TypeError|RangeError/i

/** Everything that has been seen to fail behind a request, and the status it is answered with. */
const faults: [string, () => unknown, number][] = [
  ['an error', () => new Error(innards), 500],
  [
    'an error of the language',
    () => new TypeError(`Cannot read properties of undefined (reading '${secret}')`),
    500,
  ],
  ['an error with a cause', () => new Error('failed', { cause: new Error(innards) }), 500],
  [
    'an error that looks like an HTTP answer',
    () => Object.assign(new Error(innards), { status: 200, getResponse: 1 }),
    500,
  ],
  ['a message that was set aside', () => new Faulted('order/1'), 500],
  ['a store that cannot be read', () => new ReadFailed(innards), 503],
  ['a store that cannot be written', () => new Unavailable(innards), 503],
  ['a row that was altered', () => new Damaged(innards), 503],
]

const operations: Operation[] = (await operationsOf(createApp(fakeDependencies()))).filter(
  ({ path }) => !['/livez', '/openapi.json'].includes(path),
)

/** What is no room behind the door: without it no request gets as far as a fault, or none is noticed. */
const sound = new Set([
  'authenticate',
  'settings',
  'clock',
  'newId',
  'reportFault',
  'asked',
  'faults',
  'endWaits',
])

/** Everything behind the door fails. */
function failingDependencies(fault: () => unknown) {
  const fail = () => {
    throw fault()
  }
  const dependencies = fakeDependencies({ authenticate: gatewayAuthentication(token) })
  for (const [name, room] of Object.entries(dependencies)) {
    if (sound.has(name) || room === undefined) continue
    const failing = typeof room === 'function' ? fail : new Proxy({}, { get: () => fail })
    Object.assign(dependencies, { [name]: failing })
  }
  return Object.assign(dependencies, { ask: async () => fail() })
}

const init = (operation: Operation): RequestInit => ({
  method: operation.method,
  headers: {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    ...(operation.path === '/customers/me' && { 'X-Customer-Id': '1001' }),
  },
  ...(operation.body && { body: JSON.stringify(sampleBodyOf(operation)) }),
})

const target = ({ path, parameters }: Operation) =>
  `${path.replace(/\{\w+\}/g, '7001')}?${parameters
    .filter(parameter => parameter.in === 'query' && (parameter.required || parameter.name === 'days'))
    .map(({ name }) => `${name}=1`)
    .join('&')}`

describe('a fault', () => {
  test.each(faults)(
    'of %s is answered by every route with a problem that tells nothing',
    async (_what, fault, status) => {
      const dependencies = failingDependencies(fault)
      const app = createApp(dependencies)
      for (const operation of operations) {
        const answer = await app.request(target(operation), init(operation))
        const what = `${operation.method} ${operation.path}`
        const text = await answer.text()
        expect(answer.status, `${what} ${text}`).toBe(status)
        expect(text, what).not.toMatch(leaks)
        expect([...answer.headers].join(), what).not.toMatch(leaks)
        const problem = JSON.parse(text) as { code: string; correlationId?: string }
        if (status === 500) expect(problem, what).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
        const names = ['type', 'title', 'status', 'detail', 'code', 'message', 'correlationId', 'damaged']
        expect(
          Object.keys(problem).filter(name => !names.includes(name)),
          what,
        ).toEqual([])
      }
      // Whoever runs the process is told what the caller is not.
      if (status === 500) expect(dependencies.faults).toHaveLength(operations.length)
    },
  )

  test('that would tell something is noticed by the scan', () => {
    expect(innards).toMatch(leaks)
    expect(new Error('x').stack).toMatch(leaks)
    expect('{"detail":"Something went wrong here; report the correlationId."}').not.toMatch(leaks)
  })
})

describe('what is thrown and is no error', () => {
  const running: RunningServer[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map(server => server.stop()))
  })

  test.each([[null], [undefined], [innards], [{ status: 200, message: innards }], [7]])(
    'is answered with 500 all the same: %j',
    async thrown => {
      const app = createApp(failingDependencies(() => thrown))
      const server = await startServer({ app, host: '127.0.0.1', port: 0 })
      running.push(server)
      const answer = await fetch(`${server.url}/orders/7001`)
      const text = await answer.text()
      expect({ status: answer.status, code: JSON.parse(text).code }).toEqual({
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
      })
      expect(text).not.toMatch(leaks)
    },
  )
})
