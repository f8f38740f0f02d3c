import { setTimeout as delay } from 'node:timers/promises'
import type { WaitStrategy } from 'testcontainers'
import { freePort } from '../../free-port.ts'
import { type Engine, EngineError } from '../engine.ts'
import type { Recipe } from '../recipe.ts'
import type { EngineOptions } from '../start-engine.ts'
import { type Docker, findDocker } from './docker.ts'
import { pull } from './image.ts'
import { loopbackContainer } from './loopback-container.ts'
import { removeWithThisProcess } from './remove-with-this-process.ts'
import { openVolume, type Volume } from './volume.ts'

/** An engine in a container, where others of its programs can be run beside it. */
export interface ContainerEngine extends Engine {
  /** Answers what the command printed; throws an `EngineError` where it fails. */
  exec(command: string[]): Promise<string>
}

type Container = ReturnType<Docker['client']['container']['getById']>

const startMs = 90_000
const stopSeconds = 30
const pollMs = 50

/**
 * Starts the upstream image of an engine, on a port of 127.0.0.1 that it keeps. Answers null where no Docker engine
 * is, and throws an `EngineError` where there is one that has no such image or cannot run it.
 */
export async function startContainer(
  recipe: Recipe,
  options: EngineOptions,
): Promise<ContainerEngine | null> {
  const docker = await findDocker()
  if (docker === null) return null
  await pull(docker, recipe.image.name)
  try {
    return await start(docker, recipe, options)
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw new EngineError(`Docker cannot run ${recipe.image.name}`, error)
  }
}

async function start(docker: Docker, recipe: Recipe, { diskMiB }: EngineOptions): Promise<ContainerEngine> {
  const { image } = recipe
  await using stack = new AsyncDisposableStack()
  const labels = removeWithThisProcess(docker.socket)
  const volume =
    diskMiB === undefined ? undefined : stack.use(await openVolume(docker, image, { diskMiB, labels }))
  const port = await freePort()
  const inside = image.port === 'same' ? port : image.port
  const definition = loopbackContainer(docker, image, { inside, port })
    .withLabels(labels)
    .withWaitStrategy(waitFor(() => untilReady(recipe, port)))
  if (volume) definition.withBindMounts([{ source: volume.name, target: image.data }])
  const container = docker.client.container.getById((await definition.start()).getId())
  stack.defer(() => container.remove({ force: true, v: true }))
  const exec = (command: string[]) => execIn(docker, container, command)
  if (image.setUp) await exec(image.setUp(inside))
  await recipe.setUp?.(port)
  const running = stack.move()
  return {
    url: recipe.url(port),
    origin: `${image.name}, container of Docker`,
    exec,
    ...lifeOf(container, () => untilReady(recipe, port)),
    fillDisk: async () => owned(volume).fill(),
    freeDisk: async () => owned(volume).free(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function lifeOf(container: Container, ready: () => Promise<void>) {
  const isRunning = async () => (await container.inspect()).State.Running
  const kill = async () => {
    if (await isRunning()) await container.kill()
    await container.wait()
  }
  return {
    kill,
    async stop() {
      if (await isRunning()) await container.stop({ t: stopSeconds })
    },
    async restart() {
      await kill()
      await container.start()
      await ready()
    },
    pause: () => container.pause(),
    resume: () => container.unpause(),
  }
}

async function execIn({ client }: Docker, container: Container, command: string[]): Promise<string> {
  const failed = `${command.join(' ')} failed`
  const { exitCode, output } = await client.container.exec(container, command).catch((error) => {
    throw new EngineError(failed, error)
  })
  if (exitCode !== 0) throw new EngineError(failed, new Error(output.trim()))
  return output
}

function owned(volume: Volume | undefined): Volume {
  if (volume) return volume
  throw new EngineError('the disk of this engine is that of the machine: start it with `diskMiB` to fill it')
}

async function untilReady({ image, isReady }: Recipe, port: number): Promise<void> {
  for (const deadline = Date.now() + startMs; !(await isReady(port)); await delay(pollMs)) {
    if (Date.now() > deadline) throw new EngineError(`${image.name} did not start`)
  }
}

/** The library's own strategies see a port that is open before the server behind it answers. */
const waitFor = (waitUntilReady: () => Promise<void>): WaitStrategy => ({
  waitUntilReady,
  withStartupTimeout() {
    return this
  },
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => startMs,
})
