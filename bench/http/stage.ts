import { startBare } from '../bare/start-bare.ts'
import { type Identity, startIdentity } from '../fleet/identity.ts'
import { seedPeople } from '../fleet/people.ts'
import { type MintTokens, openMint } from '../fleet/tokens.ts'
import { type Engines, openSeeding, startEngines } from '../harness/engines.ts'
import type { Goals } from '../harness/goals.ts'
import type { BenchOptions } from '../harness/options.ts'
import type { Target } from '../harness/target.ts'

/** What the parts of the bench measure: services on one PostgreSQL, and the bare peer beside them. */
export interface Stage {
  engines: Engines
  options: BenchOptions
  goals: Goals
  identity: Identity
  bareIdentity: Target
  mint: MintTokens
}

export const peopleCount = 10_000
/** Of each service's pool, of the bare peer's, and of pgbench. */
export const connections = 10
export const usualCallers = 16

export async function openStage(
  options: BenchOptions,
  goals: Goals,
  stack: AsyncDisposableStack,
): Promise<Stage> {
  const engines = await startEngines('http', stack)
  const identity = await startIdentity({ engines, profile: options.profile }, stack)
  const { databaseUrl } = identity
  await using db = await openSeeding(databaseUrl)
  await seedPeople(db, peopleCount)
  return {
    engines,
    options,
    goals,
    identity,
    bareIdentity: await startBare({ databaseUrl, connections }, stack),
    mint: await openMint(databaseUrl, stack),
  }
}
