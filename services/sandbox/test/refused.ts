import { sql } from '@sandkeep/postgres'
import { faultsOfRefusal } from '@sandkeep/testkit'
import { expect } from 'vitest'
import type { Call, Person, TestSandbox } from './sandbox-harness.ts'

/** Asks what must be refused by a problem of the caller's, and answers that. */
export async function refusedBy(it: TestSandbox, owner: Person, call: Call) {
  const answer = await it.call({ as: owner, ...call })
  const contentType = String(answer.headers['content-type'])
  const faults = faultsOfRefusal({ ...answer, contentType })
  expect(faults, `${call.url} ${JSON.stringify(call.body)}`).toEqual([])
  return answer.problem
}

/** A digest of all that the service keeps of its people's work. */
export async function everythingOf(it: TestSandbox): Promise<string> {
  const row = await it.db.one<{ all: string }>(sql`
    select md5(coalesce((select json_agg(s order by id)::text from sandboxes s), '')
      || coalesce((select json_agg(f order by id)::text from file_versions f), '')
      || coalesce((select json_agg(t order by sandbox_id, path_key)::text from tree_entries t), '')
      || coalesce((select json_agg(c order by id)::text from sandbox_states c), '')
      || (select count(*) from messaging.outbox) + (select count(*) from messaging.event_log)) as all`)
  return row?.all ?? ''
}
