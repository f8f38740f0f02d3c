import type { Database } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { OneTimeTokens } from '../credential/one-time-token.ts'
import { linkPurpose, type Mailer, type Message } from './mail.ts'
import { isTooLate, nextAttemptInMs } from './mail-retry.ts'
import { abandonMail, deleteMail, type OwedMail, postponeMail, takeDueMails } from './mail-store.ts'
import { writeMail } from './mail-text.ts'

const batchSize = 10
const leaseMs = 5 * 60_000
const pollMs = 1000

export interface MailWorker extends AsyncDisposable {
  /** Looks for due mails now instead of within a second. */
  wake: () => void
}

export interface MailWorkerParts {
  db: Database
  mailer: Mailer
  tokens: OneTimeTokens
  /** The page that links lead to; purpose and token go into the fragment, which no server ever logs. */
  linkUrl: string
  log: Logger
}

function toMessage({ tokens, linkUrl }: MailWorkerParts, mail: OwedMail): Message {
  const purpose = linkPurpose[mail.kind]
  const link = purpose && mail.tokenId ? `${linkUrl}#${purpose}=${tokens.seal(mail.tokenId, purpose)}` : ''
  return { id: mail.id, to: mail.email, ...writeMail(mail.kind, mail, link) }
}

async function sendOne(parts: MailWorkerParts, mail: OwedMail): Promise<void> {
  const { db, mailer, log } = parts
  const now = new Date()
  const about = { mailId: mail.id, kind: mail.kind, attempts: mail.attempts }
  if (isTooLate(mail.linkExpiresAt, now)) {
    log.warn(about, 'mail given up because its link expired unsent')
    await abandonMail(db, mail.id, 'the link expired before the mail could be sent')
    return
  }
  try {
    await mailer.send(toMessage(parts, mail))
  } catch (error) {
    await reschedule(parts, mail, error)
    return
  }
  await deleteMail(db, mail.id)
  log.info(about, 'mail sent')
}

async function reschedule({ db, log }: MailWorkerParts, mail: OwedMail, error: unknown): Promise<void> {
  // Servers like to repeat the address, which belongs neither in the log nor in the queue.
  const reason = (error instanceof Error ? error.message : String(error)).replaceAll(
    mail.email,
    'the address',
  )
  const delayMs = nextAttemptInMs(mail.attempts, Date.now() - mail.createdAt.getTime())
  const about = { mailId: mail.id, kind: mail.kind, attempts: mail.attempts, delayMs, reason }
  if (delayMs === null) {
    log.error(about, 'mail given up')
    await abandonMail(db, mail.id, reason)
    return
  }
  log.warn(about, 'mail could not be sent yet')
  await postponeMail(db, mail.id, delayMs, reason)
}

/** Sends owed mails until disposed. Several may run; each mail is taken by one. */
export function startMailWorker(parts: MailWorkerParts): MailWorker {
  let stopped = false
  let alarm = Promise.withResolvers<void>()

  async function sendDue(): Promise<boolean> {
    const mails = await takeDueMails(parts.db, batchSize, leaseMs)
    await Promise.all(mails.map((mail) => sendOne(parts, mail)))
    return mails.length === batchSize
  }

  async function run(): Promise<void> {
    while (!stopped) {
      alarm = Promise.withResolvers<void>()
      const mayBeMore = await sendDue().catch((err) => {
        parts.log.error({ err }, 'mail queue could not be read')
        return false
      })
      if (mayBeMore) continue
      const timer = setTimeout(alarm.resolve, pollMs)
      await alarm.promise
      clearTimeout(timer)
    }
  }

  const running = run()
  const wake = (): void => alarm.resolve()
  return {
    wake,
    async [Symbol.asyncDispose]() {
      stopped = true
      wake()
      await running
      parts.mailer.close()
    },
  }
}
