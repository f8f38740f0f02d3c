import { openAccessTokenIssuer } from '@sandkeep/identity'
import { newId } from '@sandkeep/postgres'
import { createLogger, type Role } from '@sandkeep/service-kit'
import { openSeeding } from '../harness/engines.ts'
import { identitySecret } from './identity.ts'

export interface Person {
  userId: string
  role: Role
}

/** Access tokens that live five minutes, one for each person given, each of a session of its own. */
export type MintTokens = (people: Person[]) => string[]

/** Mints tokens that nobody has verified before, as fast as they can be signed. */
export async function openMint(databaseUrl: string, stack: AsyncDisposableStack): Promise<MintTokens> {
  const db = stack.use(await openSeeding(databaseUrl))
  const log = createLogger({ name: 'bench', level: 'warn' })
  const issue = await openAccessTokenIssuer({ db, secret: identitySecret, issuer: 'sandkeep', log })
  return (people) => people.map((it) => issue({ ...it, sessionId: newId() }))
}
