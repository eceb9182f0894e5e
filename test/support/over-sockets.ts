import { Agent, request } from 'node:http'
import type { Send } from './client.ts'

/** As many as a listening socket lets wait at its door; more would be told to knock again a second later. */
const socketsMax = 500

/** Sends to the server at `url`, many requests at once. Rejects when the connection breaks before the whole answer is there. */
export function overSockets(url: string): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax })
  return (path, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const outgoing = request(url + path, { method, headers, agent }, incoming => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk: string) => {
          text += chunk
        })
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve(
            new Response(text, {
              status: incoming.statusCode ?? 0,
              headers: incoming.headers as Record<string, string>,
            }),
          ),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}
