import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from './mail.ts'
import { openMailer } from './open-mailer.ts'

const from = 'Sandkeep <no-reply@sandkeep.example>'
const link = `https://sandkeep.example/v1/auth/link#reset_password=${'x'.repeat(64)}`
const message: Message = {
  id: '019b7a00-0000-7000-8000-000000000001',
  to: 'adä@example.org',
  subject: 'Sandkeep: choose a new password',
  text: `Hello Ädä,\n\n${link}\n`,
}

const messagesIn = async (directory: string) =>
  (await readdir(directory)).filter((name) => !name.startsWith('.'))

describe('mail to a directory', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mail-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  test('is a message that a person can read and a mail program can open', async () => {
    const mailer = await openMailer(`file:${directory}/deep`, from)
    await mailer.send(message)
    const [name = '', ...others] = await messagesIn(join(directory, 'deep'))
    expect(others).toEqual([])
    const eml = await readFile(join(directory, 'deep', name), 'utf8')
    expect(eml).toContain(`\r\n\r\nHello Ädä,\r\n\r\n${link}\r\n`)
    expect(eml).toContain('To: <adä@example.org>\r\nSubject: Sandkeep: choose a new password\r\n')
    expect((await stat(join(directory, 'deep', name))).mode & 0o077).toBe(0)
  })

  test('sent twice is one file', async () => {
    const mailer = await openMailer(`file:${directory}/twice`, from)
    await mailer.send(message)
    await mailer.send(message)
    expect(await messagesIn(join(directory, 'twice'))).toEqual([`${message.id}.eml`])
  })
})

describe('mail to a server', () => {
  const received: { to: string[]; data: string }[] = []
  let refusal: Error | undefined
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (_address, _session, done) => done(refusal),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const data = Buffer.concat(chunks).toString('utf8')
        received.push({ to: session.envelope.rcptTo.map((it) => it.address), data })
        done()
      })
    },
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.server.address()
    url = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  })
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(resolve)
      }),
  )

  test('arrives with its own identity at its one recipient', async () => {
    const mailer = await openMailer(url, from)
    await mailer.send({ ...message, to: 'ada@example.org' })
    mailer.close()
    expect(received).toHaveLength(1)
    expect(received[0]?.to).toEqual(['ada@example.org'])
    expect(received[0]?.data).toContain(`Message-ID: <${message.id}@sandkeep>`)
    expect(received[0]?.data).toContain('From: Sandkeep <no-reply@sandkeep.example>')
  })

  test('that the server refuses does not count as sent', async () => {
    const mailer = await openMailer(url, from)
    refusal = new Error('mailbox full')
    await expect(mailer.send({ ...message, to: 'ada@example.org' })).rejects.toThrow()
    refusal = undefined
    mailer.close()
  })

  test('fails when there is no server, and does not say the password', async () => {
    const mailer = await openMailer('smtp://user:hunter2@127.0.0.1:1', from)
    await expect(mailer.send(message)).rejects.toThrow('ECONNREFUSED')
    expect(mailer.destination).toBe('the SMTP server 127.0.0.1:1')
    mailer.close()
  })
})
