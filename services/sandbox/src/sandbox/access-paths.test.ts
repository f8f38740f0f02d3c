import { type Database, newId, openPostgres, type Query, sql, type Tx } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findHoldings } from '../account-reference/holdings.ts'
import { findCheckpoint, findNewestCheckpoint, listCheckpoints } from '../checkpoint/checkpoint-store.ts'
import { listExpired, listLost, listNearlyExpired } from '../expiry/expiry-store.ts'
import {
  findFile,
  findVersions,
  listVersions,
  newestVersions,
  readTree,
  referencedDocuments,
  referencedObjects,
} from '../file/file-store.ts'
import { migrations } from '../migrations.ts'
import { listSandboxes, lockActiveSandboxesOf } from './sandbox-store.ts'

const rows = 100_000
const stack = new AsyncDisposableStack()
let db: Database
const owner = newId()
const states = (columns: string) => `sandbox_states_p\\d+_(${columns}(_idx)?)`
const versions = (rest: string) => `file_versions_${rest}`

beforeAll(async () => {
  const database = stack.use(await testDatabase({ migrations }))
  db = database.db
  const { url } = database
  await using patient = await openPostgres({ url, applicationName: 'seed', statementTimeoutMs: 120_000 })
  await patient.transaction(async (tx) => {
    await tx.run(sql`
      insert into sandboxes (user_id, name, type, status, status_reason, recoverable_until, node_name, resource_limits,
        created_at, expires_at)
      select case when n % 1000 = 0 then ${owner}::uuid else gen_random_uuid() end, 'Sandbox ' || n, 'exercise',
        case when n % 100 = 0 then 'suspended' else 'active' end, case when n % 100 = 0 then 'owner' end, null,
        case when n % 50 = 0 then 'node-' || n % 1000 end,
        '{"maxMemoryBytes": 268435456, "maxProcesses": 5000, "maxExecutionSeconds": 300}',
        now() - make_interval(secs => n), now() + make_interval(secs => n)
      from generate_series(1, ${rows}) n`)
    await tx.run(sql`
      insert into sandbox_states (sandbox_id, version, state_data, manifest_key, file_ids, created_at)
      select s.id, v, '{}', 'manifests/' || s.id, '{}', s.created_at
      from (select id, created_at from sandboxes limit ${rows / 10}) s, generate_series(1, 10) v`)
    await tx.run(sql`
      insert into file_versions (sandbox_id, path, version, size_bytes, sha256, media_type, encoding, document_id,
        object_key)
      select id, 'lib/a.ex', 1, 1, repeat('0', 64), 'text/x-elixir', 'utf-8', gen_random_uuid(), 'files/' || id
      from sandboxes`)
    await tx.run(sql`
      insert into tree_entries (sandbox_id, path_key, path, file_id)
      select sandbox_id, path, path, id from file_versions`)
  })
  for (const table of ['sandboxes', 'sandbox_states', 'file_versions', 'tree_entries']) {
    await patient.run(sql`analyze ${sql.identifier(table)}`)
  }
})

afterAll(() => stack.disposeAsync())

interface Plan {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  Plans?: Plan[]
}

/** Takes the statements of a store and plans instead of running them. */
function planner(plans: Plan[]): Tx {
  const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)]
  const explain = async (query: Query) => {
    const row = await db.one<{ 'QUERY PLAN': [{ Plan: Plan }] }>(sql`explain (format json) ${query}`)
    if (row !== null) plans.push(...flatten(row['QUERY PLAN'][0].Plan))
  }
  return {
    query: (query) => explain(query).then(() => []),
    one: (query) => explain(query).then(() => null),
    run: (query) => explain(query).then(() => 0),
  }
}

const now = new Date()
const later = new Date(now.getTime() + 60_000)
const page = { limit: 20 }
const after = { createdAt: now.toISOString(), id: owner }

