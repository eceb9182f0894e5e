import type { Random } from '../crash/random.ts'
import type { FuzzRequest } from './fuzz-request.ts'

/** What goes over a connection. One character is one byte. */
export interface RawRequest {
  readonly text: string
  /** Whether the server has all of it and answers; else it may wait for more. */
  readonly whole: boolean
}

const oddLines = [
  ...[
    'X',
    ': x',
    ' folded',
    'X : x',
    'X: \u0000',
    'X: \u007f',
    `X: ${'x'.repeat(20_000)}`,
    'Host: other',
    'Content-Length: 3',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked, chunked',
    'Expect: 100-continue',
  ],
  ...[
    'Expect: miracles',
    'Upgrade: websocket\r\nConnection: Upgrade',
    'Connection: keep-alive',
    'TE: trailers',
    'Content-Encoding: gzip',
  ],
  ...[
    'Host: a b',
    'Host: [',
    'Host: ',
    'Host: user@shop',
    `${'X-Many: 1\r\n'.repeat(1_500)}X: 1`,
    'X: a\nY: b',
    'X: a\rY: b',
  ],
]

const oddFirstLines = [
  ...[
    'GET',
    'GET / HTTP/9.9',
    'GET / HTTP/1.0',
    'get / HTTP/1.1',
    'GET  /  HTTP/1.1',
    'GET http://other/livez HTTP/1.1',
    'GET * HTTP/1.1',
  ],
  ...[
    'CONNECT shop:80 HTTP/1.1',
    'PRI * HTTP/2.0',
    'OPTIONS * HTTP/1.1',
    'GET //evil.example/ HTTP/1.1',
    'GET /\u00ff HTTP/1.1',
  ],
  ...[
    '\u0016\u0003\u0001\u0002\u0000\u0001',
    `GET /${'x'.repeat(5_000)} HTTP/1.1`,
    `GET /${'x'.repeat(30_000)} HTTP/1.1`,
    'GET /\\..\\x HTTP/1.1',
  ],
]

/** Writes a request as HTTP/1.1, and spoils about half of them. */
export function rawOf(request: FuzzRequest, random: Random): RawRequest {
  const { method, target, headers, body = '' } = request
  const kind = random.below(100)
  const first = kind >= 90 ? one(oddFirstLines, random) : `${method} ${encoded(target)} HTTP/1.1`
  const chunked = body !== '' && kind < 15
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  const given = Object.entries(headers).filter(([name]) => name !== 'Content-Length')
  const lines = [first, 'Host: shop', 'Connection: close', ...(body === '' ? [] : [framing])]
  lines.push(...given.map(([name, value]) => `${name}: ${value}`))
  if (kind >= 70 && kind < 90) lines.splice(1 + random.below(lines.length), 0, one(oddLines, random))
  const text = `${lines.join('\r\n')}\r\n\r\n${chunked ? chunksOf(body, random) : body}`
  if (kind >= 55 && kind < 65) return { text: flipped(text, random), whole: false }
  if (kind >= 65 && kind < 70) return { text: text.slice(0, random.below(text.length)), whole: false }
  return { text, whole: kind < 55 }
}

function one<T>(of: readonly T[], random: Random): T {
  return of[random.below(of.length)] as T
}

/** What a URL cannot hold as it stands is escaped, so that it gets past the parser and to the app. */
const encoded = (target: string) => target.replace(/[^!-~]/g, char => encodeURIComponent(char.toWellFormed()))

function chunksOf(body: string, random: Random): string {
  const chunks: string[] = []
  for (let at = 0; at < body.length; ) {
    const chunk = body.slice(at, at + 1 + random.below(body.length))
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    at += chunk.length
  }
  return `${chunks.join('')}0\r\n\r\n`
}

/** Some of its bytes are other ones, or there twice. */
function flipped(text: string, random: Random): string {
  let spoilt = text
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const at = random.below(spoilt.length)
    const byte = String.fromCharCode(random.below(256))
    spoilt = spoilt.slice(0, at) + byte + spoilt.slice(at + (random.chance(70) ? 1 : 0))
  }
  return spoilt
}
