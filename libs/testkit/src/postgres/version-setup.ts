import type { TestProject } from 'vitest/node'
import { postgres, postgresVersions } from '../engines/kinds/postgres.ts'
import { urlVariable } from '../engines/sources/given.ts'
import { startEngine } from '../engines/start-engine.ts'

let server: AsyncDisposable | undefined

/** Gives the tests of the project `postgres-15` a PostgreSQL 15 between them, with throw-away data. */
export async function setup(project: TestProject): Promise<void> {
  const version = postgresVersions.find((it) => project.name === `postgres-${it}`)
  if (version === undefined) throw new Error(`${project.name} names no version of PostgreSQL`)
  const engine = await startEngine(postgres(version, { durable: false }))
  server = engine
  project.config.env = { ...project.config.env, [urlVariable('postgres')]: engine.url }
}

export async function teardown(): Promise<void> {
  await server?.[Symbol.asyncDispose]()
}
