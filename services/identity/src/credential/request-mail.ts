import type { Database } from '@sandkeep/postgres'
import { type Account, normaliseEmail } from '../account/account.ts'
import { findAccountByEmail } from '../account/account-store.ts'
import type { MailKind } from '../mail/mail.ts'
import type { MailLimit } from '../mail/mail-limit.ts'
import { oweMail } from '../mail/owe-mail.ts'

export interface RequestMailParts {
  db: Database
  mailLimit: MailLimit
  mailOwed: () => void
}

/** Mails the account of an address, if there is one and it wants such mail. Who asks is not told. */
export type RequestMail = (
  email: string,
  kind: MailKind,
  isWanted?: (account: Account) => boolean,
) => Promise<void>

export const createRequestMail =
  ({ db, mailLimit, mailOwed }: RequestMailParts): RequestMail =>
  async (email, kind, isWanted = () => true) => {
    const address = normaliseEmail(email)
    const mayMail = await mailLimit.take(address)
    const account = await findAccountByEmail(db, address)
    if (!mayMail || !account || !isWanted(account)) return
    await db.transaction((tx) => oweMail(tx, account.id, kind))
    mailOwed()
  }
