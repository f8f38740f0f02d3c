import { availableParallelism } from 'node:os'
import { OverloadedError } from '@sandkeep/service-kit'
import { expect, test } from 'vitest'
import { createPasswordHasher } from './password-hasher.ts'

test('of more passwords than can wait, the rest are refused at once and every other is hashed or refused', async () => {
  const hasher = await createPasswordHasher()
  const atOnce = availableParallelism() + 256 + 20
  let refusedAtOnce = 0
  const hashes = Array.from({ length: atOnce }, (_, n) => hasher.hash(`Correct horse ${n}`))
  for (const hash of hashes) hash.catch(() => refusedAtOnce++)
  await new Promise(setImmediate)
  expect(refusedAtOnce).toBe(20)
  for (const result of await Promise.allSettled(hashes)) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(OverloadedError)
    else expect(result.value).toMatch(/^\$argon2id\$/)
  }
})
