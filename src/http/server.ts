import { once } from 'node:events'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { guardHeaders } from './answer.ts'
import { problem, problemDocument, problemMediaType, problemStatus } from './problem.ts'
import { answerUpgrade } from './web-socket-upgrade.ts'

/** The address cannot be listened on; the message says why. */
class ListenError extends Error {
  override name = 'ListenError'
}

export interface RunningServer {
  /** `http://host:port`, with the port that was really taken. */
  url: string
  port: number
  /** Takes in nothing more, lets running requests end, and resolves when the last connection is closed. */
  stop(): Promise<void>
}

/** How long a client may take, and how often that is looked at; in milliseconds. */
interface Timeouts {
  headersTimeout: number
  requestTimeout: number
  keepAliveTimeout: number
  connectionsCheckingInterval: number
}

export const patience: Timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
}

const headerBytesMax = 16 * 1024
const urlLengthMax = 4 * 1024

/**
 * Serves `app` on `host` and `port`; port 0 picks a free one. Rejects with one clear sentence, a `ListenError`, when it
 * cannot listen there.
 */
export async function startServer({
  app,
  host,
  port,
  timeouts = patience,
  webSockets = false,
}: {
  app: { fetch(request: Request, bindings: object): Response | Promise<Response> }
  host: string
  port: number
  timeouts?: Timeouts
  /** Whether `app` has routes that accept them. */
  webSockets?: boolean
}): Promise<RunningServer> {
  const answer = getRequestListener(
    (request, bindings) => (request.url.length > urlLengthMax ? urlTooLong() : app.fetch(request, bindings)),
    { errorHandler: lastResort },
  )
  // A missing Host is refused by the listener, with a body; node alone would answer without one.
  const server = createServer({
    ...timeouts,
    maxHeaderSize: headerBytesMax,
    requireHostHeader: false,
    shouldUpgradeCallback: ({ headers }) => webSockets && headers.upgrade?.toLowerCase() === 'websocket',
  })
  const upgraded = new Set<Duplex>()
  let running = 0
  let stopping = false

  server.on('request', (incoming, outgoing) => {
    running += 1
    outgoing.shouldKeepAlive &&= !stopping
    outgoing.once('close', () => {
      running -= 1
      if (stopping && running === 0) server.closeAllConnections()
    })
    void answer(incoming, outgoing)
  })
  server.on('clientError', refuseRaw)
  server.on('upgrade', (incoming, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    answerUpgrade(app, incoming, socket, head).catch(() => socket.destroy())
  })

  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new ListenError(`Cannot listen on ${host}:${port}: ${reasonOf(error)}.`, { cause: error })
  }
  const taken = (server.address() as AddressInfo).port

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    port: taken,
    async stop() {
      stopping = true
      const closed = once(server, 'close')
      server.close()
      if (running === 0) server.closeAllConnections()
      // Once it is closing, the server itself no longer cuts off those who never send the rest of their request.
      const cut = setTimeout(() => {
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }, timeouts.requestTimeout)
      await closed
      clearTimeout(cut)
    },
  }
}

/** The app answers for its own errors; here comes what never reached it, and what is thrown and is no error at all. */
function lastResort(error: unknown): Response {
  return error instanceof RequestError
    ? problem('INVALID_ARGUMENT', { reason: 'its URL or its Host is malformed' })
    : problem('INTERNAL_SERVER_ERROR', { correlationId: 'http/unknown' })
}

function urlTooLong(): Response {
  return problem('INVALID_ARGUMENT', { reason: `its URL is longer than ${urlLengthMax} characters` })
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return 'the port is in use'
    case 'EACCES':
      return 'the port needs more rights than this process has'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

/** Answers what never became a request. The connection is closed: where the next request begins is anyone's guess. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  socket.end(rawProblem(error.code), () => socket.destroy())
}

function rawProblem(errorCode: string | undefined): string {
  const timedOut = errorCode === 'ERR_HTTP_REQUEST_TIMEOUT'
  const reason =
    errorCode === 'HPE_HEADER_OVERFLOW' ? `its headers exceed ${headerBytesMax} bytes` : 'it is not HTTP'
  const status = problemStatus(timedOut ? 'REQUEST_TIMEOUT' : 'INVALID_ARGUMENT')
  const body = JSON.stringify(
    timedOut ? problemDocument('REQUEST_TIMEOUT', {}) : problemDocument('INVALID_ARGUMENT', { reason }),
  )
  const headers = {
    ...guardHeaders,
    'Content-Type': problemMediaType,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`
}
