/** Where a URL's server listens. That of an object store stands in its `endpoint`. */
export function serverAddress(url: string): { host: string; port: number } {
  const { hostname: host, port } = endpointOf(new URL(url))
  if (port === '') throw new Error(`the URL of a server behind a proxy names its port: ${host}`)
  return { host, port: Number(port) }
}

/** The same URL, with a port of 127.0.0.1 in place of its server's address. */
export function atPort(url: string, port: number): string {
  const address = new URL(url)
  const endpoint = endpointOf(address)
  endpoint.hostname = '127.0.0.1'
  endpoint.port = String(port)
  if (endpoint !== address) address.searchParams.set('endpoint', endpoint.origin)
  return address.href
}

function endpointOf(url: URL): URL {
  const endpoint = url.searchParams.get('endpoint')
  return endpoint === null ? url : new URL(endpoint)
}
