import { expect, test } from 'vitest'
import { serializeBody, serializePath } from './serialize.ts'

test('the path of a file keeps its slashes, and everything else is encoded', () => {
  const path = serializePath('/v1/sandboxes/{id}/files/{path}', { id: 'a/b', path: 'src/my file#1.erl' })
  expect(path).toBe('/v1/sandboxes/a%2Fb/files/src/my%20file%231.erl')
})

test('objects are sent as JSON, text and bytes as they are', async () => {
  const sent = async (body: unknown) => new Response(serializeBody(body)).text()
  expect(await sent({ a: 1 })).toBe('{"a":1}')
  expect(await sent('text')).toBe('text')
  expect(await sent(new TextEncoder().encode('bytes'))).toBe('bytes')
  expect(await sent(new Blob(['blob']))).toBe('blob')
})
