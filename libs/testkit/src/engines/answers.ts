import { once } from 'node:events'
import { connect } from 'node:net'

const patienceMs = 1_000

/** Whether a server at this port of 127.0.0.1 replies to the bytes (as latin1) with what is expected. */
export async function answers(
  port: number,
  sent: string,
  isExpected: (reply: string) => boolean,
): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const hungUp = new AbortController()
  socket.once('close', () => hungUp.abort())
  try {
    socket.setEncoding('latin1').write(sent, 'latin1')
    const signal = AbortSignal.any([hungUp.signal, AbortSignal.timeout(patienceMs)])
    const [data]: unknown[] = await once(socket, 'data', { signal })
    return typeof data === 'string' && isExpected(data)
  } catch {
    return false
  } finally {
    socket.on('error', () => {}).destroy()
  }
}

/** Whether a server answers a GET of the URL with the status. */
export async function answersHttp(url: string, status: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    await response.body?.cancel()
    return response.status === status
  } catch {
    return false
  }
}
