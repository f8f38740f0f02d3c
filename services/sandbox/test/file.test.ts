import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Call, filesUrl, type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

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

const put = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  it.call({ method: 'PUT', url: filesUrl(id, path), as: owner, body, headers })
const get = (path: string, rest: Partial<Call> & { query?: string } = {}) =>
  it.call({ url: `${filesUrl(id, path)}${rest.query ?? ''}`, as: owner, ...rest })

describe('a file', () => {
  test('is written at its path and read back byte for byte', async () => {
    const text = '-module(counter).\n% zählt ünd läuft 🎈\n'
    const made = await put('src/counter.erl', text)
    expect(made.status, made.text).toBe(201)
    expect(made.headers).toMatchObject({ etag: '"1"', location: filesUrl(id, 'src/counter.erl') })
    expect(made.body).toMatchObject({
      path: 'src/counter.erl',
      version: 1,
      sizeBytes: Buffer.byteLength(text),
      mediaType: 'text/x-erlang',
      fileType: 'erlang',
      encoding: 'utf-8',
      updatedBy: owner.id,
    })
    const read = await get('src/counter.erl')
    expect(read.text).toBe(text)
    expect(read.headers).toMatchObject({
      'content-type': 'text/x-erlang',
      'content-length': String(Buffer.byteLength(text)),
      etag: '"1"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })

  test.each([
    ['empty', Buffer.alloc(0), 'utf-8'],
    ['no text', Buffer.from([0xff, 0x00, 0xfe]), 'binary'],
    ['text with NUL', Buffer.from('a\0b'), 'binary'],
    ['a large text', Buffer.from('ä'.repeat(200_000)), 'utf-8'],
    ['large and no text', randomBytes(3_000_000), 'binary'],
    ['JSON that ends too soon', Buffer.from('{"a":'), 'utf-8'],
  ])('may be %s', async (name, bytes, encoding) => {
    const made = await put(`any/${name}`, bytes, { 'content-type': 'application/json' })
    expect(made.body, made.text).toMatchObject({
      sizeBytes: bytes.length,
      encoding,
      mediaType: 'application/json',
    })
    const read = await get(`any/${name}`)
    expect(read.bytes.equals(bytes)).toBe(true)
    expect(read.headers['content-type']).toBe('application/json')
  })

  test('may have slashes, blanks and letters of any script in its path', async () => {
    const path = 'lib/Größe und Maß/データ.ex'
    expect((await put(path, 'x')).body).toMatchObject({ path, fileType: 'elixir' })
    expect((await get(path)).text).toBe('x')
    expect((await it.call({ url: filesUrl(id, encodeURIComponent(path)), as: owner })).status).toBe(404)
    const asOnePart = `/v1/sandboxes/${id}/files/${encodeURIComponent(path)}`
    expect((await it.call({ url: asOnePart, as: owner })).text).toBe('x')
  })

  test('shows itself without its bytes to HEAD, and not at all to who has them', async () => {
    await put('head.txt', 'twelve bytes')
    const head = await get('head.txt', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers).toMatchObject({ 'content-length': '12', etag: '"1"' })
    for (const known of ['"1"', 'W/"1"', '"7", "1"', '*'])
      expect(await get('head.txt', { headers: { 'if-none-match': known } })).toMatchObject({
        status: 304,
        text: '',
      })
    expect((await get('head.txt', { headers: { 'if-none-match': '"2"' } })).status).toBe(200)
  })

  test('that does not exist, or did not at that version, is not found', async () => {
    await put('once.txt', 'x')
    expect((await get('nowhere.txt')).problem).toMatchObject({ status: 404, code: 'file_not_found' })
    expect((await get('once.txt', { query: '?version=2' })).problem).toMatchObject({ status: 404 })
    expect((await get('ONCE.txt')).problem).toMatchObject({ status: 404 })
  })
})

describe('a write', () => {
  test('over a file needs the version that was seen', async () => {
    await put('a.txt', 'one')
    expect((await put('a.txt', 'two')).problem).toMatchObject({ status: 428, code: 'precondition_required' })
    expect((await put('a.txt', 'two', { 'if-match': '"9"' })).problem).toMatchObject({
      status: 412,
      code: 'stale_version',
    })
    expect((await put('a.txt', 'two', { 'if-none-match': '*' })).problem).toMatchObject({ status: 412 })
    expect((await get('a.txt')).text).toBe('one')
    expect((await put('a.txt', 'two', { 'if-match': '"1"' })).headers['etag']).toBe('"2"')
    expect((await put('a.txt', 'three', { 'if-match': '*' })).body).toMatchObject({ version: 3 })
    expect((await put('gone.txt', 'x', { 'if-match': '"1"' })).problem).toMatchObject({ status: 412 })
  })

  test('of many at once on one version succeeds once', async () => {
    await put('race.txt', 'start')
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) => put('race.txt', text, { 'if-match': '"1"' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
    const winner = answers.find(({ status }) => status === 200)
    expect((await get('race.txt')).headers['etag']).toBe(winner?.headers['etag'])
  })

  test('of the same bytes changes nothing and is announced to nobody', async () => {
    await put('same.txt', 'x')
    const before = (await it.announced(id)).length
    expect((await put('same.txt', 'x', { 'if-match': '"1"' })).headers['etag']).toBe('"1"')
    expect(await it.announced(id)).toHaveLength(before)
  })

  test('moves the version of the sandbox and is announced with it', async () => {
    const before = await it.read(owner, id)
    await put('announced.txt', 'text')
    const after = await it.read(owner, id)
    expect(after).toMatchObject({ version: before.version + 1, fileCount: before.fileCount + 1 })
    expect((await it.announced(id)).at(-1)).toMatchObject({
      type: 'sandbox.file.changed.v1',
      version: after.version,
      data: { sandboxId: id, path: 'announced.txt', version: 1, sizeBytes: '4' },
    })
  })

  test.each([
    ['a twin by case', 'TWIN.txt', 'path_taken_by_twin'],
    ['a twin by Unicode form', 'tw\uff49n.txt', 'path_taken_by_twin'],
    ['below a file', 'twin.txt/below', 'path_taken_by_file'],
    ['at a folder', 'folder', 'path_taken_by_folder'],
  ])('of %s is refused', async (_, path, code) => {
    await put('twin.txt', 'x', { 'if-match': '*' })
    await put('folder/file', 'x', { 'if-match': '*' })
    expect((await put(path, 'y')).problem).toMatchObject({ status: 409, code })
  })

  test('of one file in two spellings of Unicode is the same file', async () => {
    await put('cafe\u0301.txt', 'x')
    expect((await get('caf\u00e9.txt')).text).toBe('x')
  })

  test('above the largest size is refused, and nothing of it stays', async () => {
    const { problem } = await put('huge.bin', Buffer.alloc(26_214_401))
    expect(problem).toMatchObject({ status: 413, code: 'file_too_large' })
    expect((await get('huge.bin')).status).toBe(404)
  })
})

test('a refusal reaches who is still sending, and the connection stays good', async () => {
  const { port } = new URL(await it.app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(port), '127.0.0.1')
  const heard: string[] = []
  socket.on('data', (data) => heard.push(String(data)))
  const size = 60_000_000
  const head = ['host: x', `authorization: Bearer ${owner.token}`].join('\r\n')
  socket.write(`PUT ${filesUrl(id, 'endless.bin')} HTTP/1.1\r\n${head}\r\ncontent-length: ${size}\r\n\r\n`)
  for (let sent = 0; sent < size; sent += 1_000_000)
    if (!socket.write(new Uint8Array(1_000_000))) await once(socket, 'drain')
  socket.write(`GET /v1/sandboxes/${id} HTTP/1.1\r\n${head}\r\n\r\n`)
  await eventually(() => {
    expect(heard.join('').match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
    expect(heard.join('')).toContain('"code":"file_too_large"')
  })
  socket.destroy()
})

describe('a deletion', () => {
  const remove = (path: string, match?: string) =>
    it.call({
      method: 'DELETE',
      url: filesUrl(id, path),
      as: owner,
      headers: match === undefined ? {} : { 'if-match': match },
    })

  test('needs the version, is announced, and leaves the versions', async () => {
    await put('del.txt', 'one')
    await put('del.txt', 'two', { 'if-match': '"1"' })
    expect((await remove('del.txt')).status).toBe(428)
    expect((await remove('del.txt', '"1"')).status).toBe(412)
    expect((await remove('del.txt', '"2"')).status).toBe(204)
    expect((await remove('del.txt', '*')).status).toBe(404)
    expect((await get('del.txt')).status).toBe(404)
    expect((await it.announced(id)).at(-1)).toMatchObject({
      type: 'sandbox.file.deleted.v1',
      data: { path: 'del.txt' },
    })
    expect((await get('del.txt', { query: '?version=1' })).text).toBe('one')
  })

  test('and a new start go on with the versions', async () => {
    expect((await put('del.txt', 'three')).headers['etag']).toBe('"3"')
  })
})

describe('the versions of a file', () => {
  const versions = async (query = '') => {
    const { body } = await it.call({
      url: `/v1/sandboxes/${id}/file-versions/lib/v.ex${query}`,
      as: owner,
    })
    const { items, nextCursor } = body as { items: { version: number }[]; nextCursor?: string }
    return { versions: items.map((item) => item.version), nextCursor }
  }

  test('come newest first, in pages, and each can still be read', async () => {
    for (let n = 1; n <= 5; n += 1) await put('lib/v.ex', `text ${n}`, { 'if-match': '*' })
    const first = await versions('?limit=3')
    expect(first.versions).toEqual([5, 4, 3])
    const second = await versions(`?limit=3&cursor=${first.nextCursor}`)
    expect(second).toEqual({ versions: [2, 1] })
    const old = await get('lib/v.ex', { query: '?version=2' })
    expect(old.text).toBe('text 2')
    expect(old.headers['etag']).toBe('"2"')
  })
})
