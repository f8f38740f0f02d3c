import { once } from 'node:events'
import { connect } from 'node:net'

const patienceMs = 1_000

/** Whether a server at this port of 127.0.0.1 replies to the bytes with the given ones. */
export async function answers(port: number, sent: string, expected: string): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    socket.setEncoding('latin1').write(sent, 'latin1')
    const [data]: unknown[] = await once(socket, 'data', { signal: AbortSignal.timeout(patienceMs) })
    return typeof data === 'string' && data.startsWith(expected)
  } catch {
    return false
  } finally {
    socket.on('error', () => {}).destroy()
  }
}
