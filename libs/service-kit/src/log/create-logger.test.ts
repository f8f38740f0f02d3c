import { capturedLogs } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { context } from '../context/context.ts'
import { newTraceparent, traceIdOf } from '../context/traceparent.ts'
import { createLogger } from './create-logger.ts'

const seeds = {
  authorization: 'Bearer seeded-1',
  cookie: 'refresh=seeded-2',
  password: 'seeded-3',
  currentPassword: 'seeded-4',
  newPassword: 'seeded-5',
  passwordHash: 'seeded-6',
  secret: 'seeded-7',
  token: 'seeded-8',
  accessToken: 'seeded-9',
  refreshToken: 'seeded-10',
  privateKey: 'seeded-11',
}
const headers = { ...seeds, 'set-cookie': ['refresh=seeded-12'], 'sandkeep-service': 'seeded-13' }

test('what must stay secret is in no line, however deep it was put', () => {
  const logs = capturedLogs()
  const log = createLogger({ name: 'notes', level: 'trace', destination: logs })
  log.info(seeds, 'at the top')
  log.info({ body: seeds, headers }, 'one level down')
  log.info({ request: { body: seeds, headers } }, 'two levels down')
  log.error({ err: Object.assign(new Error('refused'), { response: { headers } }) }, 'in an error')
  log.child({ body: seeds }).info('in a child')
  expect(logs.lines).toHaveLength(5)
  logs.assertNone(['seeded-'])
})

test('a line says of which service, when, and for which request it is', async () => {
  const logs = capturedLogs()
  const log = createLogger({ name: 'notes', level: 'info', destination: logs })
  const traceparent = newTraceparent()
  await context.run({ traceparent, correlationId: 'request-1' }, async () => {
    await Promise.resolve()
    log.info({ noteId: 'n1' }, 'note added')
  })
  expect(logs.lines).toMatchObject([
    {
      name: 'notes',
      msg: 'note added',
      noteId: 'n1',
      traceId: traceIdOf(traceparent),
      correlationId: 'request-1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    },
  ])
})
