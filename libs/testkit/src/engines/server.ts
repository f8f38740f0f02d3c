import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { endWithThisProcess, signalIfRunning } from '../processes.ts'
import { EngineError } from './engine.ts'
import { inPlace } from './namespace.ts'
import { environmentIn, type Place } from './place.ts'
import { childrenOf, freeze, thaw, treeOf } from './process-tree.ts'

/** How to run a server's program. */
export interface Launch {
  command: string[]
  env: Record<string, string>
  /** What an administrator would send; SIGTERM unless given. */
  stopSignal?: NodeJS.Signals
}

export interface ServerSpec extends Launch {
  /** For messages. */
  name: string
  place: Place
  /** Holds what it prints, and its data. */
  folder: string
  /** Whether it answers its clients by now. */
  isReady(): Promise<boolean>
}

/** One life of a server. */
export interface Server {
  /** Ask it to end, or make it end; waits until it has. */
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
}

const startMs = 90_000
const stopMs = 30_000
const askAgainMs = 5_000
const pollMs = 20

/** Starts a server and waits until it is ready. It ends with this process, however that ends, and its folder goes. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  const output = `${spec.folder}/output`
  const [file = '', ...args] = await inPlace(spec.place, spec.command)
  const child = await spawnServer(spec, [file, ...args], output)
  const { pid = 0 } = child
  const guard = endWithThisProcess({ pid, signal: 'SIGKILL', directory: spec.folder })
  // In namespaces of its own it is the one child of what made them, which ends when the last in them has ended.
  const isInside = file !== spec.command[0]
  const inner = async () => (isInside ? ((await childrenOf(pid))[0] ?? pid) : pid)

  const killAll = async () => {
    for (const it of await treeOf(await inner())) signalIfRunning(it, 'SIGKILL')
  }
  const ended = async (askAgain = killAll) => {
    const asked = Date.now()
    for (let next = askAgainMs; isRunning(child); await delay(pollMs)) {
      const waited = Date.now() - asked
      if (waited > stopMs) await killAll()
      else if (waited > next) {
        next += askAgainMs
        await askAgain()
      }
    }
    guard[Symbol.dispose]()
  }
  const server: Server = {
    async stop() {
      const ask = async () => signalIfRunning(await inner(), spec.stopSignal ?? 'SIGTERM')
      if (isRunning(child)) await ask()
      // Some take connections before they listen to signals.
      await ended(ask)
    },
    async kill() {
      if (isRunning(child)) await killAll()
      await ended()
    },
    pause: async () => freeze(await inner()),
    resume: async () => thaw(await inner()),
  }

  for (const deadline = Date.now() + startMs; ; await delay(pollMs)) {
    if (isRunning(child) && (await spec.isReady()) && isRunning(child)) return server
    if (isRunning(child) && Date.now() < deadline) continue
    await server.kill()
    throw new EngineError(`${spec.name} did not start`, new Error(await lastWords(output)))
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

async function spawnServer(
  { name, place, env }: ServerSpec,
  [file, ...args]: [file: string, ...args: string[]],
  output: string,
): Promise<ChildProcess> {
  await using log = await open(output, 'a')
  const child = spawn(file, args, {
    cwd: '/',
    env: { ...environmentIn(place), ...env },
    stdio: ['ignore', log.fd, log.fd],
    // A group of its own: Ctrl-C reaches this process, which ends the server.
    detached: true,
  })
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new EngineError(`${name} cannot be started`, error)
  }
  child.unref()
  return child
}

const lastWords = async (output: string) => (await readFile(output, 'utf8')).trim()
