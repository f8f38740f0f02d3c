import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UserRole, UserStatus, userRegistered } from '@sandkeep/contracts'
import { newId } from '@sandkeep/postgres'
import {
  type Broker,
  brokerVersions,
  engines,
  eventually,
  pythonWith,
  tempDirectory,
} from '@sandkeep/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { log } from '../../test/fixture.ts'
import { type Bus, type BusMessage, openBus } from '../index.ts'
import { toMessage } from '../stored-event.ts'

const program = join(import.meta.dirname, '../../test/python-consumer/consumer.py')
const queue = 'reports.roles'

describe.each(brokerVersions)('a consumer in Python on RabbitMQ %s', (version) => {
  let python: string
  let broker: Broker
  let stack: AsyncDisposableStack
  let bus: Bus
  let database: string

  beforeAll(async () => {
    python = await pythonWith('pika')
    broker = await engines.start('rabbitmq', { version })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    bus = stack.use(await openBus(broker.url, { log, name: 'test' }))
    database = join(await tempDirectory(stack), 'consumer.db')
  })
  afterEach(() => stack.disposeAsync())

  async function start(env: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(python, [program, broker.url, database], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    stack.defer(() => void child.kill('SIGKILL'))
    if (!env['DIE_BEFORE_ACK']) await once(child.stdout, 'data')
    return child
  }

  const registered = (userId = newId()): BusMessage =>
    toMessage({
      id: newId(),
      type: userRegistered.type,
      aggregate_id: userId,
      aggregate_version: 1,
      data: userRegistered.toJson({
        userId,
        username: 'ada',
        role: UserRole.STUDENT,
        status: UserStatus.ACTIVE,
        emailVerified: false,
      }),
      context: {},
      occurred_at: new Date(),
    })

  const publish = (message: BusMessage) =>
    eventually(async () => expect(await bus.publish(message)).toEqual({ confirmed: true }))

  /** Of each event that had an effect, its id. */
  function effects(): unknown[] {
    using db = new DatabaseSync(database, { readOnly: true })
    return db
      .prepare('select event_id, role from effects order by rowid')
      .all()
      .map(({ event_id, role }) => [event_id, role])
  }
  const effectOf = ({ id }: BusMessage) => [id, 'USER_ROLE_STUDENT']

  test('applies an event once, however often it arrives', async () => {
    await start()
    const [first, second] = [registered(), registered()]
    for (const message of [first, first, second, first]) await publish(message)
    await eventually(() => expect(effects()).toEqual([effectOf(first), effectOf(second)]))
  })

  test('applies once what is delivered again after it died before acknowledging', async () => {
    const dying = await start()
    dying.kill('SIGKILL')
    const [first, second] = [registered(), registered()]
    await publish(first)
    await publish(second)
    const died = await once(await start({ DIE_BEFORE_ACK: '1' }), 'exit')
    expect(died).toEqual([null, 'SIGKILL'])
    expect(effects()).toEqual([effectOf(first)])
    await start()
    await eventually(() => expect(effects()).toEqual([effectOf(first), effectOf(second)]))
  })

  test('leaves what it cannot read with the dead letters, and goes on', async () => {
    await start()
    const broken = { id: newId(), type: userRegistered.type, body: Buffer.from('{"id":') }
    const good = registered()
    await publish(broken)
    await publish(good)
    await eventually(() => expect(effects()).toEqual([effectOf(good)]))
    const letters: string[] = []
    await eventually(async () => {
      await bus.reviewDeadLetters(queue, async ({ messageId, reason }) => {
        letters.push(`${messageId} ${reason}`)
        return 'discard'
      })
      expect(letters).toEqual([`${broken.id} given up by the broker: rejected`])
    })
  })
})
