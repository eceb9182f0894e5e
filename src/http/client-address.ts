import { type BlockList, isIP, isIPv6 } from 'node:net'
import type { Context } from 'hono'

/**
 * The address of the client that a request comes from, or `unknown` where there is no connection. X-Forwarded-For is read
 * from the right, where the proxies write, and only as far as each of them is trusted to say who came to it: what a
 * client writes there itself stands further left and is never reached.
 */
export function clientAddress(c: Context, trustedProxies: BlockList): string {
  let address = plainAddress(socketOf(c)?.remoteAddress ?? '')
  if (address === undefined) return 'unknown'
  const hops = c.req.header('x-forwarded-for')?.split(',') ?? []
  while (hops.length > 0 && trustedProxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
    const before = plainAddress(hops.pop()?.trim() ?? '')
    if (before === undefined) break
    address = before
  }
  return address
}

function socketOf(c: Context): { remoteAddress?: string } | undefined {
  const bindings = c.env as { incoming?: { socket: { remoteAddress?: string } } } | undefined
  return bindings?.incoming?.socket
}

/** Without the port and brackets that some proxies add, and IPv4 as such; `undefined` when it is no address. */
function plainAddress(text: string): string | undefined {
  const [, bracketed, withPort] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? []
  const address = (bracketed ?? withPort ?? text).toLowerCase()
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1]
  const plain = mapped ?? address
  return isIP(plain) === 0 ? undefined : plain
}

/**
 * What is counted as one client: an IPv4 address, or the /64 network of an IPv6 one, all of which a single client is
 * given.
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address
  const [left = '', right] = address.split('::')
  const groups = left === '' ? [] : left.split(':')
  const behind = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : 8 - groups.length - behind.length
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...behind]
  return `${all
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
