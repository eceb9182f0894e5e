import { Agent, type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Clock } from '../../clock.ts'

export interface ShopAnswer {
  status: number
  body: unknown
}

/** Talks JSON to a shop's server over connections that are kept. */
export interface ShopClient {
  send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ShopAnswer>
  close(): void
}

const busyRetriesMax = 30

/**
 * A client of the server at `baseUrl` with at most `connectionsMax` connections. An answer that says "not now" (429, or
 * 503 OVERLOADED: nothing was done) is waited out as long as it asks for and the request sent again.
 */
export function createShopClient(baseUrl: string, connectionsMax: number, clock: Clock): ShopClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })

  const sendOnce = (method: string, path: string, body: unknown, more: Readonly<Record<string, string>>) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = {
        ...more,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }
      request(new URL(path, baseUrl), { agent, method, headers }, resolve).on('error', reject).end(text)
    })

  return {
    async send(method, path, body, headers = {}) {
      for (let retries = 0; ; retries += 1) {
        const response = await sendOnce(method, path, body, headers)
        const answer = { status: response.statusCode ?? 0, body: await json(response) }
        if (!isBusy(answer) || retries === busyRetriesMax) return answer
        const retryAfterSeconds = Number(response.headers['retry-after'] ?? 1)
        await new Promise<void>(resolve => clock.wait(retryAfterSeconds * 1_000, resolve))
      }
    },
    close: () => agent.destroy(),
  }
}

function isBusy({ status, body }: ShopAnswer): boolean {
  return status === 429 || (status === 503 && codeOf(body) === 'OVERLOADED')
}

/** The `code` of a problem document, or `undefined`. */
export function codeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined
  return typeof body.code === 'string' ? body.code : undefined
}
