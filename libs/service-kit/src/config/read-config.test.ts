import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { capturedLogs, tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createLogger } from '../log/create-logger.ts'
import { envTable } from './env-table.ts'
import * as fragments from './fragments.ts'
import { readConfig } from './read-config.ts'
import { Secret, secret } from './secret.ts'

const schema = z.object({
  ...fragments.httpEnv.shape,
  ...fragments.postgresEnv.shape,
  SERVICE_SECRET: secret({ minBytes: 32 }).describe('Key of the fleet'),
})
const good = { DATABASE_URL: 'postgresql://ada:hunter22@db/app', SERVICE_SECRET: 'x'.repeat(32) }

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('what is given is parsed, and the rest has its default', () => {
  const config = readConfig(schema, { ...good, PORT: '8080', CORS_ORIGINS: 'https://a.org, https://b.org' })
  expect(config).toMatchObject({
    PORT: 8080,
    HOST: '127.0.0.1',
    CORS_ORIGINS: ['https://a.org', 'https://b.org'],
    TRUSTED_PROXIES: ['127.0.0.1', '::1'],
  })
  expect(config.DATABASE_URL.reveal()).toBe(good.DATABASE_URL)
})

test('all that is wrong is told at once, with its rule and its meaning', () => {
  const wrong = { PORT: 'eighty', LOG_LEVEL: 'loud', CORS_ORIGINS: '*', SERVICE_SECRET: 'short' }
  expect(() => readConfig(schema, wrong)).toThrow(
    [
      'the configuration is wrong:',
      '  PORT invalid input: expected number, received NaN (Port to listen on; 0 takes a free one)',
      '  LOG_LEVEL invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"silent" (Least severe log lines to write)',
      '  CORS_ORIGINS must be origins such as https://example.org, with no path and no *, separated by commas (Origins whose pages may call this service, separated by commas)',
      "  DATABASE_URL is not set (The service's own database: postgresql://user:password@host:port/database)",
      '  SERVICE_SECRET must be at least 32 bytes long (Key of the fleet)',
    ].join('\n'),
  )
})

test('an empty variable counts as not set', () => {
  expect(readConfig(schema, { ...good, PORT: '' }).PORT).toBe(0)
  expect(() => readConfig(schema, { ...good, DATABASE_URL: '' })).toThrow('DATABASE_URL is not set')
})

test('a variable is read from the file that NAME_FILE names', async () => {
  await using stack = new AsyncDisposableStack()
  const file = join(await tempDirectory(stack), 'url')
  await writeFile(file, `${good.DATABASE_URL}\n`)
  const { DATABASE_URL: _, ...rest } = good
  expect(readConfig(schema, { ...rest, DATABASE_URL_FILE: file }).DATABASE_URL.reveal()).toBe(
    good.DATABASE_URL,
  )
  await writeFile(file, '\n')
  expect(() => readConfig(schema, { ...rest, DATABASE_URL_FILE: file })).toThrow('DATABASE_URL is not set')
})

test('a file that cannot be read, and a value given twice, are refused by name', () => {
  const env = { SERVICE_SECRET_FILE: '/nowhere/secret', ...good, DATABASE_URL_FILE: '/nowhere/url' }
  expect(() => readConfig(schema, { ...env, SERVICE_SECRET: '' })).toThrow(
    [
      'the configuration is wrong:',
      '  DATABASE_URL and DATABASE_URL_FILE are both set: unset one',
      '  SERVICE_SECRET_FILE names a file that cannot be read (ENOENT)',
    ].join('\n'),
  )
})

test.each([
  ['DATABSE_URL', 'DATABASE_URL'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['log_level', 'LOG_LEVEL'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['SERVICE_SERCET', 'SERVICE_SECRET'],
])('%s is refused as a slip of %s', (given, meant) => {
  const { [meant]: _, ...env } = { ...good, [given]: 'whatever' } as Record<string, string>
  expect(() => readConfig(schema, env)).toThrow(`${given} is not known: did you mean ${meant}?`)
})

test('variables of other programs are left alone, and so is a twin of one that is set', () => {
  const others = {
    HOME: '/',
    HOSTNAME: 'a',
    PATH: '/bin',
    PWD: '/',
    SHELL: 'sh',
    npm_config_loglevel: 'info',
  }
  expect(() => readConfig(schema, { ...good, ...others, DATABASE_URI: 'x' })).not.toThrow()
})

test('no secret has a default, and none shows its value', () => {
  const all = Object.values(fragments).flatMap((fragment) => Object.entries(fragment.shape))
  const secrets = all.filter(([, field]) => field.safeParse('x'.repeat(64)).data instanceof Secret)
  expect(secrets.map(([name]) => name)).toEqual([
    'DATABASE_URL',
    'BUS_URL',
    'CACHE_URL',
    'OBJECTS_URL',
    'DOCUMENTS_URL',
    'SERVICE_SECRET',
  ])
  for (const [name, field] of secrets) expect(field.safeParse(undefined).success, name).toBe(false)
})

test('a secret shows in no text, JSON, inspection, log line or configuration error', () => {
  const config = readConfig(schema, good)
  const logs = capturedLogs()
  const log = createLogger({ name: 'test', level: 'info', destination: logs })
  log.info({ config, url: config.DATABASE_URL }, `started with ${config.DATABASE_URL}`)
  const shown = [`${config.DATABASE_URL}`, JSON.stringify(config), inspect(config, { showHidden: true })]
  expect(shown.join()).not.toContain('hunter22')
  expect(inspect(config)).toContain('[secret]')
  logs.assertNone(['hunter22', good.SERVICE_SECRET])

  const wrong = { SERVICE_SECRET: 'hunter22', PORT: 'hunter22', CORS_ORIGINS: 'hunter22' }
  const error = thrownBy(() => readConfig(schema, { ...good, ...wrong }))
  const shownError = inspect(error, { showHidden: true, depth: 9 })
  expect(shownError).toContain('SERVICE_SECRET must be')
  expect(shownError).not.toContain('hunter22')
})

test('the table of variables tells the meaning and default of each, and which are required', () => {
  expect(envTable(schema)).toContain('| `PORT` | Port to listen on; 0 takes a free one | `0` |')
  expect(envTable(schema)).toContain(
    '| `CORS_ORIGINS` | Origins whose pages may call this service, separated by commas | empty |',
  )
  expect(envTable(schema)).toContain('| `SERVICE_SECRET` | Key of the fleet | required |')
})
