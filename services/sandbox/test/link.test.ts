import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let id: string
beforeAll(async () => {
  it = await startSandbox(stack)
  owner = await it.person()
  id = (await it.create(owner)).id
})
afterAll(() => stack.disposeAsync())

const ask = (body: Record<string, unknown>, as?: Person) =>
  it.call({ method: 'POST', url: `/v1/sandboxes/${id}/file-links`, body, ...(as && { as }) })

interface Followed {
  status: number
  header: (name: string) => unknown
  bytes: Buffer
}

/** Follows a link without any token, to the service or to the store. */
async function follow(url: string, headers: Record<string, string> = {}): Promise<Followed> {
  if (url.startsWith('/')) {
    const answer = await it.call({ url, headers })
    return { status: answer.status, header: (name) => answer.headers[name], bytes: answer.bytes }
  }
  const answer = await fetch(url, { headers })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, header: (name) => answer.headers.get(name), bytes }
}

test.each([
  { what: 'a large binary file', path: 'data/large.bin', body: randomBytes(200_000) },
  { what: 'a small text', path: 'src/naïve plan.txt', body: Buffer.from('a small text') },
])('a link gives $what to whoever has it, to be saved under its name', async ({ path, body }) => {
  await it.put(owner, id, path, body)
  const { status, body: link } = await ask({ path }, owner)
  expect(status).toBe(200)
  expect(new Date(String(link['expiresAt'])).getTime()).toBeGreaterThan(Date.now())
  const answer = await follow(String(link['url']))
  expect(answer.status).toBe(200)
  expect(answer.bytes.equals(body)).toBe(true)
  const name = encodeURIComponent(path.slice(path.indexOf('/') + 1))
  expect(answer.header('content-disposition')).toContain(`filename*=UTF-8''${name}`)
  expect(answer.header('accept-ranges')).toBe('bytes')
})

test('a link gives ranges, and says where a file ends', async () => {
  await it.put(owner, id, 'ranges', '0123456789')
  const { body: link } = await ask({ path: 'ranges' }, owner)
  const url = String(link['url'])
  const part = await follow(url, { range: 'bytes=2-4' })
  expect([part.status, part.header('content-range'), String(part.bytes)]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ])
  expect(String((await follow(url, { range: 'bytes=-3' })).bytes)).toBe('789')
  expect((await follow(url, { range: 'bytes=10-' })).status).toBe(416)
})

test('a link is of one version, whatever becomes of the file', async () => {
  await it.put(owner, id, 'changing', 'first')
  const { body: link } = await ask({ path: 'changing' }, owner)
  await it.call({
    method: 'PUT',
    url: `/v1/sandboxes/${id}/files/changing`,
    as: owner,
    version: 1,
    body: 'second',
  })
  expect(String((await follow(String(link['url']))).bytes)).toBe('first')
  const { body: second } = await ask({ path: 'changing', version: 2 }, owner)
  expect(String((await follow(String(second['url']))).bytes)).toBe('second')
})

test('a link that was changed or has expired gives nothing', async () => {
  await it.put(owner, id, 'secret', 'secret')
  const { body: link } = await ask({ path: 'secret', expiresInSeconds: 1 }, owner)
  const url = String(link['url'])
  expect((await follow(url.replace(/[0-9a-f]\?/, 'x?'))).status).toBe(403)
  await expect.poll(async () => (await follow(url)).status).toBe(403)
})

test('a link is only for whoever may read the file', async () => {
  await it.put(owner, id, 'mine', 'mine')
  expect((await ask({ path: 'mine' })).status).toBe(401)
  expect((await ask({ path: 'mine' }, await it.person())).problem).toMatchObject({ status: 404 })
  expect((await ask({ path: 'absent' }, owner)).problem).toMatchObject({ code: 'file_not_found' })
  expect((await ask({ path: 'mine', expiresInSeconds: 3_601 }, owner)).problem).toMatchObject({
    status: 400,
    errors: [{ pointer: '/expiresInSeconds' }],
  })
})
