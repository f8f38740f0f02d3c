import { userUpdated } from '@sandkeep/contracts'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { account, announce, log, messagingFixture, pending } from '../../test/fixture.ts'
import {
  type Bus,
  consumer,
  type HandlerContext,
  handle,
  PermanentError,
  startConsumers,
  startRelay,
} from '../index.ts'
import { UsageError } from './command.ts'
import { run } from './run.ts'

let stack: AsyncDisposableStack
let db: Database
let bus: Bus
let metrics: Awaited<ReturnType<typeof messagingFixture>>['metrics']
let stop: AbortController

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  stop = new AbortController()
  ;({ db, bus, metrics } = await messagingFixture(stack))
  bus.resume()
})
afterEach(() => stack.disposeAsync())

const relay = () => stack.use(startRelay({ db, bus, owner: 'identity', log, metrics }))

async function events(...args: string[]): Promise<string[]> {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  await run(args, {
    print,
    db: async () => db,
    bus: async () => bus,
    stop: stop.signal,
    operator: 'ada@desk',
  })
  return lines
}

async function consume(
  ordered: boolean,
  step: (context: HandlerContext<unknown>) => void,
): Promise<number[]> {
  const handled: number[] = []
  const record = handle(userUpdated, async (context) => {
    step(context)
    handled.push(context.event.sequence)
  })
  const definition = consumer({ queue: 'test.accounts', ordered, retryDelaysMs: [20], handlers: [record] })
  stack.use(await startConsumers({ db, bus, consumers: [definition], log, metrics }))
  return handled
}

const operations = () => db.query(sql`select operator, action, details from messaging.operations order by id`)

describe('list and show', () => {
  test('a published event is a line, and is shown whole', async () => {
    relay()
    const userId = await announce(db, 3)
    await eventually(async () => expect(await pending(db)).toBe(0))
    const lines = await events('list', '--aggregate', userId, '--after', '1')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      new RegExp(`^ +2  .*identity\\.user\\.updated\\.v1 +${userId} v2  [0-9a-f-]{36}$`),
    )
    const [heading, ...shown] = await events('show', lines[0]?.slice(-36) ?? '')
    expect(heading).toBe('position 2')
    expect(JSON.parse(shown.join('\n'))).toMatchObject({ subject: userId, data: { username: 'ada-2' } })
  })

  test('the newest are listed unless a position is given', async () => {
    relay()
    await announce(db, 30)
    await eventually(async () => expect(await pending(db)).toBe(0))
    expect((await events('list', '--limit', '2')).map((line) => Number(line.slice(0, 8)))).toEqual([29, 30])
    expect(
      (await events('list', '--limit', '2', '--after', '4')).map((line) => Number(line.slice(0, 8))),
    ).toEqual([5, 6])
  })

  test('what is not published yet is told', async () => {
    await announce(db, 1)
    const [line] = await events('list', '--pending')
    expect(line).toMatch(/attempts 0$/)
    expect((await events('show', /[0-9a-f-]{36}(?= {2}attempts)/.exec(line ?? '')?.[0] ?? ''))[0]).toBe(
      'not published yet',
    )
  })
})

test('tail follows what is published', async () => {
  relay()
  await announce(db, 2)
  await eventually(async () => expect(await pending(db)).toBe(0))
  const lines: string[] = []
  const print = (line: string) => {
    lines.push(line)
    if (lines.length === 3) stop.abort()
  }
  const tools = { print, db: async () => db, bus: async () => bus, stop: stop.signal, operator: 'ada@desk' }
  const following = run(['tail', '--after', '1'], tools)
  await eventually(() => expect(lines).toHaveLength(1))
  await announce(db, 2)
  await following
  expect(lines.map((line) => Number(line.slice(0, 8)))).toEqual([2, 3, 4])
})

