import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/*
 * The server's side of a WebSocket that only sends (RFC 6455): texts go out as the other side takes them; of what comes in
 * a ping is answered, a close is believed, and everything else is passed over.
 */

/** What RFC 6455 puts after the key. */
const handshakeSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** Nobody has anything to say that is longer. */
const incomingBytesMax = 64 * 1024

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

export const closeCodes = { normal: 1000, goingAway: 1001, tooBig: 1009 } as const

export interface WebSocketSide {
  /** Resolves once there is room for the next. */
  send(text: string): Promise<void>
  ping(): void
  close(code: number): void
  /** Once the other side is gone, or was sent away. */
  readonly gone: Promise<void>
}

/** The key of a handshake that can be accepted. */
export function webSocketKey({ method, headers }: IncomingMessage): string | undefined {
  const key = headers['sec-websocket-key']
  const isHandshake =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    key !== undefined &&
    /^[A-Za-z0-9+/]{22}==$/.test(key)
  return isHandshake ? key : undefined
}

/** Answers the handshake with this key. */
export function acceptWebSocket(key: string, socket: Duplex, head: Buffer): WebSocketSide {
  const accepted = createHash('sha1')
    .update(key + handshakeSuffix)
    .digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write([...lines, `Sec-WebSocket-Accept: ${accepted}`, '', ''].join('\r\n'))
  const { promise: gone, resolve: end } = Promise.withResolvers<void>()
  let isOpen = true
  let incoming: Buffer = head

  function close(code: number): void {
    if (!isOpen) return
    isOpen = false
    const reason = Buffer.alloc(2)
    reason.writeUInt16BE(code)
    // Whoever does not take what was sent would not see the end of it either.
    if (socket.writableNeedDrain) socket.destroy()
    else socket.end(frame(opcodes.close, reason), () => socket.destroy())
    end()
  }

  function read(chunk: Buffer): void {
    incoming = incoming.length === 0 ? chunk : Buffer.concat([incoming, chunk])
    for (let next = firstFrame(incoming); next !== undefined; next = firstFrame(incoming)) {
      incoming = incoming.subarray(next.bytes)
      if (next.opcode === opcodes.close) close(closeCodes.normal)
      if (next.opcode === opcodes.ping && isOpen) socket.write(frame(opcodes.pong, next.payload()))
    }
    if (incoming.length > incomingBytesMax) close(closeCodes.tooBig)
  }

  socket.on('data', read)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    isOpen = false
    end()
  })
  read(Buffer.alloc(0))

  return {
    gone,
    close,
    ping() {
      if (isOpen) socket.write(frame(opcodes.ping, Buffer.alloc(0)))
    },
    async send(text) {
      if (!isOpen || socket.write(frame(opcodes.text, Buffer.from(text)))) return
      await Promise.race([new Promise(resolve => socket.once('drain', resolve)), gone])
    },
  }
}

/** What a server sends is not masked. */
function frame(opcode: number, payload: Buffer): Buffer {
  const length = payload.length
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = 0x80 | opcode
  if (head.length === 2) head[1] = length
  else if (head.length === 4) {
    head[1] = 126
    head.writeUInt16BE(length, 2)
  } else {
    head[1] = 127
    head.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([head, payload])
}

/** The first whole frame; what a client sends is always masked. */
function firstFrame(bytes: Buffer): { opcode: number; bytes: number; payload(): Buffer } | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const short = second & 0x7f
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + lengthBytes + 4
  if (bytes.length < start) return undefined
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < start + length) return undefined
  const mask = bytes.subarray(start - 4, start)
  return {
    opcode: first & 0x0f,
    bytes: start + length,
    payload: () =>
      Buffer.from(bytes.subarray(start, start + length).map((byte, place) => byte ^ (mask[place % 4] ?? 0))),
  }
}
