import { isIPv4, isIPv6 } from 'node:net'

/** The /24 or /48 that an address is in: enough to tell home from abroad, too little to find a person. */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:/i, '')
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return null
  const [head = ''] = plain.split('::')
  const groups = [...head.split(':'), '0', '0', '0'].filter((group) => group !== '').slice(0, 3)
  return `${groups.join(':')}::/48`
}
