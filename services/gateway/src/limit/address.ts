import { isIPv4, isIPv6 } from 'node:net'

/**
 * What an address counts as. One household or school has a whole /64 of IPv6, so counting single addresses
 * would count nothing; an IPv4 address that arrives as IPv6 is still the IPv4 address.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (isIPv4(address)) return address
  return isIPv6(address) ? `${firstGroups(address, 4).join(':')}::/64` : 'unknown'
}

function firstGroups(address: string, count: number): string[] {
  const [head = '', tail] = address.split('%', 1).join('').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after]
  return groups.slice(0, count).map((group) => Number.parseInt(group, 16).toString(16))
}
