import { type Collection, type CollectionDefinition, openDocuments } from '@sandkeep/documents'
import { newId, openPostgres } from '@sandkeep/postgres'
import { compareDocuments } from './compare-documents.ts'
import { createPool, type StorePlace, type StoreProof } from './proved-store.ts'
import { batchSize, type Row, rowOf } from './row.ts'

const slots = 10
const poolSize = 4

const definition = (space: string): CollectionDefinition<Row> => ({
  name: `proof_${space}`,
  schema: {
    type: 'object',
    required: ['id', 'version', 'kind', 'group', 'by', 'text'],
    additionalProperties: false,
    properties: {
      id: { type: 'string' },
      version: { type: 'integer', minimum: 1 },
      kind: { type: 'string', enum: ['slot', 'entry', 'batch'] },
      group: { type: 'string' },
      by: { type: 'string' },
      text: { type: 'string' },
    },
  },
  keys: { byGroup: { fields: ['kind', 'group', 'version'], unique: true } },
})

export const documentsProof: StoreProof = {
  createWorkload(random) {
    const batches = createPool(random)
    return {
      next() {
        const kind = random.between(1, 20)
        if (kind <= 3 && !batches.isEmpty()) return `delete:${batches.take()}`
        if (kind <= 10) return `insert:${newId()}`
        return `change:slot${random.between(1, slots)}:${newId()}`
      },
      settled(id, fate) {
        const [kind, batch = ''] = id.split(':')
        if (kind === 'insert' && fate === 'ok') batches.add(batch)
      },
    }
  },
  async open(place) {
    const stack = new AsyncDisposableStack()
    const opened = { rows: await openRows(place, stack), versions: new Map<string, number>() }
    return { obey: (id) => obey(opened, id), [Symbol.asyncDispose]: () => stack.disposeAsync() }
  },
  async compare(place, fates) {
    await using stack = new AsyncDisposableStack()
    return compareDocuments(await allRows(await openRows(place, stack)), fates)
  },
}

async function openRows(
  { url, databaseUrl, space }: StorePlace,
  stack: AsyncDisposableStack,
): Promise<Collection<Row>> {
  const database = { url: databaseUrl ?? url, max: poolSize, applicationName: 'prover' }
  const db = stack.use(await openPostgres(database))
  const documents = stack.use(await openDocuments(databaseUrl ? url : 'postgres:', { db }))
  return documents.collection(definition(space))
}

interface Opened {
  rows: Collection<Row>
  /** Of slots, as far as they are known; 0 where there is none. */
  versions: Map<string, number>
}

async function obey(opened: Opened, id: string): Promise<boolean> {
  const [kind, group = ''] = id.split(':')
  if (kind === 'change') return change(opened, { group, by: id })
  const { rows } = opened
  const ids = Array.from({ length: batchSize }, (_, i) => `${group}-${i + 1}`)
  if (kind === 'delete') {
    await rows.delete(ids)
    return true
  }
  const batch = ids.map((it, i) => rowOf({ id: it, version: i + 1, kind: 'batch', group, by: id }))
  return (await rows.insert(batch)).every((it) => it === 'inserted')
}

/** One call of the store: where the version of the slot is not known, it is looked up and nothing is changed. */
async function change(
  { rows, versions }: Opened,
  { group, by }: Pick<Row, 'group' | 'by'>,
): Promise<boolean> {
  const before = versions.get(group)
  versions.delete(group)
  if (before === undefined) {
    versions.set(group, (await rows.get(group))?.version ?? 0)
    return false
  }
  const version = before + 1
  const slot = rowOf({ id: group, version, kind: 'slot', group, by })
  const entry = rowOf({ id: newId(), version, kind: 'entry', group, by })
  const result = await rows.change([
    before === 0 ? { insert: slot } : { replace: slot, ifVersion: before },
    { insert: entry },
  ])
  if (result.applied) versions.set(group, version)
  return result.applied
}

async function allRows(rows: Collection<Row>): Promise<Row[]> {
  const found: Row[] = []
  let page = await rows.range({ key: 'id', limit: 500 })
  for (;;) {
    found.push(...page.items)
    if (page.nextAfter === undefined) return found
    page = await rows.range({ key: 'id', limit: 500, after: page.nextAfter })
  }
}
