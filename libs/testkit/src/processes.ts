import { spawn } from 'node:child_process'
import { eventually } from './eventually.ts'

/** Kills a process as a power cut would, and waits until it is gone. */
export async function killNine(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await gone(pid)
}

/** Resolves when there is no such process any more. */
export const gone = (pid: number): Promise<void> =>
  eventually(() => {
    if (isRunning(pid)) throw new Error(`process ${pid} still runs`)
  })

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Sends a signal to a process that may have ended by itself just now. */
export function signalIfRunning(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (isRunning(pid)) throw error
  }
}

/**
 * Ends a server, and removes its folder if it has one, when this process dies without doing so itself: a shell waits
 * at the end of a pipe that only this process holds open. Disposing calls it off.
 */
export function endWithThisProcess(server: {
  pid: number
  signal: NodeJS.Signals
  directory?: string
}): Disposable {
  const script = `read -r _; kill -s "$1" "$0"; shift; while kill -0 "$0"; do sleep 0.1; done; rm -rf "$@"`
  const folders = server.directory === undefined ? [] : [server.directory]
  const args = [String(server.pid), server.signal.slice('SIG'.length), ...folders]
  const guard = spawn('/bin/sh', ['-c', script, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  return {
    [Symbol.dispose]: () => void guard.kill('SIGKILL'),
  }
}
