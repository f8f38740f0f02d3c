import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'
import type { EngineArguments } from './arguments.ts'
import { migrationDriver } from './driver.ts'
import { targetOf } from './target.ts'

const nowhere = 'postgresql://127.0.0.1:1/none'

export interface Engine {
  engine: SchemaEngine
  /** The driver's error behind a number that the engine reports instead. */
  driverError(id: number): unknown
}

export async function createEngine({ datamodels, datasource }: EngineArguments): Promise<Engine> {
  const { url = nowhere, shadowDatabaseUrl } = datasource
  const shadow = shadowDatabaseUrl === undefined ? undefined : targetOf(shadowDatabaseUrl)
  const driver = bindMigrationAwareSqlAdapterFactory(migrationDriver(targetOf(url), shadow))
  const files = await Promise.all(
    datamodels.map(async (path): Promise<[string, string]> => [resolve(path), await readFile(path, 'utf8')]),
  )
  return {
    // An empty list would make the engine panic.
    engine: await SchemaEngine.new({ datamodels: files.length > 0 ? files : undefined }, () => {}, driver),
    driverError: (id) => driver.errorRegistry.consumeError(id)?.error,
  }
}
