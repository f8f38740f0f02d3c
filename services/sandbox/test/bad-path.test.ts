import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingOf, refusedBy } from './refused.ts'
import { type Call, type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let id: string
beforeAll(async () => {
  it = await startSandbox(stack)
  owner = await it.person()
  id = (await it.create(owner)).id
  await it.put(owner, id, 'a.txt', 'text')
})
afterAll(() => stack.disposeAsync())

const at = () => `/v1/sandboxes/${id}`

const everything = () => everythingOf(it)
const refused = (call: Call) => refusedBy(it, owner, call)

describe('a path that may not be', () => {
  test.each([
    ['a/..', 'traversal'],
    ['a/../../b', 'traversal'],
    ['./a', 'traversal'],
    ['/etc/passwd', 'absolute'],
    ['a//b', 'empty_segment'],
    ['a/', 'empty_segment'],
    ['a\\b', 'backslash'],
    ['C:/x', 'reserved_character'],
    ['a\0b', 'control_character'],
    ['a\nb', 'control_character'],
    ['a\u202eb', 'invisible_character'],
    ['lib/CON.ex', 'reserved_name'],
    ['.Git/config', 'reserved_name'],
    ['a.', 'trailing_dot_or_space'],
    ['x'.repeat(256), 'segment_too_long'],
    ['x/'.repeat(40), 'too_deep'],
    ['xxxxxxxxx/'.repeat(31) + 'y'.repeat(800), 'too_long'],
  ])('%j is refused wherever one is sent', async (path, rule) => {
    const before = await everything()
    const files = `${at()}/files/${encodeURIComponent(path)}`
    const put = await refused({ method: 'PUT', url: files, body: 'x', headers: { 'if-match': '*' } })
    expect(put).toMatchObject({ status: 422, errors: [{ pointer: '/path/path', code: rule }] })
    await refused({ url: files })
    await refused({ url: `${at()}/file-versions/${encodeURIComponent(path)}` })
    await refused({ method: 'DELETE', url: files, headers: { 'if-match': '*' } })
    for (const [url, body, pointer] of [
      ['files/move', { from: path, to: 'b' }, '/from'],
      ['files/move', { from: 'a.txt', to: path }, '/to'],
      ['changes', { changes: [{ path, content: '' }] }, '/changes/0/path'],
      ['changes', { changes: [{ path: 'b', moveFrom: path }] }, '/changes/0/moveFrom'],
    ] as const)
      expect(await refused({ method: 'POST', url: `${at()}/${url}`, body })).toMatchObject({
        errors: [{ pointer, code: rule }],
      })
    expect(await everything()).toBe(before)
  })

  test('is refused also when it is half a character or longer than any', async () => {
    await refused({ url: `${at()}/files/%ed%a0%80` })
    await refused({ url: `${at()}/files/%ff` })
    await refused({ url: `${at()}/files/${'x'.repeat(3_000)}` })
    await refused({
      method: 'POST',
      url: `${at()}/changes`,
      body: { changes: [{ path: 'x'.repeat(3_000), content: '' }] },
    })
  })
})

describe('a header', () => {
  const put = (headers: Record<string, string>) =>
    refused({ method: 'PUT', url: `${at()}/files/h.txt`, body: 'x', headers })
  test.each([
    ['if-match', '1'],
    ['if-match', 'W/"1"'],
    ['if-match', '"1", "2"'],
    ['if-match', '"-1"'],
    ['if-match', '"99999999999999999999"'],
    ['if-none-match', '"1"'],
    ['content-type', `text/${'x'.repeat(200)}`],
    ['content-type', 'text'],
    ['content-encoding', 'gzip'],
  ])('%s: %s is refused by its name', async (name, value) => {
    const problem = await put({ [name]: value })
    expect([400, 415]).toContain(problem.status)
    if (problem.status === 400) expect(problem.errors).toMatchObject([{ pointer: `/headers/${name}` }])
  })

  test('that contradicts another is refused', async () => {
    expect(await put({ 'if-match': '"1"', 'if-none-match': '*' })).toMatchObject({ status: 400 })
  })

  test('that only claims who asks changes nothing', async () => {
    const headers = { 'x-user-id': owner.id, 'x-user-role': 'admin', 'x-forwarded-user': owner.id }
    expect((await it.call({ url: at(), headers })).status).toBe(401)
  })

  test.each(['', ' ', 'a b', 'ä', 'x'.repeat(256)])('idempotency-key: %j is refused', async (key) => {
    expect(await refused({ method: 'POST', url: `${at()}/forks`, key })).toMatchObject({
      status: 400,
      errors: [{ pointer: '/headers/idempotency-key' }],
    })
  })
})
