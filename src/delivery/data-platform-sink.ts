import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { type Clock, isoTime } from '../clock.ts'
import type { OwedEvent } from '../runtime/outbox-relay.ts'
import { signedHeaders } from './webhook-signature.ts'

/** The outbox topic that the data platform is sent. */
export const dataPlatformTopic = 'payments'

const answerMsMax = 10_000
/** At least as many as the relay delivers at once. */
const connectionsMax = 64

/** Where the data platform is and what events are signed with. */
export interface DataPlatform {
  readonly url: string
  readonly secret: string
}

/**
 * The sink that posts each event to the data platform, signed. Any 2xx is delivery; a redirect, as every other answer, is
 * none. The same event has the same id and the same body however often it is sent.
 */
export function createDataPlatformSink({ url, secret }: DataPlatform, clock: Clock) {
  const target = new URL(url)
  const secure = target.protocol === 'https:'
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: connectionsMax })
  const send = secure ? httpsRequest : httpRequest

  return {
    deliver: (event: OwedEvent): Promise<void> =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(bodyOf(event))
        const headers = {
          'content-type': 'application/json',
          'content-length': body.length,
          'user-agent': 'recoup',
          ...signedHeaders(secret, { id: event.eventId, now: clock.now(), body }),
        }
        const post = send(target, { method: 'POST', agent, headers }, response => {
          const { statusCode = 0 } = response
          if (statusCode >= 200 && statusCode < 300) resolve()
          else reject(new Error(`it answered ${statusCode}`))
          // What it says is of no interest, but has to be read for the connection to be used again.
          response.resume()
        })
        const cancel = clock.wait(answerMsMax, () => post.destroy(new Error('it did not answer in time')))
        post.on('error', reject)
        post.on('close', cancel)
        post.end(body)
      }),

    /** Why no connection can be made, or `undefined` when one can. */
    unreachable: (): Promise<string | undefined> =>
      new Promise(resolve => {
        const port = Number(target.port || (secure ? 443 : 80))
        const socket = connect({ host: target.hostname.replace(/^\[|\]$/g, ''), port })
        const end = (fault?: string) => {
          cancel()
          socket.destroy()
          resolve(fault)
        }
        const cancel = clock.wait(answerMsMax, () => end('it does not answer'))
        socket.once('connect', () => end())
        socket.once('error', error => end(error.message || String((error as NodeJS.ErrnoException).code)))
      }),

    /** Its name and port, without what a URL may carry in secret. */
    host: target.host,

    /** Lets go of its connections. */
    close: () => agent.destroy(),
  }
}

/** What is posted; times within are ISO-8601. */
function bodyOf({ eventId, message, createdAt }: OwedEvent): string {
  const { type, ...fields } = message
  const data = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name.endsWith('At') && typeof value === 'number' ? isoTime(value) : value,
    ]),
  )
  return JSON.stringify({ id: eventId, type, createdAt: isoTime(createdAt), data })
}
