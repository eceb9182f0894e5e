import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problem } from './problem.ts'
import { acceptWebSocket, type WebSocketSide, webSocketKey } from './web-socket.ts'

/** Handed to a route with a request that wants to become a WebSocket. */
export interface WebSocketUpgrade {
  /** It becomes one; what the route answers then is not sent. */
  accept(): WebSocketSide
}

interface App {
  fetch(request: Request, bindings: object): Response | Promise<Response>
}

/** Passes a handshake to the app like any request. It becomes a WebSocket where a route accepts it, or is answered. */
export async function answerUpgrade(
  app: App,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  // Whoever hangs up during the handshake is no fault of anybody.
  socket.on('error', () => socket.destroy())
  const key = webSocketKey(incoming)
  const url = `http://${incoming.headers.host ?? ''}${incoming.url ?? ''}`
  if (key === undefined || !URL.canParse(url)) {
    return refuse(socket, problem('INVALID_ARGUMENT', { reason: 'it is no handshake of a WebSocket' }))
  }
  let isAccepted = false
  const upgrade: WebSocketUpgrade = {
    accept() {
      isAccepted = true
      return acceptWebSocket(key, socket, head)
    },
  }
  const request = new Request(url, { headers: headersOf(incoming) })
  const answered = await app.fetch(request, { incoming, upgrade })
  if (isAccepted) return
  if (answered.ok) {
    await answered.body?.cancel()
    return refuse(socket, problem('INVALID_ARGUMENT', { reason: 'there is no WebSocket here' }))
  }
  await refuse(socket, answered)
}

/**
 * The headers of a handshake. Whoever opens a WebSocket cannot choose its headers, only its URL: a token that stands
 * there as the password, `ws://operator:TOKEN@…`, comes as Basic and is shown on as what it is.
 */
function headersOf({ headers: { authorization = '', ...others } }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) headers.set(name, String(value))
  }
  const basic = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization)?.[1]
  const password = basic && Buffer.from(basic, 'base64').toString('latin1').split(':').slice(1).join(':')
  if (password) headers.set('Authorization', `Bearer ${password}`)
  else if (authorization !== '') headers.set('Authorization', authorization)
  return headers
}

async function refuse(socket: Duplex, answered: Response): Promise<void> {
  const body = Buffer.from(await answered.arrayBuffer())
  const { status } = answered
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`]
  for (const [name, value] of answered.headers) lines.push(`${name}: ${value}`)
  lines.push(`Content-Length: ${body.length}`, 'Connection: close', '', '')
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n')), body]), () => socket.destroy())
}
