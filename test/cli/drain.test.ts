import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { type ClientRequest, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { brokenInvariants, invariantsOf } from '../../src/cli/invariants-of.ts'
import { systemClock } from '../../src/clock.ts'
import { Client } from '../crash/client.ts'
import { contradictions } from '../crash/contradictions.ts'
import { crashProfile, firstCustomerId } from '../crash/crash-profile.ts'
import { Random } from '../crash/random.ts'
import { randomRequests } from '../crash/random-requests.ts'
import { requestsUnderWay, unfinishedPayments } from '../crash/unfinished-payments.ts'
import { until } from '../crash/until.ts'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { refusesConnections } from './refuses-connections.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const customers = 24
/** A disk so slow that there is always something under way. */
const slowDisk = { program: 'test/overload/slow-server.ts', environment: { SLOW_MS_PER_PAYMENT: '5' } }

/** A filled shop, of which every test has a copy. */
const original = temporaryDirectory()
afterAll(() => original.remove())

beforeAll(async () => {
  const profile = join(original.path, 'profile.json')
  writeFileSync(profile, JSON.stringify(crashProfile(customers)))
  const { status, errors } = await recoup(['seed', '--profile', profile, '--data', original.path])
  if (status !== 0) throw new Error(errors)
})

function filledDirectory() {
  const directory = temporaryDirectory()
  cpSync(original.path, directory.path, { recursive: true })
  return directory
}

/** Customers in a closed loop, until they are turned away or their server is gone. */
function load(url: string) {
  const random = new Random(1)
  const clients = Array.from({ length: customers }, (_, at) => {
    return new Client(firstCustomerId + at, randomRequests(random.fork()))
  })
  const gone = Promise.all(clients.map(client => client.run(url)))
  const acknowledged = () => clients.reduce((sum, { notes }) => sum + notes.acknowledgements, 0)
  return { clients, gone, acknowledged }
}

/** Restarts, lets customers end what was cut off, and compares what they were told with what is there. */
async function expectNothingLost(directory: string, clients: readonly Client[]): Promise<void> {
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory])
  const url = await server.listening
  await until('everything has ended', 30_000, () => {
    return unfinishedPayments(directory).length === 0 && requestsUnderWay(directory) === 0
  })
  await Promise.all(clients.map(client => client.resume(url)))
  for (const { notes } of clients) {
    expect(notes.faults).toEqual([])
    expect(await contradictions(notes, url)).toEqual([])
  }
  expect(brokenInvariants(invariantsOf(directory, systemClock))).toEqual([])
}

/** A request whose body is still to come: the server cannot end before it does, or is cut off. */
async function heldRequest(url: string): Promise<ClientRequest> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': 30, Expect: '100-continue' }
  const held = request(`${url}/balances/charge`, { method: 'PATCH', headers, agent: false })
  held.on('error', () => {})
  held.flushHeaders()
  await once(held, 'continue')
  return held
}

async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

describe.concurrent('SIGTERM', () => {
  it('under load: what runs is finished and everything acknowledged is there', async () => {
    using directory = filledDirectory()
    const words = ['--port', '0', '--data', directory.path]
    await using server = new RecoupProcess(words, slowDisk)
    const { clients, gone, acknowledged } = load(await server.listening)
    await until('much is acknowledged', 30_000, () => acknowledged() >= 100)

    const inFlight = clients.filter(client => client.inFlight).length
    const before = acknowledged()
    const toldAt = performance.now()
    expect(await server.end('SIGTERM')).toMatchObject({ status: 0, errors: '' })
    expect(performance.now() - toldAt).toBeLessThan(20_000)
    await gone
    expect(inFlight).toBeGreaterThan(0)
    expect(acknowledged()).toBeGreaterThan(before)
    expect(unfinishedPayments(directory.path)).toEqual([])
    expect(requestsUnderWay(directory.path)).toBe(0)
    await expectNothingLost(directory.path, clients)
  }, 120_000)

  it('takes in no money on connections that are still open, and closes them', async () => {
    using directory = filledDirectory()
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    const url = await server.listening
    const held = await heldRequest(url)
    const late = await connected(url)
    late.write('POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n')

    const ended = server.end('SIGTERM')
    await vi.waitUntil(() => refusesConnections(url), { timeout: 5_000 })
    late.write('Content-Length: 2\r\n\r\n{}')
    const [head = '', body = '{}'] = (await text(late)).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 503 .*\r\nconnection: close/is)
    expect(head).toMatch(/\r\nretry-after: \d+/i)
    expect(JSON.parse(body)).toMatchObject({ code: 'SHUTTING_DOWN' })

    held.end('{"customerId": 1, "amount": 5}')
    const [response] = await once(held, 'response')
    expect(response.statusCode).toBe(200)
    expect(await ended).toMatchObject({ status: 0, errors: '' })
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'and then %s ends it at once, and the next start recovers',
    async second => {
      using directory = filledDirectory()
      await using server = new RecoupProcess(['--port', '0', '--data', directory.path], slowDisk)
      const url = await server.listening
      const { clients, gone, acknowledged } = load(url)
      await until('something is acknowledged', 30_000, () => acknowledged() >= 100)
      await heldRequest(url)

      server.signal('SIGTERM')
      await vi.waitUntil(() => refusesConnections(url), { timeout: 5_000 })
      const toldAt = performance.now()
      server.signal(second)
      const { status, errors } = await server.ended
      expect(performance.now() - toldAt).toBeLessThan(5_000)
      expect([status, errors]).toEqual([1, expect.stringMatching(/^Told to stop twice; [^\n]*\n$/)])
      await gone
      await expectNothingLost(directory.path, clients)
    },
    120_000,
  )
})
