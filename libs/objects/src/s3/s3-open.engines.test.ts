import { type Engine, engines, freePort } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attachment, ObjectsUnavailableError, openObjects } from '../index.ts'

const stack = new AsyncDisposableStack()
let engine: Engine
beforeAll(async () => {
  engine = stack.use(await engines.start('s3'))
})
afterAll(() => stack.disposeAsync())

const changed = (change: (url: URL) => void): string => {
  const url = new URL(engine.url)
  change(url)
  return url.href
}

test('a wrong secret is refused when it is opened, with what to correct', async () => {
  const url = changed((it) => {
    it.password = 'wrong-secret'
  })
  await expect(openObjects(url)).rejects.toThrow('correct KEY:SECRET in OBJECTS_URL (SignatureDoesNotMatch)')
})

test('an unknown key of access is refused when it is opened', async () => {
  const url = changed((it) => {
    it.username = 'nobody'
  })
  await expect(openObjects(url)).rejects.toThrow('correct KEY:SECRET in OBJECTS_URL')
})

test('a bucket that is not there is refused when it is opened', async () => {
  await expect(openObjects(engine.url.replace(/@[^?]+/, '@absent'))).rejects.toThrow(
    'there is no bucket absent: create it, or correct OBJECTS_URL',
  )
})

test('a store that is away when it is opened is used once it is there', async () => {
  const away = await openObjects(`s3://k:s@bucket?endpoint=http://127.0.0.1:${await freePort()}`)
  await expect(away.stat('a')).rejects.toThrow(ObjectsUnavailableError)
  await expect(away.put('a', Buffer.from('x'), { ifAbsent: true })).rejects.toThrow('cannot be reached')
  await engine.kill()
  await using objects = await openObjects(engine.url)
  await expect(objects.list('', { limit: 1 })).rejects.toThrow(ObjectsUnavailableError)
  await engine.restart()
  expect(await objects.put('later', Buffer.from('x'), { ifAbsent: true })).toMatchObject({ created: true })
})

test('a prefix keeps two users of one bucket apart', async () => {
  await using one = await openObjects(engine.url.replace('?', '/one?'))
  await using two = await openObjects(engine.url.replace('?', '/two?'))
  await one.put('a/b', Buffer.from('x'))
  expect(await two.stat('a/b')).toBeNull()
  expect(await one.list('', { limit: 10 })).toMatchObject({ items: [{ key: 'a/b', sizeBytes: 1 }] })
  expect(await two.list('', { limit: 10 })).toEqual({ items: [] })
})

test('a link gives its object and ranges of it to anybody, as it says, until it expires', async () => {
  await using objects = await openObjects(engine.url)
  await objects.put('linked', Buffer.from('0123456789'))
  const asked = { contentType: 'text/plain', fileName: 'naïve "plan".txt' }
  const url = await objects.signedUrl('linked', { expiresInSeconds: 60, ...asked })
  const answer = await fetch(url)
  expect(answer.headers.get('content-type')).toBe('text/plain')
  expect(answer.headers.get('content-disposition')).toBe(attachment(asked.fileName))
  expect(await answer.text()).toBe('0123456789')
  const range = await fetch(url, { headers: { range: 'bytes=2-4' } })
  expect([range.status, await range.text()]).toEqual([206, '234'])
  expect((await fetch(url.replace('/linked?', '/later?'))).status).toBe(403)
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403)
  const short = await objects.signedUrl('linked', { expiresInSeconds: 1 })
  await expect.poll(async () => (await fetch(short)).status).toBe(403)
})
