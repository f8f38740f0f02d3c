import type { Route } from '../upstreams.ts'

/** Says whether a path that a service describes is forwarded to it. What the gateway itself describes is public. */
export function publicPathsOf(table: readonly Route[]): (path: string, service: string) => boolean {
  return (path, service) =>
    service === 'gateway' || table.some((route) => route.service === service && isUnder(path, route.path))
}

// Rows with parameters only say more about what a shorter row forwards already.
const isUnder = (path: string, row: string): boolean => path === row || path.startsWith(`${row}/`)
