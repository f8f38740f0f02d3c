import { getContent, openObjects } from '@sandkeep/objects'
import { sql } from '@sandkeep/postgres'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sweepAvatars } from '../src/avatar/avatar-sweep.ts'
import { startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=', 'base64')

const replace = (token: string, version: number, body: Buffer, type = 'image/png') =>
  identity.call({
    method: 'PUT',
    url: '/v1/me/avatar',
    token,
    version,
    body,
    headers: { 'content-type': type },
  })

describe('an avatar', () => {
  test('is shown to everybody under an address that never changes its content', async () => {
    const { accessToken, version, id } = await identity.person()
    const replaced = await replace(accessToken, version, png)
    expect(replaced.status, replaced.text).toBe(200)
    expect(replaced.headers['etag']).toBe(`"${version + 1}"`)
    const url = String(replaced.body['avatarUrl'])
    expect(url).toMatch(/^\/v1\/avatars\/[0-9a-f]{64}$/)
    const shown = await identity.app.inject({ url })
    expect(shown.rawPayload.equals(png)).toBe(true)
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    expect((await identity.announced(id)).at(-1)?.data).toMatchObject({ changedFields: ['avatarUrl'] })
  })

  test('is what its bytes are, whatever it is called', async () => {
    const { accessToken, version } = await identity.person()
    const replaced = await replace(accessToken, version, gif, 'image/jpeg')
    const shown = await identity.app.inject({ url: String(replaced.body['avatarUrl']) })
    expect(shown.headers['content-type']).toBe('image/gif')
  })

  test.each([
    ['a page called an image', Buffer.from('<html><script>alert(1)</script>'), 'image/png', 422],
    [
      'a drawing that can run scripts',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/svg+xml',
      415,
    ],
    ['nothing', Buffer.alloc(0), 'image/png', 422],
    ['more than a mebibyte', Buffer.concat([png, Buffer.alloc(1024 * 1024)]), 'image/png', 413],
    ['JSON', Buffer.from('{}'), 'application/json', 422],
  ])('is not %s', async (_, body, type, status) => {
    const { accessToken, version } = await identity.person()
    expect((await replace(accessToken, version, body, type)).problem.status).toBe(status)
  })

  test('that does not exist is not found', async () => {
    expect((await identity.call({ url: `/v1/avatars/${'0'.repeat(64)}` })).problem).toMatchObject({
      status: 404,
      code: 'avatar_not_found',
    })
    expect((await identity.call({ url: '/v1/avatars/..%2f..%2fetc%2fpasswd' })).status).toBe(400)
  })
})

test('pictures that nobody uses are deleted after a day, others are not', async () => {
  const objects = stack.use(await openObjects(identity.objectsUrl))
  const { accessToken, version, id } = await identity.person()
  const used = Buffer.concat([png, Buffer.from('used')])
  const unused = Buffer.concat([png, Buffer.from('unused')])
  const first = await replace(accessToken, version, unused)
  await replace(accessToken, version + 1, used)
  const sweep = (now: Date) => sweepAvatars({ db: identity.db, objects, log: pino({ level: 'silent' }) }, now)
  const stored = async () => {
    const url = await identity.db.one<{ url: string }>(
      sql`select avatar_url as url from user_profiles where user_id = ${id}`,
    )
    const hashes = [String(first.body['avatarUrl']), url?.url ?? ''].map((it) => it.slice(-64))
    return await Promise.all(
      hashes.map(async (hash) => {
        const stream = await getContent(objects, 'avatars', hash)
        stream?.destroy()
        return stream !== null
      }),
    )
  }
  await sweep(new Date())
  expect(await stored()).toEqual([true, true])
  const nextDay = new Date(Date.now() + 25 * 3_600_000)
  await sweep(nextDay)
  await sweep(nextDay)
  expect(await stored()).toEqual([false, true])
})
