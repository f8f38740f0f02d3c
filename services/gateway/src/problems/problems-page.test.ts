import { createApp } from '@sandkeep/service-kit'
import { createTestHost } from '@sandkeep/service-kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProblems } from './problem-registry.ts'
import { problemRoutes } from './problem-routes.ts'
import { problemsPage } from './problems-page.ts'

const app = await createApp({ name: 'gateway', authorization: {}, host: createTestHost() })
beforeAll(async () => problemRoutes(app, await readProblems()))
afterAll(() => app.close())

test('the type of a problem leads to its explanation', async () => {
  const answer = await app.inject('/nowhere')
  const { type, code } = answer.json()
  const [path, anchor] = type.split('#')
  const page = await app.inject(path)
  expect(page.statusCode).toBe(200)
  expect(anchor).toBe(code)
  expect(page.body).toContain(`<h3 id="${anchor}">`)
})

test('the page of the codes runs no script', async () => {
  const { headers } = await app.inject('/problems')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
})

test('a program gets the codes as JSON', async () => {
  const { json } = await app.inject({ url: '/problems', headers: { accept: 'application/json' } })
  expect(json()).toContainEqual(expect.objectContaining({ code: 'rate_limited', status: 429 }))
})

test('what errors say is text on the page, not markup', () => {
  const problem = {
    code: 'x',
    status: 400,
    title: '<b>',
    from: 'a',
    messages: ['<script> & "y"'],
    advice: '`z`',
  }
  const page = problemsPage([problem])
  expect(page).toContain('&lt;script&gt; &amp; &quot;y&quot;')
  expect(page).toContain('<code>z</code>')
  expect(page).not.toContain('<script>')
})
