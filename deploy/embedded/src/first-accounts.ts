import { writeFile } from 'node:fs/promises'
import type { Identity } from '@sandkeep/identity'
import { DomainError, type Role, roles } from '@sandkeep/service-kit'
import type { Secrets } from './secrets.ts'

export interface FirstAccount {
  role: Role
  email: string
  password: string
}

/** One account for each role, with a password of its own. The same ones whenever it is asked. */
export function firstAccounts(secrets: Secrets): FirstAccount[] {
  return roles.map((role) => ({
    role,
    email: `${role}@sandkeep.test`,
    password: `Otp-28-${secrets.get(`password of ${role}`).slice(0, 12)}`,
  }))
}

/** Makes the accounts and writes down how to sign in with them, for their owner's eyes only. */
export async function makeFirstAccounts(
  accounts: Identity['accounts'],
  wanted: FirstAccount[],
  signInFile: string,
): Promise<void> {
  for (const account of wanted) await makeOnce(accounts, account)
  const lines = wanted.map(({ role, email, password }) => `${role}: ${email} ${password}\n`)
  await writeFile(signInFile, lines.join(''), { mode: 0o600, flush: true })
}

/** An earlier start may have been killed after it made some of them. */
async function makeOnce(
  accounts: Identity['accounts'],
  { role, email, password }: FirstAccount,
): Promise<void> {
  try {
    await accounts.createAccount({ role, email, password, username: role, emailVerified: true })
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid_account') throw error
  }
}
