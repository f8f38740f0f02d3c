import type { Role } from '@sandkeep/service-kit'
import type { Prisma } from '../prisma.ts'
import type { Status } from './account.ts'

/** What other services may keep of an account. */
export interface AccountReference {
  id: string
  username: string
  role: Role
  status: Status
  emailVerified: boolean
  version: number
}

const select = {
  id: true,
  username: true,
  role: true,
  status: true,
  emailVerified: true,
  version: true,
} as const

// The database holds no other values: checks on both columns see to it.
const toReference = (row: Omit<AccountReference, 'role' | 'status'> & { role: string; status: string }) =>
  row as AccountReference

export async function findReference(prisma: Prisma, id: string): Promise<AccountReference | null> {
  const row = await prisma.user.findUnique({ select, where: { id } })
  return row && toReference(row)
}

/** All accounts in the order of their ids, for a copy to be compared with. */
export async function listReferences(
  prisma: Prisma,
  after: string | undefined,
  limit: number,
): Promise<AccountReference[]> {
  const where = after === undefined ? {} : { id: { gt: after } }
  const rows = await prisma.user.findMany({ select, where, orderBy: { id: 'asc' }, take: limit })
  return rows.map(toReference)
}
