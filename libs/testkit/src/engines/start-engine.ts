import { rm } from 'node:fs/promises'
import { freePort } from '../free-port.ts'
import { makeTempDirectory } from '../temp-directory.ts'
import { type Engine, EngineError } from './engine.ts'
import type { Place } from './namespace.ts'
import { install, type Launch, type Recipe } from './recipe.ts'
import { startServer } from './server.ts'
import type { Installed } from './sources/installed.ts'

/** An engine whose program runs here, so that others of its programs can be run beside it. */
export interface LocalEngine extends Engine {
  readonly place: Place
  readonly program: string
  readonly env: Launch['env']
}

const startAttempts = 3

/** Starts an engine of one's own. Somebody may take a free port before it does: then another. */
export async function startEngine(recipe: Recipe): Promise<LocalEngine> {
  const installed = await install(recipe)
  for (let attempt = 1; ; attempt++) {
    const data = await makeTempDirectory()
    try {
      return await startOnce(recipe, installed, data)
    } catch (error) {
      await rm(data, { recursive: true, force: true })
      if (attempt === startAttempts || !isPortTaken(error)) throw error
    }
  }
}

const isPortTaken = (error: unknown) =>
  error instanceof EngineError && /address already in use|eaddrinuse/i.test(error.message)

async function startOnce(recipe: Recipe, installed: Installed, data: string): Promise<LocalEngine> {
  const { root, program, version, from } = installed
  const place = { root, data }
  const port = await freePort()
  const launch = await recipe.prepare(program, place, port)
  const start = () => startServer({ name: recipe.name, ...place, ...launch })
  let server = await start()
  const kill = () => server.end('SIGKILL')
  return {
    url: recipe.url(port),
    origin: `${recipe.name} ${version}, ${from}`,
    place,
    program,
    env: launch.env,
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
      await rm(data, { recursive: true, force: true })
    },
  }
}
