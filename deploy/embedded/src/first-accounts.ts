import { writeFile } from 'node:fs/promises'
import { type Role, roles } from '@sandkeep/service-kit'
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

/** As identity is told to make them. */
export const firstAccountsSetting = (accounts: FirstAccount[]): string =>
  accounts.map(({ role, email, password }) => `${role}:${email}:${password}`).join(' ')

/** Writes down how to sign in with the accounts, for their owner's eyes only. */
export async function keepSignIn(accounts: FirstAccount[], signInFile: string): Promise<void> {
  const lines = accounts.map(({ role, email, password }) => `${role}: ${email} ${password}\n`)
  await writeFile(signInFile, lines.join(''), { mode: 0o600, flush: true })
}
