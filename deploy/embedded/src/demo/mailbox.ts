import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export type LinkPurpose = 'verify_email' | 'reset_password' | 'unlock'

const waitMs = 15_000
const pollMs = 50

/** The token in the link of the newest mail to an address. Waits for the mail, since sending it is not part of the call. */
export async function mailedToken(directory: string, email: string, purpose: LinkPurpose): Promise<string> {
  const giveUpAt = Date.now() + waitMs
  for (;;) {
    const token = await findToken(directory, email, purpose)
    if (token !== null) return token
    if (Date.now() > giveUpAt) throw new Error(`No mail with a ${purpose} link to ${email} in ${directory}`)
    await delay(pollMs)
  }
}

async function findToken(directory: string, email: string, purpose: LinkPurpose): Promise<string | null> {
  const names = await readdir(directory).catch(() => [])
  const newestFirst = names
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .reverse()
  for (const name of newestFirst) {
    const mail = await readFile(join(directory, name), 'utf8')
    const token = new RegExp(`#${purpose}=([\\w-]+)`).exec(mail)?.[1]
    if (token !== undefined && mail.includes(`To: <${email}>`)) return token
  }
  return null
}
