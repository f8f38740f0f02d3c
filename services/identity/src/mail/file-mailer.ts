import type { Objects } from '@sandkeep/objects'
import type { Mailer, Message } from './mail.ts'

function toEml(message: Message, from: string): string {
  const headers = [
    `From: ${from}`,
    `To: <${message.to}>`,
    `Subject: ${message.subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${message.id}@sandkeep>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  // Eight bits and no folding, so that a person can read the file and copy the link.
  return [...headers, '', message.text].join('\n').replaceAll('\n', '\r\n')
}

/** Writes each message as the object `<id>.eml`, on disk before it counts as sent. Names sort by time. */
export const createFileMailer = (outbox: Objects, from: string, destination: string): Mailer => ({
  async send(message) {
    await outbox.put(`${message.id}.eml`, Buffer.from(toEml(message, from)))
  },
  close: () => {},
  destination,
})
