import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acceptWebSocket, type WebSocketSide, webSocketKey } from '../../src/http/web-socket.ts'

/** A server that accepts every handshake, and its side of what came last. */
async function openServer() {
  const server = createServer()
  const { promise: accepted, resolve } = Promise.withResolvers<WebSocketSide>()
  server.on('upgrade', (incoming, socket, head) => {
    resolve(acceptWebSocket(webSocketKey(incoming) ?? '', socket, head))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, accepted }
}

/** A socket that has shaken hands, and everything that came after that. */
async function shakeHands(port: number, more: Buffer = Buffer.alloc(0)) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const lines = ['GET / HTTP/1.1', 'Host: shop', 'Connection: Upgrade', 'Upgrade: websocket']
  const head = [...lines, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', '']
  socket.write(Buffer.concat([Buffer.from(head.join('\r\n')), more]))
  let came = Buffer.alloc(0)
  let changed = () => {}
  const look = () => changed()
  socket.on('data', (chunk: Buffer) => {
    came = Buffer.concat([came, chunk])
    look()
  })
  socket.on('close', look)
  async function until(condition: (bytes: Buffer) => boolean): Promise<Buffer> {
    while (!condition(came)) {
      await new Promise<void>(resolve => {
        changed = resolve
      })
    }
    return came
  }
  const answer = (await until(bytes => bytes.includes('\r\n\r\n'))).toString('latin1')
  const start = answer.indexOf('\r\n\r\n') + 4
  return {
    socket,
    answer: answer.slice(0, start),
    received: (length: number) => until(b => b.length >= start + length).then(b => b.subarray(start)),
  }
}

/** A frame as clients send it. */
function masked(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([1, 2, 3, 4])
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0xfe, payload.length >> 8, payload.length & 0xff])
  const body = Buffer.from(payload.map((byte, place) => byte ^ (mask[place % 4] ?? 0)))
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, body])
}

describe('a WebSocket', () => {
  it('accepts the key of the RFC with the answer of the RFC', async () => {
    const { port } = await openServer()
    const { answer } = await shakeHands(port)
    expect(answer).toMatch(/^HTTP\/1\.1 101 /)
    expect(answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  it.each([0, 125, 126, 65_535, 65_536, 300_000])('sends a text of %i bytes as it is', async length => {
    const { port, accepted } = await openServer()
    const client = new WebSocket(`ws://127.0.0.1:${port}`)
    const came = new Promise(resolve => {
      client.onmessage = ({ data }) => resolve(data)
    })
    const side = await accepted
    await side.send('x'.repeat(length))
    expect(await came).toBe('x'.repeat(length))
    client.close()
    await side.gone
  })

  it('answers a ping with what was in it, also one that came with the handshake', async () => {
    const { port } = await openServer()
    const { received, socket } = await shakeHands(port, masked(9, Buffer.from('a')))
    expect((await received(3)).toString('latin1')).toBe('\x8a\x01a')
    socket.write(masked(9, Buffer.from('bc')))
    expect((await received(7)).toString('latin1')).toBe('\x8a\x01a\x8a\x02bc')
  })

  it('passes over what is said to it, in whatever pieces it comes', async () => {
    const { port } = await openServer()
    const { received, socket } = await shakeHands(port)
    const said = Buffer.concat([masked(1, Buffer.alloc(1_000, 'x')), masked(9, Buffer.from('p'))])
    socket.setNoDelay(true)
    for (const byte of said) socket.write(Buffer.from([byte]))
    expect((await received(3)).toString('latin1')).toBe('\x8a\x01p')
  })

  it('closes when it is told to, and says so', async () => {
    const { port, accepted } = await openServer()
    const { received, socket } = await shakeHands(port, masked(8, Buffer.from([3, 232])))
    expect([...(await received(4))]).toEqual([0x88, 2, 3, 232])
    await (await accepted).gone
    await once(socket, 'close')
  })

  it('sends away whoever says too much', async () => {
    const { port } = await openServer()
    const { received, socket } = await shakeHands(port)
    const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3, 4])
    socket.on('error', () => {})
    socket.write(Buffer.concat([head, Buffer.alloc(70_000)]))
    expect([...(await received(4))]).toEqual([0x88, 2, 3, 241])
  })

  it.each([
    ['another method', { method: 'POST' }, {}],
    ['another version', {}, { 'sec-websocket-version': '8' }],
    ['no key', {}, { 'sec-websocket-key': undefined }],
    ['a key of another length', {}, { 'sec-websocket-key': 'dGhlIHNhbXBsZQ==' }],
    ['another protocol', {}, { upgrade: 'h2c' }],
  ])('is none with %s', (_what, request, changedHeaders) => {
    const headers = {
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    expect(webSocketKey({ method: 'GET', headers } as never)).toBe('dGhlIHNhbXBsZSBub25jZQ==')
    const changed = { method: 'GET', ...request, headers: { ...headers, ...changedHeaders } }
    expect(webSocketKey(changed as never)).toBeUndefined()
  })
})
