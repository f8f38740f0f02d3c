import { BlockList, isIPv6 } from 'node:net'
import { type App, DomainError } from '@sandkeep/service-kit'

/** For everybody else it does not exist. */
class OnlyInsideError extends DomainError {
  override readonly name = 'OnlyInsideError'
  constructor(path: string) {
    super({ kind: 'not_found', code: 'route_not_found', message: `There is no GET ${path}.` })
  }
}

// Loopback, private and link-local networks.
const inside = new BlockList()
inside.addSubnet('127.0.0.0', 8)
inside.addSubnet('10.0.0.0', 8)
inside.addSubnet('172.16.0.0', 12)
inside.addSubnet('192.168.0.0', 16)
inside.addSubnet('169.254.0.0', 16)
inside.addAddress('::1', 'ipv6')
inside.addSubnet('fc00::', 7, 'ipv6')
inside.addSubnet('fe80::', 10, 'ipv6')

/** Shows the metrics to the own network alone: the gateway is what the world can reach. */
export function keepMetricsInside(app: App): void {
  app.addHook('onRequest', async ({ ip, routeOptions: { url } }) => {
    if (url === '/metrics' && !isInside(ip)) throw new OnlyInsideError(url)
  })
}

const isInside = (ip: string): boolean => inside.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
