import { readdir, readFile } from 'node:fs/promises'
import type { DescField } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { file_identity_v1_events } from './generated/identity/v1/events_pb.ts'
import { file_sandbox_v1_events } from './generated/sandbox/v1/events_pb.ts'
import { contracts, parseEnvelope, personalKind } from './index.ts'

const fixtures = new URL('../../../proto/fixtures/', import.meta.url)
const types = [...contracts.keys()].sort()

test.each(types)('the fixture of %s still reads as it did', async (type) => {
  const golden = parseEnvelope(await readFile(new URL(`${type}.json`, fixtures)))
  const contract = contracts.get(golden.type)
  expect(golden.type).toBe(type)
  const data = contract?.fromJson(golden.data)
  // What later versions added is not in the fixture; what the fixture has must come out as it went in.
  expect(contract?.toJson(data)).toMatchObject(Object(golden.data))
  expect(contract?.subjects(data)).toEqual(golden.subjects)
})

test('every fixture is of a contract that is still read', async () => {
  expect((await readdir(fixtures)).sort()).toEqual(types.map((type) => `${type}.json`))
})

test('a contract belongs to the owner whose package declares it', () => {
  for (const { owner, message } of contracts.values()) expect(message.file.proto.package).toBe(`${owner}.v1`)
})

// By their names these could be about a person; each was looked at and is not.
const notPersonal = new Set(['sandbox_id', 'forked_from_id', 'checkpoint_id', 'session_id', 'node_name'])
const looksLikeSubject = /(^|_)(id|by|owner|user|author)$/
const looksLikeData = /(^|_)(e_?mail|username|name|title|path|bio|ip|address)$/

function expectedKind({ name }: DescField): 'subject' | 'data' | null {
  if (notPersonal.has(name)) return null
  if (looksLikeSubject.test(name)) return 'subject'
  return looksLikeData.test(name) ? 'data' : null
}

test('every field that holds or points to a person is tagged', () => {
  const fields = [file_identity_v1_events, file_sandbox_v1_events]
    .flatMap((file) => file.messages)
    .flatMap((message) => message.fields)
  const wrong = fields.filter((field) => expectedKind(field) && expectedKind(field) !== personalKind(field))
  expect(wrong.map(String)).toEqual([])
})
