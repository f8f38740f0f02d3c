import { EngineError } from '../engine.ts'
import { type Docker, findDocker } from './docker.ts'

/** How an upstream image is run as an engine. */
export interface Image {
  /** With its tag: `postgres:15-alpine`. */
  name: string
  /** Where it listens; the port of its URL, for what tells clients its own address. */
  port: number | 'same'
  /** The folder of its data, whose disk can be filled. */
  data: string
  env?: Record<string, string>
  entrypoint?: string[]
  command?(port: number): string[]
  /** Run in it once, when it answers for the first time. */
  setUp?(port: number): string[]
}

/** A registry that cannot be reached must not keep anybody. */
const firstAnswerMs = 10_000
const silenceMs = 60_000
const pulled = new Map<string, Promise<void>>()

/** Fetches the image ahead of its first start; false where no Docker engine answers. */
export async function pullImage({ name }: Image): Promise<boolean> {
  const docker = await findDocker()
  if (docker !== null) await pull(docker, name)
  return docker !== null
}

/** Fetches the image unless Docker has it; an `EngineError` says why it cannot be had. Tried once in a process. */
export function pull(docker: Docker, image: string): Promise<void> {
  const earlier = pulled.get(image)
  if (earlier) return earlier
  const now = pullNow(docker, image)
  pulled.set(image, now)
  return now
}

async function pullNow({ client, testcontainers }: Docker, name: string): Promise<void> {
  if (await client.image.exists(testcontainers.ImageName.fromString(name))) return
  const cutOff = new AbortController()
  let timer = setTimeout(() => cutOff.abort(), firstAnswerMs)
  try {
    const { dockerode } = client.container
    const progress = await dockerode.pull(name, { abortSignal: cutOff.signal })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    dockerode.modem.followProgress(
      progress,
      (error) => (error ? reject(error) : resolve()),
      () => {
        clearTimeout(timer)
        timer = setTimeout(() => cutOff.abort(), silenceMs)
      },
    )
    cutOff.signal.addEventListener('abort', () => reject(new Error('the registry is silent')))
    await promise
  } catch (error) {
    const why = cutOff.signal.aborted ? new Error('the registry does not answer') : error
    throw new EngineError(`Docker cannot have ${name}`, why)
  } finally {
    clearTimeout(timer)
  }
}
