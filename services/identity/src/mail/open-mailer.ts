import { fileURLToPath, pathToFileURL } from 'node:url'
import { openFileMailer } from './file-mailer.ts'
import type { Mailer } from './mail.ts'
import { openSmtpMailer } from './smtp-mailer.ts'

export const mailUrlPattern = /^(smtps?:\/\/.+|file:.+)$/

const directoryOf = (url: string): string => fileURLToPath(new URL(url, pathToFileURL(`${process.cwd()}/`)))

/** The adapter that the scheme of `MAIL_URL` names: `smtp(s)://…`, or `file:<directory>`. */
export async function openMailer(url: string, from: string): Promise<Mailer> {
  if (url.startsWith('file:')) return await openFileMailer(directoryOf(url), from)
  return await openSmtpMailer(url, from)
}
