import { describe, expect, it } from 'vitest'
import { isAddressOrNetwork, networksOf } from '../src/networks.ts'

describe('isAddressOrNetwork', () => {
  it.each(['10.0.0.7', '10.0.0.0/8', '0.0.0.0/0', '::1', 'fd00::/8', '2001:db8::1/128'])('takes %s', text => {
    expect(isAddressOrNetwork(text)).toBe(true)
  })

  it.each([
    '',
    'gateway',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '*',
  ])('does not take "%s"', text => {
    expect(isAddressOrNetwork(text)).toBe(false)
  })
})

describe('networksOf', () => {
  it('knows the addresses that are named, and those of a named network', () => {
    const networks = networksOf(['10.0.0.7', '192.168.0.0/16', 'fd00::/8'])
    expect(networks.check('10.0.0.7')).toBe(true)
    expect(networks.check('10.0.0.8')).toBe(false)
    expect(networks.check('192.168.9.9')).toBe(true)
    expect(networks.check('fd12::1', 'ipv6')).toBe(true)
    expect(networks.check('fe80::1', 'ipv6')).toBe(false)
  })
})
