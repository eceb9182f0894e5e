import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Random } from '../crash/random.ts'
import { ConnectionPool } from './connection-pool.ts'
import { openLoop } from './open-loop.ts'

/** Offers ten pairs in a second to a server that answers as it is told. */
async function offerTen(answer: (path: string, response: ServerResponse) => void, connectionsMax = 50) {
  const server = createServer((request: IncomingMessage, response) => {
    request.resume().on('end', () => answer(request.url ?? '', response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const pool = new ConnectionPool((server.address() as AddressInfo).port, connectionsMax)
  onTestFinished(() => pool.close())
  return openLoop(pool, new Random(1), { pairsPerSecond: 10, seconds: 1 })
}

function respond(response: ServerResponse, status: number, body: object, headers = {}): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { ...headers, 'Content-Length': text.length }).end(text)
}

const refusal = { code: 'OVERLOADED' }

describe('openLoop', () => {
  it('pays every order that is accepted', async () => {
    const { counts, settled } = await offerTen((_path, response) => respond(response, 201, { orderId: 7 }))
    await settled
    expect(counts).toMatchObject({ offered: 10, ordersRefused: 0, others: {}, waitedForConnection: 0 })
    expect(counts.paid + counts.paidLater).toBe(10)
  })

  it('counts refusals, and those that do not say when to come again', async () => {
    let refused = 0
    const { counts, settled } = await offerTen((path, response) => {
      if (path === '/orders') return respond(response, 201, { orderId: 7 })
      refused += 1
      return respond(response, 503, refusal, refused > 3 ? { 'Retry-After': '1' } : {})
    })
    await settled
    expect(counts).toMatchObject({ paid: 0, paymentsRefused: 10, refusalsWithoutRetryAfter: 3 })
    expect(counts.refusalMs).toHaveLength(10)
  })

  it('goes on offering when nothing is answered, and says when it ran out of connections', async () => {
    const unanswered: ServerResponse[] = []
    const { counts, settled } = await offerTen((_path, response) => void unanswered.push(response), 4)
    expect(counts).toMatchObject({ offered: 10, paid: 0, waitedForConnection: 6 })
    for (const response of unanswered) response.destroy()
    // The rest comes when the first are gone, to a server that breaks every connection.
    const breaking = setInterval(() => {
      for (const response of unanswered.splice(0)) response.destroy()
    }, 10)
    await settled
    clearInterval(breaking)
    expect(counts.others).toEqual({ broken: 10 })
  })
})
