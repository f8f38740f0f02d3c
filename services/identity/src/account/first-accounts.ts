import { type Database, sql } from '@sandkeep/postgres'
import { roles } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { AccountCreation } from './account-creation.ts'

const line = /^(?<role>[^:]+):(?<email>(?<username>[^:@]+)@[^:@]+):(?<password>.+)$/
const entry = z.object({
  role: z.enum(roles),
  email: z.string(),
  username: z.string(),
  password: z.string(),
})
const list = z.array(entry)

const read = (text: string) =>
  list.safeParse(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((it) => ({ ...line.exec(it)?.groups })),
  )

export const isFirstAccounts = (text: string): boolean => read(text).success

/**
 * Makes the accounts of a new installation, all or none; once anybody has an account it does nothing. They are
 * written `role:email:password` with blanks between, and the part before the @ becomes the username.
 */
export async function makeFirstAccounts(
  { db, creation, log }: { db: Database; creation: AccountCreation; log: Logger },
  text: string,
): Promise<void> {
  await db.withLock('identity first accounts', async () => {
    if (await db.one(sql`select 1 from users limit 1`)) return
    const wanted = read(text).data ?? []
    const prepared = await Promise.all(wanted.map((it) => creation.prepare({ ...it, emailVerified: true })))
    await db.transaction(async (tx) => {
      for (const account of prepared) await creation.create(tx, account)
    })
    log.info({ accounts: prepared.length }, 'first accounts made')
  })
}
