import { type Database, prismaAdapter } from '@sandkeep/postgres'
import { PrismaClient } from './generated/prisma/client.ts'

export type Prisma = PrismaClient

/** The typed client, over the same pool as the statements written by hand. */
export const openPrisma = (db: Database): Prisma => new PrismaClient({ adapter: prismaAdapter(db) })
