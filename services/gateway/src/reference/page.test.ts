import { createApp } from '@sandkeep/service-kit'
import { createTestHost } from '@sandkeep/service-kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { referencePage } from './page.ts'

const app = await createApp({ name: 'gateway', authorization: {}, host: createTestHost() })

beforeAll(() => referencePage(app))
afterAll(() => app.close())

test('the page asks nobody but this server', async () => {
  const { body, headers } = await app.inject('/docs/')
  expect(body).toContain('"url": "/openapi.json"')
  expect(body).not.toMatch(/\/\//)
  expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self' 'sha256-[^']+'; /)
  expect(headers['content-security-policy']).not.toMatch(/https?:|\*|unsafe-eval/)
})

test('the script of the page is served from here, compressed or not', async () => {
  const { body } = await app.inject('/docs/')
  const path = `/docs/${/<script src="([^"]+)"/.exec(body)?.[1]}`
  const plain = await app.inject(path)
  const zipped = await app.inject({ url: path, headers: { 'accept-encoding': 'gzip' } })
  expect(plain.headers['content-type']).toBe('application/javascript; charset=utf-8')
  expect(plain.body).toContain('createApiReference')
  expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
})

test('a browser that has the script is not sent it again', async () => {
  const { headers } = await app.inject('/docs/js/scalar.js')
  const again = await app.inject({
    url: '/docs/js/scalar.js',
    headers: { 'if-none-match': String(headers.etag) },
  })
  expect(again.statusCode).toBe(304)
})
