import { sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Note, noteDefinition, noteOf } from '../../test/note.ts'
import { layoutOf } from '../definition.ts'
import { migrations, openDocuments, type Range } from '../index.ts'
import { planRange } from '../range.ts'
import { createStatements } from './statements.ts'

const total = 100_000
const definition = noteDefinition()
const layout = layoutOf(definition)

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase({ migrations: [migrations] })
  const documents = await openDocuments('postgres:', { db: database.db })
  const notes = await documents.collection(definition)
  for (let from = 0; from < total; from += 1_000) {
    await notes.insert(Array.from({ length: 1_000 }, (_, i) => numbered(from + i)))
  }
  await database.db.run(sql`analyze documents.${sql.identifier(definition.name)}`)
})
afterAll(() => database[Symbol.asyncDispose]())

function numbered(n: number): Note {
  return noteOf({ owner: `owner-${n % 1_000}`, path: `path-${n}`, rank: n % 100, tags: [`tag-${n % 5_000}`] })
}

interface Plan {
  'Node Type': string
  'Index Name'?: string
  Plans?: Plan[]
}

async function planOf(statement: ReturnType<typeof sql>): Promise<{ nodes: string[]; indexes: string[] }> {
  const row = await database.db.one<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    sql`explain (format json) ${statement}`,
  )
  const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)]
  const nodes = (row?.['QUERY PLAN'] ?? []).flatMap((it) => flatten(it.Plan))
  return {
    nodes: nodes.map((it) => it['Node Type']),
    indexes: nodes.flatMap((it) => it['Index Name'] ?? []),
  }
}

test.for<[string, Range, string]>([
  [
    'a page of a unique key behind a prefix',
    { key: 'byPath', prefix: ['owner-7'], after: ['path-5'], limit: 20 },
    '.byPath',
  ],
  ['the last of a prefix', { key: 'byPath', prefix: ['owner-7'], limit: 1, descending: true }, '.byPath'],
  ['the first page of an ordered key', { key: 'byRank', limit: 50 }, '.byRank'],
  ['a later page of an ordered key', { key: 'byRank', after: [50, 'some-id'], limit: 50 }, '.byRank'],
  [
    'a later page backwards',
    { key: 'byRank', after: [50, 'x'], before: [10], limit: 50, descending: true },
    '.byRank',
  ],
  ['the documents of one value', { key: 'byRank', prefix: [77], limit: 50 }, '.byRank'],
  ['all documents by id', { key: 'id', after: ['8'], limit: 100 }, '_pkey'],
])('among 100,000 documents, %s comes from its index without sorting', async ([, range, index]) => {
  const plan = await planOf(createStatements(layout).range(planRange(layout, range)))
  expect(plan.indexes).toEqual([`${definition.name}${index}`])
  expect(plan.nodes).not.toContain('Sort')
  expect(plan.nodes).not.toContain('Seq Scan')
})

test('among 100,000 documents, reading and purging by id and expiry use indexes', async () => {
  const statements = createStatements(layout)
  expect((await planOf(statements.select(['a', 'b']))).indexes).toEqual([`${definition.name}_pkey`])
  expect((await planOf(statements.purge(1_000))).indexes).toContain(`${definition.name}._expiry`)
})

test('among 100,000 documents, those that hold a value in a list come from its index', async () => {
  const plan = await planOf(
    createStatements(layout).range(planRange(layout, { key: 'byTag', prefix: ['tag-7'], limit: 10 })),
  )
  expect(plan.indexes).toEqual([`${definition.name}.byTag`])
})
