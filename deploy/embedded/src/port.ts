import { once } from 'node:events'
import { createServer } from 'node:net'
import type { ServiceName } from './settings.ts'
import { StartRefusedError } from './start-refused-error.ts'

/** A port that nobody else can take until it is released, a moment before its service listens. */
interface ReservedPort extends AsyncDisposable {
  port: number
  release(): Promise<void>
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used without more rights',
  EADDRNOTAVAIL: 'is at an address that this machine does not have',
}

/** Reserves a port; 0 takes a free one. Throws `StartRefusedError` when it cannot be had. */
async function reservePort(host: string, wanted = 0): Promise<ReservedPort> {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(wanted, host)
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const reason = reasons[code] ?? `cannot be used (${code})`
    throw new StartRefusedError(`Port ${wanted} of ${host} ${reason}. Choose another: PORT=8081 npm start`)
  }
  const address = server.address()
  const release = async () => {
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : wanted,
    release,
    [Symbol.asyncDispose]: release,
  }
}

/** Throws `StartRefusedError` when a port cannot be had now; 0 always can. */
export async function requirePort(host: string, wanted: number): Promise<void> {
  const reserved = await reservePort(host, wanted)
  await reserved.release()
}

export type Ports = Record<ServiceName, ReservedPort>

/** A port for each service: the gateway's as it was chosen, for the others free ones of this machine alone. */
export async function reservePorts(
  wanted: { host: string; gateway: number },
  stack: AsyncDisposableStack,
): Promise<Ports> {
  return {
    gateway: stack.use(await reservePort(wanted.host, wanted.gateway)),
    identity: stack.use(await reservePort('127.0.0.1')),
    sandbox: stack.use(await reservePort('127.0.0.1')),
  }
}
