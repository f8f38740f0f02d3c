import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

const text = await readFile(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8')
const operation = z.looseObject({ operationId: z.string(), responses: z.record(z.string(), z.json()) })
const document = z
  .looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) })
  .parse(JSON.parse(text))
const operations = Object.values(document.paths).flatMap((path) => Object.values(path))

test('the committed document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('every reference leads somewhere', () => {
  const references = [...text.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'))
  const lost = references.filter((path) => at(document, path) === undefined)
  expect(lost).toEqual([])
})

const at = (json: unknown, path: string[]): unknown =>
  path.reduce<unknown>((value, name) => Object(value)[name], json)

test('every operation has a name of its own, and says how it refuses', () => {
  const names = operations.map((it) => it.operationId)
  expect(new Set(names).size).toBe(names.length)
  expect(operations.filter((it) => it.responses['default'] === undefined)).toEqual([])
})

test('the gateway answers the committed document', async () => {
  const { call } = await startTestProduct(stack)
  expect((await call({ path: '/openapi.json' })).body).toEqual(JSON.parse(text))
})
