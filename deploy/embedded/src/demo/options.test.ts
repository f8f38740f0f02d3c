import { expect, test } from 'vitest'
import { StartRefusedError } from '../start-refused-error.ts'
import { readOptions } from './options.ts'

test('without arguments a track is chosen, and a product started for it', async () => {
  const { track, running } = await readOptions([])
  expect(track).toMatch(/exercism-elixir-track\.ndjson$|exercises$/)
  expect(running).toBeNull()
})

test('a product that is told by its address needs nobody to ask', async () => {
  const { running } = await readOptions(['--url', 'http://localhost:1', '--data', '/data'])
  expect(running).toEqual({ url: 'http://localhost:1', dataDirectory: '/data' })
})

test.each([
  [['one', 'two'], 'Name one track'],
  [['--speed', 'high'], 'npm run demo -- [TRACK]'],
  [['--data', '/no/such/data'], 'No Sandkeep runs on /no/such/data'],
])('%j is refused with what to do', async (args, reason) => {
  const refusal = await readOptions(args).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(StartRefusedError)
  expect(String(refusal)).toContain(reason)
})
