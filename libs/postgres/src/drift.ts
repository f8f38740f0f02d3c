import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startEmbeddedPostgres } from './embedded/start.ts'
import { schemaDrift } from './schema-engine/drift.ts'

// node libs/postgres/src/drift.ts services/identity …: do schema.prisma and the migrations agree?
await using stack = new AsyncDisposableStack()
const directory = await mkdtemp(join(tmpdir(), 'sandkeep-drift-'))
stack.defer(() => rm(directory, { recursive: true, force: true }))
const server = stack.use(await startEmbeddedPostgres({ dataDirectory: directory, durable: false }))
for (const service of process.argv.slice(2)) {
  const drift = await schemaDrift(resolve(service), server.url)
  if (drift !== null) process.exitCode = 1
  process.stdout.write(`${service}: ${drift === null ? 'schema and migrations agree' : `drift\n${drift}`}\n`)
}
