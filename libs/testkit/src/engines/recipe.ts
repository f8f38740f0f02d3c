import type { Image } from './docker/image.ts'
import { EngineError } from './engine.ts'
import type { Place } from './place.ts'
import type { Launch } from './server.ts'
import { type Kind, urlVariable } from './sources/given.ts'
import type { Installed, Source } from './sources/installed.ts'

export interface Durability {
  /** false: acknowledges what a kill can still take, for what does not need it or must be seen to fail without. */
  durable?: boolean | undefined
}

/** An engine of one kind and version: where its program comes from, and how to run it. */
export interface Recipe {
  kind: Kind
  /** As callers of `engines.start` name it: `3.10`. */
  version: string
  /** For messages: `RabbitMQ`. */
  name: string
  /** What Docker runs of it. */
  image: Image
  /** Where its program comes from on a machine without Docker, tried in this order. */
  sources: readonly Source[]
  /** How to run the program over the data folder, which is empty. */
  prepare(program: string, place: Place, port: number): Promise<Launch> | Launch
  /** Whether it answers its clients by now. */
  isReady(port: number): Promise<boolean>
  /** Makes what clients expect to be there, when it answers for the first time. */
  setUp?(port: number): Promise<void>
  /** Where clients find it. */
  url(port: number): string
}

/** What the first source that has the program gives; where none has, an `EngineError` says why each has not. */
export async function install({ kind, name, sources }: Recipe): Promise<Installed> {
  const reasons: string[] = []
  for (const source of sources) {
    try {
      const installed = await source()
      if (installed !== null) return installed
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      reasons.push(error.message)
    }
  }
  throw new EngineError(
    `there is no ${name} to be had: ${reasons.join('; ') || 'no way to it is open on this machine'}; ` +
      `name one that runs in ${urlVariable(kind)}`,
  )
}
