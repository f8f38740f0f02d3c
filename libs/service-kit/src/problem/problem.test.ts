import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { capturedLogs } from '@sandkeep/testkit'
import { afterEach, expect, test } from 'vitest'
import { KeysUnavailableError } from '../auth/errors.ts'
import { createApp } from '../http/create-app.ts'
import { createLogger } from '../log/create-logger.ts'
import { createTestHost } from '../testing.ts'
import { DomainError } from './domain-error.ts'
import { problemSchema, toProblem } from './problem.ts'
import { statusOf, titles } from './status.ts'

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

/** A service whose only route fails as it is told. */
async function failing(error?: unknown) {
  const logs = capturedLogs()
  const host = { ...createTestHost(), log: createLogger({ name: 'test', level: 'info', destination: logs }) }
  const app = await createApp({ name: 'test', authorization: {}, host })
  stack.adopt(app, (it) => it.close())
  app.route({
    method: 'GET',
    url: '/v1/fail',
    operation: 'fail',
    auth: 'public',
    handler: async () => {
      throw error
    },
  })
  await app.ready()
  return { app, logs }
}

test.each(Object.entries(statusOf))('an error of the kind %s is a problem with status %i', (kind, status) => {
  const error = new DomainError({ kind: kind as keyof typeof statusOf, code: 'some_code', message: 'So.' })
  const { problem } = toProblem(error, { path: '/v1/notes', traceId: 'abc' })
  expect(problemSchema.parse(problem)).toEqual({
    type: '/problems#some_code',
    title: titles[status],
    status,
    detail: 'So.',
    instance: '/v1/notes',
    code: 'some_code',
    traceId: 'abc',
  })
})

const withCode = (code: string) => Object.assign(new Error('select secret from hidden'), { code })

test.each([
  ['PostgreSQL shuts down', withCode('57P01')],
  ['PostgreSQL has no connection left', withCode('53300')],
  ['the disk is full', withCode('53100')],
  ['a statement takes too long', withCode('57014')],
  ['nothing listens', withCode('ECONNREFUSED')],
  ['a name cannot be looked up', withCode('EAI_AGAIN')],
  ['the pool has no connection in time', new Error('timeout exceeded when trying to connect')],
  ['a connection broke', new Error('Connection terminated unexpectedly')],
  ['Prisma finds no server', withCode('P1001')],
])('when %s the store is out of reach, and the log has the cause', async (_name, error) => {
  const { app, logs } = await failing(error)
  const answer = await app.inject('/v1/fail')
  expect(answer.json()).toMatchObject({ status: 503, code: 'store_unavailable' })
  expect(answer.headers['retry-after']).toBe('2')
  expect(answer.body).not.toContain('hidden')
  expect(logs.lines).toMatchObject([{ level: 40, msg: 'request failed', err: { message: error.message } }])
})

test.each([
  ['an error', new TypeError('select secret from hidden')],
  ['a broken constraint', withCode('23505')],
  ['no error at all', 'select secret from hidden'],
  ['nothing', undefined],
])(
  '%s that nobody expected shows nothing of itself, but is in the log under its trace',
  async (_name, thrown) => {
    const { app, logs } = await failing(thrown)
    const answer = await app.inject('/v1/fail?token=seeded')
    const problem = problemSchema.parse(answer.json())
    expect(problem).toMatchObject({ status: 500, code: 'internal_error', instance: '/v1/fail' })
    expect(answer.body).not.toMatch(/hidden|seeded|\.ts/)
    expect(logs.lines).toMatchObject([
      { level: 50, traceId: problem.traceId, path: '/v1/fail', method: 'GET' },
    ])
    logs.assertNone(['seeded'])
  },
)

test('a fault of the caller is not logged, a part out of reach is', async () => {
  const calm = await failing(new DomainError({ kind: 'conflict', code: 'taken', message: 'Taken.' }))
  await calm.app.inject('/v1/fail')
  expect(calm.logs.lines).toEqual([])
  const { app, logs } = await failing(new KeysUnavailableError(new Error('no route')))
  await app.inject('/v1/fail')
  expect(logs.lines).toMatchObject([{ level: 40, err: { type: 'KeysUnavailableError' } }])
})

test.each([
  ['no HTTP at all', 'HELO there\r\n\r\n', 400, 'http_malformed'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    400,
    'http_malformed',
  ],
  [
    'endless headers',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
  ['a broken address', 'GET /v1/%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400, 'url_malformed'],
])('%s is answered with a problem too', async (_name, request, status, code) => {
  const { app } = await failing()
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const answer = await text(connect(Number(port), '127.0.0.1').end(request))
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toContain(`HTTP/1.1 ${status}`)
  expect(head).toContain('content-type: application/problem+json')
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ status, code })
})
