import type { RouteOptions } from 'fastify'
import type { Authorization } from '../auth/authorization.ts'

/** Collects what is wrong with the routes of a service; a service with a fault does not start. */
export function createRouteRules(authorization: Authorization) {
  const faults: string[] = []
  const seen = new Map<string, string>()

  function check({ method, url, operation, auth }: RouteOptions): void {
    const name = `${[method].flat().join('|')} ${url}`
    if (operation === undefined) faults.push(`${name} has no operation`)
    else if (seen.has(operation)) faults.push(`${name} and ${seen.get(operation)} are both ${operation}`)
    else seen.set(operation, name)
    const isInMatrix = operation !== undefined && operation in authorization
    if (auth === undefined && !isInMatrix)
      faults.push(`${name} has no auth rule: add it to the authorization matrix`)
    if (auth !== undefined && isInMatrix)
      faults.push(`${name} is ${auth} and also in the authorization matrix`)
  }

  return {
    check,
    /** Throws one error that lists every fault. */
    enforce(): void {
      const missing = Object.keys(authorization).filter((operation) => !seen.has(operation))
      const all = [
        ...faults,
        ...missing.map((it) => `the authorization matrix names ${it}, which no route has`),
      ]
      if (all.length > 0) throw new Error(`the routes are not as they must be:\n  ${all.join('\n  ')}`)
    },
  }
}
