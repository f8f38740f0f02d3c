import { type Database, newId, sql } from '@sandkeep/postgres'
import { eventually, testDatabase } from '@sandkeep/testkit'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { insertAccount } from '../account/account-store.ts'
import { createOneTimeTokens } from '../credential/one-time-token.ts'
import { migrations } from '../migrations.ts'
import type { Message } from './mail.ts'
import { startMailWorker } from './mail-worker.ts'
import { oweMail } from './owe-mail.ts'

const stack = new AsyncDisposableStack()
const tokens = createOneTimeTokens('a secret of at least thirty-two bytes')
const log = pino({ level: 'silent' })
const userId = newId()
let db: Database

beforeAll(async () => {
  db = stack.use(await testDatabase({ migrations })).db
  await insertAccount(db, {
    id: userId,
    email: 'ada@example.org',
    username: 'ada',
    passwordHash: '!',
    firstName: 'Ada',
    lastName: null,
    role: 'student',
    status: 'active',
    emailVerified: false,
    metadata: {},
  })
})
beforeEach(() => db.run(sql`delete from one_time_tokens`).then(() => db.run(sql`delete from mails`)))
afterAll(() => stack.disposeAsync())

function mailbox(fails: () => boolean = () => false) {
  const sent: Message[] = []
  const mailer = {
    send: async (message: Message) => {
      if (fails()) throw new Error(`451 <${message.to}> try again later`)
      sent.push(message)
    },
    close: () => {},
    destination: 'a test',
  }
  const start = () => startMailWorker({ db, mailer, tokens, linkUrl: 'https://sandkeep.example/link', log })
  return { sent, start }
}

const owed = async () =>
  await db.query<{ attempts: number; lastError: string | null; failed: boolean }>(
    sql`select attempts, last_error as "lastError", failed_at is not null as failed from mails`,
  )

describe('owed mail', () => {
  test('is sent once, with a link that is nowhere in the database', async () => {
    const { sent, start } = mailbox()
    await oweMail(db, userId, 'verify_email')
    {
      await using first = start()
      await using second = start()
      await eventually(() => expect(sent).toHaveLength(1))
      await eventually(async () => expect(await owed()).toEqual([]))
      first.wake()
      second.wake()
    }
    expect(sent).toHaveLength(1)
    const [, token = ''] =
      /https:\/\/sandkeep\.example\/link#verify_email=(\S+)/.exec(sent[0]?.text ?? '') ?? []
    expect(tokens.open(token, 'verify_email')).toMatch(/^[0-9a-f-]{36}$/)
    expect(tokens.open(token, 'reset_password')).toBeNull()
    const rows = await db.query<{ row: string }>(sql`select t::text as row from one_time_tokens t`)
    expect(JSON.stringify(rows)).not.toContain(token.slice(22))
  })

  test('is tried again while the server refuses it', async () => {
    let down = true
    const { sent, start } = mailbox(() => down)
    await oweMail(db, userId, 'password_changed')
    await using _worker = start()
    await eventually(async () =>
      expect(await owed()).toMatchObject([{ attempts: 1, lastError: '451 <the address> try again later' }]),
    )
    down = false
    await db.run(sql`update mails set next_attempt_at = now()`)
    await eventually(() => expect(sent).toHaveLength(1))
  })

  test('of a worker that died is sent by the next one when its lease is over', async () => {
    await oweMail(db, userId, 'password_changed')
    await db.run(sql`update mails set attempts = 1, next_attempt_at = now() - interval '1 second'`)
    const { sent, start } = mailbox()
    await using _worker = start()
    await eventually(() => expect(sent).toHaveLength(1))
  })

  test('is given up when its link has expired, and after two days', async () => {
    await oweMail(db, userId, 'reset_password')
    await db.run(sql`update one_time_tokens set expires_at = now()`)
    await oweMail(db, userId, 'password_changed')
    await db.run(sql`update mails set created_at = now() - interval '3 days'`)
    const { sent, start } = mailbox(() => true)
    await using _worker = start()
    await eventually(async () => expect((await owed()).map((mail) => mail.failed)).toEqual([true, true]))
    expect(sent).toEqual([])
  })

  test('goes with a link that is replaced', async () => {
    await oweMail(db, userId, 'reset_password')
    await db.run(sql`delete from one_time_tokens`)
    expect(await owed()).toEqual([])
  })
})
