import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../clock.ts'
import { type SignatureFault, signatureFault, signatureHeaders } from './webhook-signature.ts'

/** What came: an event whose signature is right, or why something was refused. */
export type Received =
  | {
      readonly id: string
      readonly type: string
      readonly createdAt: string
      readonly data: Readonly<Record<string, unknown>>
      /** The same id came before. */
      readonly duplicate: boolean
    }
  | { readonly refused: SignatureFault | 'BODY_TOO_LARGE' | 'BODY_INVALID' }

export interface ReceiverOptions {
  readonly host: string
  readonly port: number
  readonly secret: string
  readonly clock: Clock
  onReceived(received: Received): void
}

const bodyBytesMax = 1024 * 1024
/** Ids beyond this number are forgotten, oldest first. */
const idsMax = 1_000_000

/**
 * A data platform for trying things out: takes events over HTTP, verifies each, and knows those that come again by their
 * id. 204: taken, also when it came before. Port 0 picks a free one.
 */
export async function startReceiver({ host, port, secret, clock, onReceived }: ReceiverOptions) {
  const ids = new Set<string>()

  function judge(incoming: IncomingMessage, body: Buffer | undefined): Received {
    if (body === undefined) return { refused: 'BODY_TOO_LARGE' }
    const fault = signatureFault(secret, { headers: incoming.headers, body, now: clock.now() })
    if (fault !== undefined) return { refused: fault }
    const event = eventOf(body)
    if (event === undefined || event.id !== incoming.headers[signatureHeaders.id]) {
      return { refused: 'BODY_INVALID' }
    }
    const duplicate = ids.has(event.id)
    ids.add(event.id)
    const oldest = ids.size > idsMax ? ids.values().next().value : undefined
    if (oldest !== undefined) ids.delete(oldest)
    return { ...event, duplicate }
  }

  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming).catch(() => null)
    // It broke off: nobody is left to answer.
    if (body === null) return
    const received = judge(incoming, body)
    onReceived(received)
    if (!('refused' in received)) outgoing.writeHead(204).end()
    else {
      const status = received.refused.startsWith('BODY') ? 400 : 401
      outgoing.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
      outgoing.end(JSON.stringify({ code: received.refused }))
    }
  })
  server.listen(port, host)
  await once(server, 'listening')
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async stop(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function eventOf(body: Buffer) {
  try {
    const { id, type, createdAt, data } = JSON.parse(body.toString()) as Record<string, unknown>
    if (typeof id !== 'string' || typeof type !== 'string' || typeof createdAt !== 'string') return undefined
    if (typeof data !== 'object' || data === null) return undefined
    return { id, type, createdAt, data: data as Record<string, unknown> }
  } catch {
    return undefined
  }
}
