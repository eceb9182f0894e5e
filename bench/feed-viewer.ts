import { get, type IncomingMessage } from 'node:http'

/** What a viewer was sent. */
interface Seen {
  rows: number
  gaps: number
  bytes: number
}

interface FeedViewer {
  readonly seen: Seen
  leave(): void
}

/** Watches everything, and takes what comes as fast as it comes. Resolves once the feed has begun. */
export async function startFeedViewer(port: number, operatorToken: string): Promise<FeedViewer> {
  const headers = { Authorization: `Bearer ${operatorToken}`, Accept: 'text/event-stream' }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = get({ port, host: '127.0.0.1', path: '/operator/feed', headers }, resolve)
  request.on('error', reject)
  const answer = await promise
  if (answer.statusCode !== 200) throw new Error(`The feed answered ${answer.statusCode}`)
  const seen = { rows: 0, gaps: 0, bytes: 0 }
  answer.on('data', (chunk: Buffer) => {
    seen.bytes += chunk.length
    seen.rows += occurrences(chunk, 'event: transitions')
    seen.gaps += occurrences(chunk, 'event: gap')
  })
  return { seen, leave: () => request.destroy() }
}

/** Those that a boundary of two chunks cuts are not counted: it is a matter of a few. */
function occurrences(chunk: Buffer, text: string): number {
  let count = 0
  for (let at = chunk.indexOf(text); at >= 0; at = chunk.indexOf(text, at + text.length)) count += 1
  return count
}
