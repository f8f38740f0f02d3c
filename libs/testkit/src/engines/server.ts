import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endWithThisProcess, signalIfRunning } from '../processes.ts'
import { EngineError } from './engine.ts'
import { childrenOf, environmentIn, inNamespace, type Place } from './namespace.ts'

export interface ServerSpec extends Place {
  /** For messages. */
  name: string
  command: string[]
  env: Record<string, string>
  /** Whether it answers its clients by now. */
  isReady(): Promise<boolean>
}

/** One life of a server. */
export interface Server {
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>
}

const startMs = 90_000
const stopMs = 30_000
const pollMs = 20

/** Starts a server and waits until it is ready. It ends with this process, however that ends, and its data goes. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  const { data, name } = spec
  const output = join(data, 'output')
  const child = await spawnServer(spec, output)
  const { pid = 0 } = child
  const guard = endWithThisProcess({ pid, signal: 'SIGKILL', directory: data })
  // The server is the one child of what made its namespace; that ends when the last of the namespace has ended.
  const signal = async (it: NodeJS.Signals) => {
    const [inner = pid] = await childrenOf(pid)
    signalIfRunning(inner, it)
  }
  const end = async (it: NodeJS.Signals) => {
    if (isRunning(child)) await signal(it)
    for (const deadline = Date.now() + stopMs; isRunning(child); await delay(pollMs)) {
      if (Date.now() > deadline) await signal('SIGKILL')
    }
    guard[Symbol.dispose]()
  }

  for (const deadline = Date.now() + startMs; ; await delay(pollMs)) {
    if (isRunning(child) && (await spec.isReady()) && isRunning(child)) return { end, signal }
    if (isRunning(child) && Date.now() < deadline) continue
    await end('SIGKILL')
    throw new EngineError(`${name} did not start`, new Error(await lastWords(output)))
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

async function spawnServer(spec: ServerSpec, output: string): Promise<ChildProcess> {
  const [file, ...args] = inNamespace(spec, spec.command)
  await using log = await open(output, 'a')
  const child = spawn(file, args, {
    cwd: '/',
    env: { ...environmentIn(spec), ...spec.env },
    stdio: ['ignore', log.fd, log.fd],
    // A group of its own: Ctrl-C reaches this process, which ends the server.
    detached: true,
  })
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new EngineError(`${spec.name} cannot be started`, error)
  }
  child.unref()
  return child
}

const lastWords = async (output: string) => (await readFile(output, 'utf8')).trim()
