import { engines, eventually } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { filesUrl, startSandbox } from './sandbox-harness.ts'

test('while the documents are out of reach files answer 503, and go on where they were afterwards', async () => {
  await using stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('mongodb'))
  const it = await startSandbox(stack, { DOCUMENTS_URL: engine.url })
  const owner = await it.person()
  const { id } = await it.create(owner)
  await it.put(owner, id, 'a', 'kept')

  await engine.kill()
  const write = {
    method: 'PUT' as const,
    url: filesUrl(id, 'b'),
    as: owner,
    body: 'text',
    headers: { 'if-match': '*' },
  }
  for (const call of [write, { url: filesUrl(id, 'a'), as: owner }]) {
    const { status, problem } = await it.call(call)
    expect([status, problem.code]).toEqual([503, 'store_unavailable'])
  }
  expect((await it.call({ url: `/v1/sandboxes/${id}`, as: owner })).status).toBe(200)

  await engine.restart()
  await eventually(async () => expect((await it.call(write)).status).toBeLessThan(300), { timeoutMs: 30_000 })
  expect(await it.contents(owner, id)).toEqual({ a: 'kept', b: 'text' })
})
