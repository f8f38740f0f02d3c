import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTrack } from './track.ts'

const shipped = join(import.meta.dirname, '../../exercises')
let directory = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'track-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('the shipped track has six exercises, each with a starter and an answer to it', async () => {
  const exercises = await readTrack(shipped, 20)
  expect(exercises).toHaveLength(6)
  for (const { slug, starter, solution } of exercises) {
    expect(starter.has('.docs/instructions.md'), slug).toBe(true)
    expect([...starter.keys()].some((path) => path.startsWith('.meta/'))).toBe(false)
    for (const [path, answer] of solution) {
      expect(starter.has(path)).toBe(true)
      expect(starter.get(path)?.equals(answer), `${slug} has its answer in the starter`).toBe(false)
    }
  }
})

test('the limit takes the first ones of the track', async () => {
  expect((await readTrack(shipped, 2)).map(({ slug }) => slug)).toEqual(['counter', 'name-registry'])
})

test('a file of lines is the same track as the directory it was made from', async () => {
  const line = (path: string, text: string) => JSON.stringify({ path, text })
  const config = { exercises: { concept: [], practice: [{ slug: 'hello', name: 'Hello' }] } }
  const meta = { files: { solution: ['src/hello.erl'], example: ['.meta/example.erl'] } }
  const lines = [
    line('config.json', JSON.stringify(config)),
    line('exercises/practice/hello/.meta/config.json', JSON.stringify(meta)),
    line('exercises/practice/hello/.meta/example.erl', 'answer'),
    line('exercises/practice/hello/src/hello.erl', 'stub'),
  ]
  const path = join(directory, 'track.ndjson')
  await writeFile(path, `${lines.join('\n')}\n`)
  expect(await readTrack(path, 20)).toEqual([
    {
      slug: 'hello',
      name: 'Hello',
      starter: new Map([['src/hello.erl', Buffer.from('stub')]]),
      solution: new Map([['src/hello.erl', Buffer.from('answer')]]),
    },
  ])
})

test('what is wrong with a track is said', async () => {
  await expect(readTrack(join(directory, 'none'), 20)).rejects.toThrow('There is no track at')
  await expect(readTrack(directory, 20)).rejects.toThrow('no config.json')
  const path = join(directory, 'broken.ndjson')
  await writeFile(path, 'not json\n')
  await expect(readTrack(path, 20)).rejects.toThrow('not JSON')
})
