import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import type { Database } from './database.ts'

const namedStatements = 500
const unnamed = ''

/**
 * Prisma's driver over the pool of `db`. The first statements get a name, so that PostgreSQL parses them
 * once a connection; names live as long as the connection, so their number is bounded.
 */
export function prismaAdapter(db: Database): PrismaPg {
  const names = new Map<string, string>()
  return new PrismaPg(db.pool, {
    statementNameGenerator: ({ sql }) => {
      const known = names.get(sql)
      if (known !== undefined) return known
      if (names.size >= namedStatements) return unnamed
      const name = `prisma-${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`
      names.set(sql, name)
      return name
    },
  })
}
