import { isIPv6 } from 'node:net'

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** The first groups of an IPv6 address, with what `::` leaves out written in. */
function groupsOf(address: string, count: number): string {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter((group) => group !== '')
  const after = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after].slice(0, count).join(':')
}

/** The /24 or /48 that an address is in: enough to tell home from abroad, too little to find a person. */
export function networkOf(address: string): string | null {
  const plain = mapped.exec(address)?.[1] ?? address
  if (isIPv6(plain)) return `${groupsOf(plain, 3)}::/48`
  return /^\d+\.\d+\.\d+\.\d+$/.test(plain) ? `${plain.slice(0, plain.lastIndexOf('.'))}.0/24` : null
}

/** What limits count as one address: who has one of an IPv6 /64 has all of it. */
export const limitedPart = (address: string): string => (isIPv6(address) ? groupsOf(address, 4) : address)
