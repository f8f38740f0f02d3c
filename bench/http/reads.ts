import { listStudentsSql, readPersonSql } from '../bare/identity-statements.ts'
import { adminNumber, personId } from '../fleet/people.ts'
import { httpContender } from '../harness/http-contender.ts'
import { alternate, pairedRatio } from '../harness/rounds.ts'
import { sqlContender } from '../harness/sql-load.ts'
import { connections, peopleCount, type Stage, usualCallers } from './stage.ts'

const admin = { userId: personId(adminNumber), role: 'admin' } as const
// More than a service remembers, so that each has been forgotten when its turn comes again.
const freshTokens = 12_000
const ids = Array.from({ length: 1_000 }, (_, index) => personId(1 + index * (peopleCount / 1_000)))

/** Reads by id: with one token that was verified before, and with tokens that were not. */
export async function readById({ identity, bareIdentity, mint, options, goals }: Stage): Promise<void> {
  const load = {
    method: 'GET',
    paths: ids.map((id) => `/v1/users/${id}`),
    expectedStatus: 200,
    callers: options.callers ?? usualCallers,
  } as const
  const ours = 'service, token seen before'
  const bare = 'bare Fastify and pg'
  const contenders = [
    httpContender(ours, identity, { ...load, tokens: () => mint([admin]) }),
    httpContender('service, token not seen', identity, {
      ...load,
      tokens: () => mint(Array.from({ length: freshTokens }, () => admin)),
    }),
    httpContender(bare, bareIdentity, { ...load, paths: ids.map((id) => `/users/${id}`) }),
    sqlContender(
      { url: identity.databaseUrl, statements: [readPersonSql], upTo: peopleCount, clients: connections },
      console.log,
    ),
  ]
  const results = await alternate('read by id', contenders, { ...options, print: console.log })
  goals.atLeast('read by id / bare route', pairedRatio(results, ours, bare), 0.8)
}

export async function listOf50({ identity, bareIdentity, mint, options, goals }: Stage): Promise<void> {
  const load = { method: 'GET', expectedStatus: 200, callers: options.callers ?? usualCallers } as const
  const ours = 'service'
  const bare = 'bare Fastify and pg'
  const contenders = [
    httpContender(ours, identity, {
      ...load,
      paths: ['/v1/users?role=student&limit=50'],
      tokens: () => mint([admin]),
    }),
    httpContender(bare, bareIdentity, { ...load, paths: ['/users?role=student&limit=50'] }),
    sqlContender(
      { url: identity.databaseUrl, statements: [listStudentsSql], upTo: peopleCount, clients: connections },
      console.log,
    ),
  ]
  const results = await alternate('list of 50', contenders, { ...options, print: console.log })
  goals.atLeast('list of 50 / bare route', pairedRatio(results, ours, bare), 0.8)
}
