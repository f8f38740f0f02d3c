import { fileURLToPath, pathToFileURL } from 'node:url'
import { openObjects } from '@sandkeep/objects'
import { createFileMailer } from './file-mailer.ts'
import type { Mailer } from './mail.ts'
import { openSmtpMailer } from './smtp-mailer.ts'

export const mailUrlPattern = /^(smtps?:\/\/.+|file:.+)$/

/** The adapter that the scheme of `MAIL_URL` names: `smtp(s)://…`, or `file:<directory>`. */
export async function openMailer(url: string, from: string): Promise<Mailer> {
  if (!url.startsWith('file:')) return await openSmtpMailer(url, from)
  const directory = fileURLToPath(new URL(url, pathToFileURL(`${process.cwd()}/`)))
  return createFileMailer(await openObjects(url), from, `the directory ${directory}`)
}
