import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Semaphore } from '@sandkeep/service-kit'
import { hashPassword, noPassword, verifyPassword } from './password-hash.ts'

export interface PasswordHasher {
  hash: (password: string) => Promise<string>
  /** Waits longer for its turn, for a form that a person should not have to fill in again. */
  hashPatiently: (password: string) => Promise<string>
  /** Against null, an account that does not exist, it does the same work and says no. */
  verify: (password: string, encoded: string | null) => Promise<boolean>
}

const maxWaiting = 256
const maxWaitMs = 2_000
/** Within the time that a request may take. */
const patienceMs = 6_000

/** At most one hash per core at a time; when more wait than can be done in two seconds, callers are told to retry. */
export async function createPasswordHasher(): Promise<PasswordHasher> {
  const slots = new Semaphore({
    name: 'password hashing',
    slots: availableParallelism(),
    maxWaiting,
    maxWaitMs,
  })
  const nobodys = await hashPassword(randomBytes(16).toString('hex'))
  return {
    hash: (password) => slots.run(() => hashPassword(password)),
    hashPatiently: (password) => slots.run(() => hashPassword(password), { maxWaitMs: patienceMs }),
    verify: (password, encoded) => {
      const isNobodys = encoded === null || encoded === noPassword
      return slots.run(
        async () => (await verifyPassword(password, isNobodys ? nobodys : encoded)) && !isNobodys,
      )
    },
  }
}
