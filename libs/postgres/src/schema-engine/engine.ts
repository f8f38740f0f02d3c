import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory, type ErrorRegistry } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import type { EngineArguments } from './arguments.ts'
import { migrationDriver } from './driver.ts'
import { type ErrorData, errorData } from './error-data.ts'
import { targetOf } from './target.ts'
import { loadSchemaEngine } from './wasm.ts'

const nowhere = 'postgresql://127.0.0.1:1/none'

export interface Engine {
  open(): Promise<SchemaEngine>
  /** What an error of the engine says. */
  describe(error: unknown): ErrorData
}

export function createEngine({
  datamodels,
  datasource,
}: Pick<EngineArguments, 'datamodels' | 'datasource'>): Engine {
  const { url = nowhere, shadowDatabaseUrl } = datasource
  const shadow = shadowDatabaseUrl === undefined ? undefined : targetOf(shadowDatabaseUrl)
  const driver = bindMigrationAwareSqlAdapterFactory(migrationDriver(targetOf(url), shadow))
  let opening: Promise<SchemaEngine> | undefined
  const open = async () => {
    const { SchemaEngine } = await loadSchemaEngine()
    const files = await Promise.all(datamodels.map(readSchema))
    // An empty list would make the engine panic.
    return SchemaEngine.new({ datamodels: files.length > 0 ? files : undefined }, () => {}, driver)
  }
  return {
    open: () => {
      opening ??= open()
      return opening
    },
    describe: (error) => errorData(behind(error, driver.errorRegistry)),
  }
}

const readSchema = async (path: string): Promise<[string, string]> => [
  resolve(path),
  await readFile(path, 'utf8'),
]

/** The engine reports an error of the driver as a number. */
function behind(error: unknown, registry: ErrorRegistry): unknown {
  const id = error instanceof Error ? /External error id#(\d+)/.exec(error.message)?.[1] : undefined
  return id === undefined ? error : (registry.consumeError(Number(id))?.error ?? error)
}
