import { readdir, readFile } from 'node:fs/promises'
import type { DescField } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
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
  for (const { owner, message } of contracts.values())
    expect(message.file.proto.package).toBe(`${snake(owner)}.v1`)
})

const snake = (kebab: string) => kebab.replaceAll('-', '_')
const files = new Set([...contracts.values()].map((it) => it.message.file))

// By their names these could be about a person; each was looked at and is not. Nor is the id of an event's own
// aggregate, unless that is a person.
const ownIds = [...contracts.values()].map((it) => it.aggregate).filter((it) => it !== 'user')
const notPersonal = new Set([
  ...ownIds.map((it) => `${snake(it)}_id`),
  ...['forked_from_id', 'checkpoint_id', 'session_id', 'node_name'],
])
const looksLikeSubject = /(^|_)(id|by|owner|user|author)$/
const looksLikeData = /(^|_)(e_?mail|username|name|title|path|bio|ip|address)$/

function expectedKind({ name }: DescField): 'subject' | 'data' | null {
  if (notPersonal.has(name)) return null
  if (looksLikeSubject.test(name)) return 'subject'
  return looksLikeData.test(name) ? 'data' : null
}

test('every field that holds or points to a person is tagged', () => {
  const fields = [...files].flatMap((file) => file.messages).flatMap((message) => message.fields)
  const wrong = fields.filter((field) => expectedKind(field) && expectedKind(field) !== personalKind(field))
  expect(wrong.map(String)).toEqual([])
})