describe(`at ${rows} rows an index serves`, () => {
  test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
    [
      'a person’s sandboxes',
      'sandboxes_user_id_created_at_id_idx',
      (tx) => listSandboxes(tx, { ownerId: owner }, page),
    ],
    [
      'the next page of them',
      'sandboxes_user_id_created_at_id_idx',
      (tx) => listSandboxes(tx, { ownerId: owner }, { ...page, after }),
    ],
    [
      'the sandboxes of a status',
      'sandboxes_status_created_at_id_idx',
      (tx) => listSandboxes(tx, { status: 'suspended' }, page),
    ],
    ['the newest sandboxes', 'sandboxes_created_at_id_idx', (tx) => listSandboxes(tx, {}, page)],
    [
      'the sandboxes of a node',
      'sandboxes_node_name_idx',
      (tx) => listSandboxes(tx, { nodeName: 'node-50' }, page),
    ],
    [
      'a person’s active sandboxes',
      'sandboxes_user_id_created_at_id_idx',
      (tx) => lockActiveSandboxesOf(tx, owner),
    ],
    ['what lives on of an account', 'sandboxes_user_id_created_at_id_idx', (tx) => findHoldings(tx, owner)],
    ['those whose time is over', 'sandboxes_expires_at_idx', (tx) => listExpired(tx, later, 100)],
    ['those to be warned', 'sandboxes_expires_at_idx', (tx) => listNearlyExpired(tx, now, 100)],
    ['those to be deleted', 'sandboxes_recoverable_until_idx', (tx) => listLost(tx, now, 100)],
    ['a sandbox’s checkpoints', states('sandbox_id_version|pkey'), (tx) => listCheckpoints(tx, owner, page)],
    ['its newest checkpoint', states('sandbox_id_version'), (tx) => findNewestCheckpoint(tx, owner)],
    ['one checkpoint', states('sandbox_id_id|pkey'), (tx) => findCheckpoint(tx, owner, owner)],
    [
      'checkpoints by age',
      states('created_at'),
      (tx) =>
        tx.query(sql`
      select id from sandbox_states where created_at < ${new Date(now.getTime() - 9_990_000)} order by created_at limit 10`),
    ],
    ['a sandbox’s tree', 'tree_entries_pkey', (tx) => readTree(tx, owner)],
    ['one file', 'tree_entries_pkey', (tx) => findFile(tx, owner, 'a', 'a')],
    [
      'a file’s versions',
      versions('sandbox_id_path_version_key'),
      (tx) => listVersions(tx, { sandboxId: owner, path: 'a' }, page),
    ],
    [
      'the newest of them',
      versions('sandbox_id_path_version_key'),
      (tx) => newestVersions(tx, owner, ['a', 'b']),
    ],
    [
      'a manifest’s files',
      versions('sandbox_id_path_version_key'),
      (tx) => findVersions(tx, owner, [{ path: 'a', version: 1 }]),
    ],
    ['what keeps a document', versions('document_id_idx'), (tx) => referencedDocuments(tx, [owner])],
    ['what keeps an object', versions('object_key_idx'), (tx) => referencedObjects(tx, ['files/x'])],
    ['what keeps a manifest', states('manifest_key'), (tx) => referencedObjects(tx, ['files/x'])],
  ])('%s', async (_, index, read) => {
    const plans: Plan[] = []
    await read(planner(plans))
    expect(plans.map((node) => node['Index Name'] ?? '').join(' ')).toMatch(new RegExp(`\\b${index}\\b`))
    expect(plans.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  })
})

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['a person’s sandboxes', (tx) => listSandboxes(tx, { ownerId: owner }, { ...page, after })],
  ['all sandboxes', (tx) => listSandboxes(tx, {}, page)],
  ['a sandbox’s newest checkpoint', (tx) => findNewestCheckpoint(tx, owner)],
  ['a file’s versions', (tx) => listVersions(tx, { sandboxId: owner, path: 'a' }, page)],
])('%s need no sorting', async (_, read) => {
  const plans: Plan[] = []
  await read(planner(plans))
  expect(plans.map((node) => node['Node Type'])).not.toContain('Sort')
})

test('no index is the prefix of another', async () => {
  const indexes = await db.query<{ table: string; name: string; columns: string }>(sql`
    select c.relname as table, i.relname as name, x.indkey::text as columns
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and x.indpred is null`)
  const redundant = indexes.filter(({ table, name, columns }) =>
    indexes.some(
      (it) => it.table === table && it.name !== name && `${it.columns} `.startsWith(`${columns} `),
    ),
  )
  expect(redundant).toEqual([])
})
