import { resolve } from 'node:path'
import { openFileMailer } from './file-mailer.ts'
import type { Mailer } from './mail.ts'
import { openSmtpMailer } from './smtp-mailer.ts'

export const mailUrlPattern = /^(smtps?:\/\/.+|file:.+)$/

/** The adapter that the scheme of `MAIL_URL` names: `smtp(s)://…`, or `file:<directory>`. */
export async function openMailer(url: string, from: string): Promise<Mailer> {
  if (url.startsWith('file:')) return await openFileMailer(resolve(url.slice('file:'.length)), from)
  return openSmtpMailer(url, from)
}
