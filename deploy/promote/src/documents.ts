import { createHash } from 'node:crypto'
import { type Collection, type CollectionDefinition, type Document, openDocuments } from '@sandkeep/documents'
import { openPostgres } from '@sandkeep/postgres'
import { collections } from '@sandkeep/sandbox/collections'
import type { Print } from './copy-table.ts'
import type { Progress } from './progress.ts'
import type { Finding } from './report.ts'

export interface DocumentsMove {
  source: { databaseUrl: string }
  target: { databaseUrl: string; documentsUrl: string }
  progress: Progress
  stack: AsyncDisposableStack
}

const pageSize = 500

/** A document of any collection. */
interface Anything extends Document {
  [field: string]: unknown
}

const definitions: readonly CollectionDefinition<Anything>[] = collections.definitions

/** Copies sandbox's documents through the port, and compares both sides. One that is there stays as it is. */
export async function moveDocuments({ source, target, progress, stack }: DocumentsMove): Promise<Finding[]> {
  const from = await open(source.databaseUrl, 'postgres:', stack)
  const to = await open(target.databaseUrl, target.documentsUrl, stack)
  const findings: Finding[] = []
  for (const definition of definitions) {
    const [read, written] = [await from.collection(definition), await to.collection(definition)]
    await progress.begin(`documents ${definition.name}`, () => isEmpty(written))
    for await (const page of pagesOf(read)) await written.insert(page)
    findings.push({
      what: `sandbox documents ${definition.name}`,
      source: await print(read),
      target: await print(written),
    })
  }
  return findings
}

async function open(databaseUrl: string, documentsUrl: string, stack: AsyncDisposableStack) {
  const db = stack.use(
    await openPostgres({ url: databaseUrl, applicationName: 'promote', max: 4, statementTimeoutMs: 60_000 }),
  )
  return stack.use(await openDocuments(documentsUrl, { db, collections }))
}

const isEmpty = async (collection: Collection<Anything>) =>
  (await collection.range({ key: 'id', limit: 1 })).items.length === 0

async function* pagesOf(collection: Collection<Anything>) {
  for (let after: readonly (string | number)[] | undefined; ; ) {
    const { items, nextAfter } = await collection.range({
      key: 'id',
      limit: pageSize,
      ...(after && { after }),
    })
    yield items
    if (!nextAfter) return
    after = nextAfter
  }
}

async function print(collection: Collection<Anything>): Promise<Print> {
  const hash = createHash('sha256')
  let count = 0
  for await (const page of pagesOf(collection)) {
    for (const document of page) hash.update(`${canonical(document)}\n`)
    count += page.length
  }
  return { count, sha256: hash.digest('hex') }
}

/** The order of members means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, it: unknown) =>
    it !== null && typeof it === 'object' && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  )
