import { newId, type Tx } from '@sandkeep/postgres'
import { invitationLifetimeMs, lifetimeMs } from '../credential/one-time-token.ts'
import { insertToken } from '../credential/one-time-token-store.ts'
import { linkPurpose, type MailKind } from './mail.ts'
import { insertMail } from './mail-store.ts'

/** Owes a mail, and makes the row of its link if it has one. Wake the worker once it is committed. */
export async function oweMail(tx: Tx, userId: string, kind: MailKind): Promise<void> {
  const purpose = linkPurpose[kind]
  const tokenId = purpose && newId()
  if (purpose && tokenId) {
    const lifetime = kind === 'invitation' ? invitationLifetimeMs : lifetimeMs[purpose]
    await insertToken(tx, { id: tokenId, userId, purpose, lifetimeMs: lifetime })
  }
  await insertMail(tx, { id: newId(), userId, kind, tokenId })
}
