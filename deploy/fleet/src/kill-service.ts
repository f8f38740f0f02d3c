import { setTimeout as delay } from 'node:timers/promises'
import { findInstance, type ServiceName, StartRefusedError } from '@sandkeep/embedded/parts'

const pollMs = 50
const patienceMs = 60_000

/** Kills a service of the fleet on a data directory, and answers a sentence about its return. */
export async function killService(dataDirectory: string, name: ServiceName): Promise<string> {
  const killed = (await findInstance(dataDirectory))?.services[name]?.pid
  if (!killed) throw new StartRefusedError(`No fleet runs on ${dataDirectory}: npm run fleet starts one.`)
  const startedAt = Date.now()
  process.kill(killed, 'SIGKILL')
  while (Date.now() - startedAt < patienceMs) {
    const now = (await findInstance(dataDirectory))?.services[name]
    if (now?.isReady && now.pid !== killed) {
      const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
      return `${name} (process ${killed}) was killed, and is back as process ${now.pid} after ${seconds} s.`
    }
    await delay(pollMs)
  }
  throw new Error(`${name} (process ${killed}) was killed and is not back; the fleet's log says why.`)
}
