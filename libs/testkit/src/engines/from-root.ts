import { rm } from 'node:fs/promises'
import { freePort } from '../free-port.ts'
import { makeTempDirectory } from '../temp-directory.ts'
import { debianRoot, type Release } from './debian-root.ts'
import { type Engine, EngineError } from './engine.ts'
import type { Place } from './namespace.ts'
import { type ServerSpec, startServer } from './server.ts'

export type Recipe = Pick<ServerSpec, 'command' | 'env' | 'isReady'>

export interface RootEngine extends Engine {
  readonly place: Place
  readonly env: Recipe['env']
}

export interface RootEngineOptions {
  name: string
  release: Release
  /** How to run it over an empty data folder, and where clients find it. */
  prepare(place: Place, port: number): Promise<Recipe>
  url(port: number): string
}

const startAttempts = 3

/** An engine from the packages of a Debian release. Somebody may take a free port before it does: then another. */
export async function startFromRoot(options: RootEngineOptions): Promise<RootEngine> {
  const root = await debianRoot(options.release)
  for (let attempt = 1; ; attempt++) {
    const data = await makeTempDirectory()
    try {
      return await startOnce(options, { root, data })
    } catch (error) {
      await rm(data, { recursive: true, force: true })
      if (attempt === startAttempts || !isPortTaken(error)) throw error
    }
  }
}

const isPortTaken = (error: unknown) =>
  error instanceof EngineError && /address already in use|eaddrinuse/i.test(error.message)

async function startOnce(
  { name, release, prepare, url }: RootEngineOptions,
  place: Place,
): Promise<RootEngine> {
  const port = await freePort()
  const recipe = await prepare(place, port)
  const start = () => startServer({ name, ...place, ...recipe })
  let server = await start()
  const kill = () => server.end('SIGKILL')
  return {
    url: url(port),
    origin: `${name} from Debian ${release}`,
    place,
    env: recipe.env,
    stop: () => server.end('SIGTERM'),
    kill,
    async restart() {
      await kill()
      server = await start()
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(place.data, { recursive: true, force: true })
    },
  }
}
