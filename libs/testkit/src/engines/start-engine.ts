import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { makeTempDirectory } from '../temp-directory.ts'
import { fillDisk, freeDisk, openDisk } from './disk.ts'
import { type Engine, EngineError } from './engine.ts'
import type { Place } from './place.ts'
import { install, type Recipe } from './recipe.ts'
import { type Launch, startServer } from './server.ts'
import type { Installed } from './sources/installed.ts'

/** An engine whose program runs here, so that others of its programs can be run beside it. */
export interface LocalEngine extends Engine {
  readonly place: Place
  readonly program: string
  readonly env: Launch['env']
}

export interface EngineOptions {
  /** Gives the engine a disk of this size, to be filled; it keeps its data while this process runs. */
  diskMiB?: number
}

const startAttempts = 3

/** Starts an engine of one's own. Somebody may take a free port before it does: then another. */
export async function startEngine(recipe: Recipe, options: EngineOptions = {}): Promise<LocalEngine> {
  const installed = await install(recipe)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(recipe, installed, options)
    } catch (error) {
      if (attempt === startAttempts || !isPortTaken(error)) throw error
    }
  }
}

const isPortTaken = (error: unknown) =>
  error instanceof EngineError && /address already in use|eaddrinuse/i.test(error.message)

async function startOnce(
  recipe: Recipe,
  { root, program, version, from }: Installed,
  { diskMiB }: EngineOptions,
): Promise<LocalEngine> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(await makeTempDirectory(), (it) => rm(it, { recursive: true, force: true }))
  const place = await makePlace(root, { folder, diskMiB, stack })
  const port = await freePort()
  const launch = await recipe.prepare(program, place, port)
  const isReady = () => recipe.isReady(port)
  const start = () => startServer({ name: recipe.name, place, folder, isReady, ...launch })
  let server = await start()
  const kill = () => server.kill()
  stack.defer(kill)
  await recipe.setUp?.(port)
  const running = stack.move()
  return {
    url: recipe.url(port),
    origin: `${recipe.name} ${version}, ${from}`,
    place,
    program,
    env: launch.env,
    stop: () => server.stop(),
    kill,
    async restart() {
      await kill()
      server = await start()
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    fillDisk: async () => fillDisk(ownDisk(place)),
    freeDisk: async () => freeDisk(ownDisk(place)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

interface Space {
  folder: string
  diskMiB: number | undefined
  stack: AsyncDisposableStack
}

async function makePlace(root: string, { folder, diskMiB, stack }: Space): Promise<Place> {
  const mountedAt = join(folder, 'data')
  await mkdir(mountedAt)
  if (diskMiB === undefined) return { root, data: mountedAt, mountedAt }
  const { pid, data } = stack.use(await openDisk(mountedAt, diskMiB))
  return { root, data, mountedAt, disk: pid }
}

function ownDisk({ data, disk }: Place): string {
  if (disk !== undefined) return data
  throw new EngineError('the disk of this engine is that of the machine: start it with `diskMiB` to fill it')
}
