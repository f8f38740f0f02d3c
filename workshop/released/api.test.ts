import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../repository.ts'
import { currentApi, releasedApi } from './api.ts'
import { findBreakingChanges } from './breaking-changes.ts'

const read = async (path: string) => readFile(join(root, path), 'utf8')

/** The document with one place of its text changed, which must be there. */
function edited(text: string, from: string | RegExp, to: string): object {
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  return JSON.parse(changed)
}

test.each([currentApi, releasedApi])('%s breaks nobody who was written for it', async (path) => {
  const document: object = JSON.parse(await read(path))
  expect(findBreakingChanges(document, structuredClone(document))).toEqual([])
})

test('a path that goes is refused, by name', async () => {
  const text = await read(releasedApi)
  const after = edited(text, '"/v1/auth/login"', '"/v1/auth/sign-in"')
  expect(findBreakingChanges(JSON.parse(text), after)).toEqual([expect.stringContaining('/v1/auth/login')])
})

test('a field of an answer that is renamed is refused, wherever it is answered', async () => {
  const text = await read(releasedApi)
  const changes = findBreakingChanges(JSON.parse(text), edited(text, /"expiresInSeconds"/g, '"expiresIn"'))
  expect(changes).toEqual(expect.arrayContaining([expect.stringMatching(/^POST \/v1\/auth\/login: remove /)]))
})

test('a field that a request must have from now on is refused', async () => {
  const text = await read(releasedApi)
  const changes = findBreakingChanges(
    JSON.parse(text),
    edited(
      text,
      /"required":\s*\[\s*"login",\s*"password"\s*\]/,
      '"required":["login","password","refreshTokenIn"]',
    ),
  )
  expect(changes).toEqual([expect.stringMatching(/^POST \/v1\/auth\/login: /)])
})
