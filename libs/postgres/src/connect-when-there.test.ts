import { expect, test } from 'vitest'
import { temporaryDirectory, throwAwayOptions } from '../test/server.ts'
import { startEmbeddedPostgres } from './embedded/start.ts'
import { migrate } from './migrate/migrate.ts'

test('a server that comes later is waited for, by name; a wrong password is not', async () => {
  await using stack = new AsyncDisposableStack()
  const dataDirectory = await temporaryDirectory(stack)
  const { url, ...earlier } = await startEmbeddedPostgres({ ...throwAwayOptions(dataDirectory) })
  await earlier[Symbol.asyncDispose]()

  const waits = Promise.withResolvers<string>()
  const warn = (_fields: object, text: string) => waits.resolve(text)
  const migrating = migrate(url, [], { info() {}, warn, error: warn })
  expect(await waits.promise).toBe('waiting for PostgreSQL, which is not there yet')
  stack.use(
    await startEmbeddedPostgres({ ...throwAwayOptions(dataDirectory), port: Number(new URL(url).port) }),
  )
  expect(await migrating).toEqual([])

  const wrong = Object.assign(new URL(url), { password: 'wrong' }).href
  await expect(migrate(wrong, [])).rejects.toThrow('password authentication failed')
})