describe('emit', () => {
  test('a valid event goes the way of any other, and is recorded', async () => {
    relay()
    const handled = await consume(false, () => {})
    const userId = newId()
    const data = JSON.stringify(userUpdated.toJson(account(userId)))
    await events('emit', userUpdated.type, '--aggregate', userId, '--version', '7', '--data', data)
    await eventually(() => expect(handled).toEqual([7]))
    expect(await operations()).toMatchObject([{ operator: 'ada@desk', action: 'emit' }])
  })

  test.each([
    [
      'identity.user.vanished.v1',
      '{}',
      /no event type "identity\.user\.vanished\.v1"; there are:.*identity\.user\.updated\.v1/s,
    ],
    ['identity.user.updated.v1', '{"usrname": "ada"}', /does not fit identity\.user\.updated\.v1: .*usrname/],
    ['identity.user.updated.v1', '{"username": 7}', /username/],
    ['identity.user.updated.v1', '{', /does not fit/],
  ])('%s with %s is refused', async (type, data, message) => {
    const emitting = events('emit', type, '--aggregate', 'a', '--version', '1', '--data', data)
    await expect(emitting).rejects.toThrow(UsageError)
    await expect(emitting).rejects.toThrow(message)
    expect(await pending(db)).toBe(0)
  })
})

describe('redrive and discard', () => {
  test.each([false, true])(
    'what a repaired consumer gave up is handled, once (ordered: %s)',
    async (ordered) => {
      relay()
      let isBroken = true
      const handled = await consume(ordered, ({ event }) => {
        if (isBroken && event.sequence === 1) throw new PermanentError('beyond repair')
      })
      await announce(db, 3)
      const [line] = await eventually(async () => {
        const lines = await events('list', '--dead', 'test.accounts')
        expect(lines).toHaveLength(1)
        return lines
      })
      expect(line).toMatch(/after 1 attempts: PermanentError: beyond repair$/)
      isBroken = false
      expect(await events('redrive', 'test.accounts', '--all')).toEqual(['redriven: 1 of test.accounts'])
      await eventually(() => expect([...handled].sort()).toEqual([1, 2, 3]))
      expect(await events('list', '--dead', 'test.accounts')).toEqual([])
      expect(await operations()).toMatchObject([{ action: 'redrive', details: { queue: 'test.accounts' } }])
    },
  )

  test('discarding lets those behind go on', async () => {
    relay()
    const handled = await consume(true, ({ event }) => {
      if (event.sequence === 1) throw new PermanentError('beyond repair')
    })
    await announce(db, 3)
    await eventually(async () => expect(await events('list', '--dead', 'test.accounts')).toHaveLength(1))
    await events('discard', 'test.accounts', '--all', '--reason', 'test account')
    await eventually(() => expect(handled).toEqual([2, 3]))
    expect(await operations()).toMatchObject([{ action: 'discard', details: { reason: 'test account' } }])
  })

  test('an id that is not there is told', async () => {
    await expect(events('redrive', 'test.accounts', '--id', 'nothing')).rejects.toThrow(
      /no dead letter nothing/,
    )
  })
})

test('replay feeds one queue from the log; what it has handled it skips', async () => {
  relay()
  await announce(db, 4)
  await eventually(async () => expect(await pending(db)).toBe(0))
  const replayed: boolean[] = []
  const handled = await consume(false, (context) => void replayed.push(context.replay))
  expect(await events('replay', 'test.accounts', '--after', '1', '--rate', '10000')).toEqual([
    'replayed 3 events to test.accounts, up to position 4',
  ])
  expect(handled).toEqual([2, 3, 4])
  expect(replayed).toEqual([true, true, true])
  await events('replay', 'test.accounts', '--rate', '10000')
  expect(handled).toEqual([2, 3, 4, 1])
})

describe('help and errors', () => {
  test('every command explains itself with an example', async () => {
    const overview = (await events('--help')).join('\n')
    for (const name of ['list', 'show', 'tail', 'emit', 'redrive', 'discard', 'replay']) {
      expect(overview).toContain(`  ${name} `)
      expect((await events(name, '--help')).join('\n')).toMatch(/Examples?\n +npm run events/)
    }
  })

  test.each([
    [['lst'], /no command "lst"; see npm run events -- --help/],
    [['list', '--limt', '3'], /--limt.*see npm run events -- list --help/],
    [['list', '--limit', 'all'], /--limit must be a whole number, not "all"/],
    [['show'], /give one event id, not 0/],
    [['redrive', 'test.accounts'], /say which: --all, or --id ID/],
    [['discard', 'test.accounts', '--all'], /--reason is missing/],
    [['emit', 'identity.user.updated.v1'], /--aggregate is missing/],
  ])('%j says what to do instead', async (args, message) => {
    await expect(events(...args)).rejects.toThrow(message)
  })
})
