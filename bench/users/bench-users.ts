import { listStudentsSql } from '../bare/identity-statements.ts'
import { startIdentity } from '../fleet/identity.ts'
import { adminNumber, personId, seedPeople } from '../fleet/people.ts'
import { openMint } from '../fleet/tokens.ts'
import type { Bench } from '../harness/bench.ts'
import { openSeeding, startEngines } from '../harness/engines.ts'
import type { Goals } from '../harness/goals.ts'
import { httpContender } from '../harness/http-contender.ts'
import { type BenchOptions, chosen } from '../harness/options.ts'
import { alternate, figuresOf } from '../harness/rounds.ts'
import { sqlContender } from '../harness/sql-load.ts'

const sizes = [
  { name: '1000', count: 1_000 },
  { name: '1000000', count: 1_000_000 },
]
const usualCallers = 4
const singleDigitMs = 9.99

export const benchUsers: Bench = {
  summary: 'the list of 50 students among 1,000 and among 1,000,000 users, beside pgbench',
  async run(options, goals) {
    for (const { count } of chosen(sizes, options.only)) await listAmong(count, options, goals)
  },
}

async function listAmong(count: number, options: BenchOptions, goals: Goals): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const engines = await startEngines('users', stack)
  const identity = await startIdentity({ engines, profile: options.profile }, stack)
  const db = stack.use(await openSeeding(identity.databaseUrl))
  const users = count.toLocaleString('en')
  console.log(`seeding ${users} users`)
  await seedPeople(db, count)
  const mint = await openMint(identity.databaseUrl, stack)
  const callers = options.callers ?? usualCallers
  const contenders = [
    httpContender('GET /v1/users?limit=50', identity, {
      method: 'GET',
      paths: ['/v1/users?role=student&limit=50'],
      tokens: () => mint([{ userId: personId(adminNumber), role: 'admin' }]),
      expectedStatus: 200,
      callers,
    }),
    sqlContender(
      { url: identity.databaseUrl, statements: [listStudentsSql], upTo: count, clients: callers },
      console.log,
    ),
  ]
  const title = `50 students among ${users} users, ${callers} callers`
  const { p50Ms, p99Ms } = figuresOf(
    await alternate(title, contenders, { ...options, print: console.log }),
    'GET /v1/users?limit=50',
  )
  goals.atMost(`list of 50 among ${users}, p50`, p50Ms, singleDigitMs, ' ms')
  goals.atMost(`list of 50 among ${users}, p99`, p99Ms, singleDigitMs, ' ms')
}
