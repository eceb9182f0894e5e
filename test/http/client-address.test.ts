import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { clientAddress, clientNetwork } from '../../src/http/client-address.ts'
import { networksOf } from '../../src/networks.ts'

const trusted = networksOf(['10.0.0.0/8', 'fd00::/8', '127.0.0.1'])

/** Whom a request over a connection from `remoteAddress` is taken to come from. */
async function addressOf(remoteAddress: string | undefined, forwardedFor?: string): Promise<string> {
  const app = new Hono().get('/', c => c.text(clientAddress(c, trusted)))
  const headers: Record<string, string> =
    forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor }
  const bindings = remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } }
  return (await app.request('/', { headers }, bindings)).text()
}

describe('the address of a client', () => {
  test.each([
    // [connection, X-Forwarded-For, address]
    ['203.0.113.9', undefined, '203.0.113.9'],
    ['::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['2001:db8::1', undefined, '2001:db8::1'],
    // Behind the proxy.
    ['10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.1', '203.0.113.9, fd00::2, 10.0.0.3', '203.0.113.9'],
    ['10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    // Forged: by who comes directly, in front of what the proxy adds, and by what is no address.
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['203.0.113.9', '10.0.0.1', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '10.9.9.9, 198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', ',,,', '10.0.0.1'],
    [undefined, '203.0.113.9', 'unknown'],
  ])('of a connection from %s that forwards for %s is %s', async (connection, forwardedFor, address) => {
    expect(await addressOf(connection, forwardedFor)).toBe(address)
  })
})

describe('what is counted as one client', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('is, of %s, %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network)
  })
})
