import { describe, expect, it } from 'vitest'
import { type Response, ResponseParser } from '../../bench/response-parser.ts'

const bytes = Buffer.from(
  'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}' +
    'HTTP/1.1 204 No Content\r\nX-Content-Length: 9\r\n\r\n' +
    'HTTP/1.1 409 Conflict\r\nContent-Length:3\r\nKeep-Alive: timeout=5\r\n\r\n"\r"',
)
const expected = [
  { status: 201, body: '{"a":1}' },
  { status: 204, body: '' },
  { status: 409, body: '"\r"' },
]

function parse(...chunks: readonly Buffer[]): Omit<Response, 'head'>[] {
  const responses: Omit<Response, 'head'>[] = []
  const parser = new ResponseParser(({ status, body }) => responses.push({ status, body }))
  for (const chunk of chunks) parser.push(chunk)
  return responses
}

describe('ResponseParser', () => {
  it('reads several responses out of one chunk', () => {
    expect(parse(bytes)).toEqual(expected)
  })

  it('reads the same responses when the bytes are split anywhere', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(parse(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(expected)
    }
  })

  it('reads the same responses byte by byte', () => {
    expect(parse(...Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))).toEqual(expected)
  })

  it('counts the length of a body in bytes, not characters', () => {
    const body = Buffer.from('"é"')
    const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
    expect(parse(head, body, head, body)).toHaveLength(2)
  })

  it('refuses a response whose length it cannot know', () => {
    expect(() => parse(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))).toThrow(
      'cannot read',
    )
  })
})
