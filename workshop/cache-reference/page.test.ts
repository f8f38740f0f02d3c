import { expect, test } from 'vitest'
import { readDeclaredKeys } from './declared-keys.ts'
import { cacheKeysPage } from './page.ts'

const key = {
  pattern: 'seen:{person}',
  holds: 'Who was seen',
  longestMs: 90_000,
  forgottenWhen: 'the person leaves',
  withoutCache: 'nobody was seen',
}

test('a key is told with its owner, its life, what ends it and what happens without it', () => {
  const page = cacheKeysPage([{ owner: 'lobby', keys: [key, { ...key, longestMs: 86_400_000 }] }])
  expect(page).toContain('## lobby\n')
  expect(page).toContain('| `seen:{person}` | Who was seen | 90 s | the person leaves | nobody was seen |')
  expect(page).toContain('| 1 d |')
})

test('the keys of every service that has a cache are read', async () => {
  expect((await readDeclaredKeys()).map((it) => it.owner)).toEqual(['gateway', 'identity'])
})
