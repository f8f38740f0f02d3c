import { expect, test } from 'vitest'
import { limitedPart, networkOf } from './network.ts'

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2::7', '2001:db8:1::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1', 'fe80:0:0::/48'],
  ['not an address', null],
])('%s is kept as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('addresses of one IPv6 network count as one', () => {
  expect(limitedPart('2001:db8:1:2::7')).toBe(limitedPart('2001:db8:1:2:a:b:c:d'))
  expect(limitedPart('2001:db8:1:2::7')).not.toBe(limitedPart('2001:db8:1:3::7'))
  expect(limitedPart('203.0.113.77')).toBe('203.0.113.77')
})
