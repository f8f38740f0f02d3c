import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
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

async function flush(path: string): Promise<void> {
  await using handle = await open(path, 'r')
  await handle.sync()
}

async function writeDurably(directory: string, name: string, text: string): Promise<void> {
  const partial = join(directory, `.${name}.partial`)
  {
    await using handle = await open(partial, 'w', 0o600)
    await handle.writeFile(text)
    await handle.sync()
  }
  await rename(partial, join(directory, name))
  await flush(directory)
}

/** Writes each message to `<directory>/<id>.eml`, on disk before it counts as sent. Names sort by time. */
export async function openFileMailer(directory: string, from: string): Promise<Mailer> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return {
    send: (message) => writeDurably(directory, `${message.id}.eml`, toEml(message, from)),
    close: () => {},
    destination: `the directory ${directory}`,
  }
}
