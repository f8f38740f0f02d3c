import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { testDatabase } from '@sandkeep/testkit'
import { findCollectionDrift } from '../documents/collection-drift.ts'
import { listServices, root } from '../repository.ts'
import { execute, inspect } from './stage.ts'

/** The migrations of every service make the tables that its Prisma schema describes, and the collections it declares. */
export const drift = inspect('drift', async () => {
  await using server = await testDatabase({ migrations: [] })
  const services = await listServices()
  const withSchema = services.filter((it) => existsSync(join(root, schemaOf(it))))
  const problems: string[] = []
  for (const service of withSchema) problems.push(...(await findDrift(service, server.adminUrl)))
  for (const service of services) problems.push(...(await collectionProblems(service)))
  return { problems, summary: `${withSchema.length} schemas` }
})

async function collectionProblems(service: string): Promise<string[]> {
  const drifted = await findCollectionDrift(service)
  return drifted.map(
    ({ name }) =>
      `services/${service}: the migrations in documents/ do not make the collection ${name} as declared: ` +
      './dev node workshop/documents/main.ts writes the one that is missing',
  )
}

export const schemaOf = (service: string) => `services/${service}/prisma/schema.prisma`

/** What a service's migrations lack to be as the schema says. The server gets a shadow database for the while. */
export async function findDrift(
  service: string,
  serverUrl: string,
  schema = schemaOf(service),
): Promise<string[]> {
  const diff = ['--from-migrations', 'prisma/migrations', '--to-schema', resolve(root, schema), '--exit-code']
  const { code, output } = await execute(['prisma', 'migrate', 'diff', ...diff], {
    cwd: join(root, 'services', service),
    env: { DATABASE_URL: serverUrl },
  })
  if (code === 0) return []
  return [`services/${service}: the migrations differ from the schema\n${output.trim()}`]
}
