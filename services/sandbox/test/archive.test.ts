import { buffer } from 'node:stream/consumers'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
beforeAll(async () => {
  it = await startSandbox(stack)
  owner = await it.person()
})
afterAll(() => stack.disposeAsync())

const files: Record<string, Buffer> = {
  '.formatter.exs': Buffer.from('[inputs: ["*.exs"]]\n'),
  empty: Buffer.alloc(0),
  'lib/größe.ex': Buffer.from('defmodule Größe do\nend\n'),
  'priv/large.bin': Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 251)),
}

const exported = async (id: string) =>
  (await it.call({ url: `/v1/sandboxes/${id}/export.zip`, as: owner })).bytes

async function unzip(bytes: Buffer): Promise<Record<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes)
  const found: Record<string, Buffer> = {}
  for await (const entry of zip.eachEntry()) {
    found[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry))
  }
  return found
}

async function zipOf(entries: Record<string, Buffer>, mode = 0o100644): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [path, bytes] of Object.entries(entries)) zip.addBuffer(bytes, path, { mode })
  zip.end()
  return buffer(zip.outputStream)
}

const send = async (id: string, archive: Buffer, version?: number, type = 'application/zip') =>
  it.call({
    method: 'PUT',
    url: `/v1/sandboxes/${id}/import`,
    as: owner,
    body: archive,
    version: version ?? (await it.read(owner, id)).version,
    headers: { 'content-type': type },
  })

async function filled(): Promise<string> {
  const { id } = await it.create(owner)
  for (const [path, bytes] of Object.entries(files)) await it.put(owner, id, path, bytes)
  return id
}

describe('an export', () => {
  test('is the working tree, byte for byte', async () => {
    const answer = await it.call({ url: `/v1/sandboxes/${await filled()}/export.zip`, as: owner })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': expect.stringMatching(/^attachment; filename="sandbox-.*\.zip"$/),
    })
    expect(await unzip(answer.bytes)).toEqual(files)
  })

  test('of equal trees is equal, and of none is an archive of none', async () => {
    const [one, other] = [await filled(), await filled()]
    expect((await exported(one)).equals(await exported(other))).toBe(true)
    expect(await unzip(await exported((await it.create(owner)).id))).toEqual({})
  })
})

describe('an import', () => {
  test('takes the files of an archive in place of all others, and can be undone', async () => {
    const archive = await exported(await filled())
    const { id } = await it.create(owner)
    await it.put(owner, id, 'before.txt', 'before')
    const done = await send(id, archive)
    expect(done.body, done.text).toMatchObject({
      sandbox: { fileCount: 4 },
      changedCount: 4,
      deletedCount: 1,
      undo: { reason: 'before-import', fileCount: 1 },
    })
    expect((await exported(id)).equals(archive)).toBe(true)

    const { undo } = done.body as { undo: { id: string } }
    await it.call({
      method: 'POST',
      url: `/v1/sandboxes/${id}/restore`,
      as: owner,
      body: { checkpointId: undo.id },
    })
    expect(await it.contents(owner, id)).toEqual({ 'before.txt': 'before' })
  })

  test('of what is there already changes nothing', async () => {
    const id = await filled()
    const before = await it.read(owner, id)
    expect((await send(id, await exported(id))).body).toMatchObject({ changedCount: 0, deletedCount: 0 })
    expect(await it.read(owner, id)).toMatchObject({ fileCount: 4, totalBytes: before.totalBytes })
  })

  test('needs the version that was seen', async () => {
    const id = await filled()
    const archive = await exported(id)
    expect((await send(id, archive, 1)).problem).toMatchObject({ status: 412, code: 'stale_version' })
    const without = await it.call({
      method: 'PUT',
      url: `/v1/sandboxes/${id}/import`,
      as: owner,
      body: archive,
      headers: { 'content-type': 'application/zip' },
    })
    expect(without.problem).toMatchObject({ status: 428 })
  })
})

/** An archive that yazl would not write: any name, any claims about size and checksum. */
function forged(
  name: string,
  data: Buffer,
  claims: { size?: number; crc?: number; mode?: number } = {},
): Buffer {
  const deflated = deflateRawSync(data)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(0x800, 2)
  common.writeUInt16LE(8, 4)
  common.writeUInt32LE(claims.crc ?? 0, 10)
  common.writeUInt32LE(deflated.length, 14)
  common.writeUInt32LE(claims.size ?? data.length, 18)
  common.writeUInt16LE(Buffer.byteLength(name), 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), deflated])
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(((claims.mode ?? 0o100644) << 16) >>> 0, 6)
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([20, 3]),
    common,
    rest,
    Buffer.from(name),
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end])
}

const twice = Buffer.alloc(1)

describe('an import is refused, and changes nothing,', () => {
  test.each<[string, () => Promise<Buffer> | Buffer, number, string]>([
    ['of no archive', () => Buffer.from('PK, but no archive'), 422, 'invalid_archive'],
    ['of nothing', () => Buffer.alloc(0), 422, 'invalid_archive'],
    ['of half an archive', async () => (await zipOf(files)).subarray(0, 200), 422, 'invalid_archive'],
    ['of a way out', () => forged('../../etc/passwd', twice), 422, 'invalid_archive'],
    ['of a way out by backslash', () => forged('..\\evil', twice), 422, 'invalid_archive'],
    ['of an absolute path', () => forged('/etc/passwd', twice), 422, 'invalid_archive'],
    ['of a reserved name', () => forged('lib/NUL.txt', twice), 422, 'invalid_archive'],
    ['of a symbolic link', () => forged('link', twice, { mode: 0o120777 }), 422, 'invalid_archive'],
    ['of a file that is damaged', () => forged('a', Buffer.from('text'), { crc: 1 }), 422, 'invalid_archive'],
    [
      'of more than it claims to be',
      () => forged('a', Buffer.alloc(1_000_000), { size: 10 }),
      422,
      'invalid_archive',
    ],
    ['of a bomb', () => forged('zeros', Buffer.alloc(30_000_000)), 413, 'file_too_large'],
    [
      'of many bombs',
      () => zipOf(Object.fromEntries(['1', '2', '3', '4', '5'].map((it) => [it, Buffer.alloc(24_000_000)]))),
      422,
      'quota_exceeded',
    ],
    [
      'of too many files',
      () => zipOf(Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`f${n}`, twice]))),
      422,
      'quota_exceeded',
    ],
    ['of twins', () => zipOf({ 'a.txt': twice, 'A.txt': twice }), 409, 'path_taken_by_twin'],
    ['of a file and what is below it', () => zipOf({ a: twice, 'a/b': twice }), 409, 'path_taken_by_'],
  ])('%s', async (_, archive, status, code) => {
    const { id } = await it.create(owner)
    await it.put(owner, id, 'kept.txt', 'kept')
    const before = await it.read(owner, id)
    const { problem, text } = await send(id, await archive())
    expect(problem, text).toMatchObject({ status, code: expect.stringContaining(code) })
    expect(text).not.toMatch(/node_modules|\.ts:|\/tmp/)
    expect(await it.contents(owner, id)).toEqual({ 'kept.txt': 'kept' })
    expect(await it.read(owner, id)).toMatchObject({ version: before.version })
  })

  test('of another type', async () => {
    const { id } = await it.create(owner)
    expect((await send(id, Buffer.from('{}'), 1, 'application/json')).problem).toMatchObject({ status: 415 })
  })
})
