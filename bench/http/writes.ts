import { creationStatements } from '../bare/sandbox-statements.ts'
import { startBare } from '../bare/start-bare.ts'
import { outboxDrained } from '../fleet/outbox.ts'
import { personId } from '../fleet/people.ts'
import { startSandbox } from '../fleet/sandbox.ts'
import { openSeeding } from '../harness/engines.ts'
import { httpContender } from '../harness/http-contender.ts'
import { alternate, pairedRatio } from '../harness/rounds.ts'
import { sqlContender } from '../harness/sql-load.ts'
import { connections, type Stage, usualCallers } from './stage.ts'

const ownerCount = 200
// Of the five minutes that a token lives.
const tokensMs = 150_000
const owners = Array.from({ length: ownerCount }, (_, index) => personId(index + 1))

/**
 * Creating sandboxes under an Idempotency-Key, each with its event. All contenders write to one database, whose relay
 * publishes for all of them; what is left when one stops is waited for.
 */
export async function writeWithEvent(stage: Stage): Promise<void> {
  const { identity, mint, options, goals } = stage
  await using stack = new AsyncDisposableStack()
  const sandbox = await startSandbox({ ...stage, profile: options.profile }, identity, stack)
  const { databaseUrl } = sandbox
  const bareSandbox = await startBare({ databaseUrl, connections }, stack)
  const db = stack.use(await openSeeding(databaseUrl))
  const settle = () => outboxDrained(db)
  const load = {
    method: 'POST',
    bodies: [JSON.stringify({ name: 'Counter', type: 'exercise' })],
    idempotent: true,
    expectedStatus: 201,
    callers: options.callers ?? usualCallers,
    settle,
  } as const
  const ours = 'service'
  const bare = 'bare Fastify and pg'
  const contenders = [
    httpContender(ours, sandbox, {
      ...load,
      paths: ['/v1/sandboxes'],
      tokens: keptFor(tokensMs, () => mint(owners.map((userId) => ({ userId, role: 'student' })))),
    }),
    httpContender(bare, bareSandbox, { ...load, paths: ['/sandboxes'], tokens: () => owners }),
    sqlContender(
      { url: databaseUrl, statements: creationStatements(), upTo: ownerCount, clients: connections, settle },
      console.log,
    ),
  ]
  const results = await alternate('write with event', contenders, { ...options, print: console.log })
  goals.atLeast('write with event / bare route', pairedRatio(results, ours, bare), 0.8)
  goals.atLeast('write with event / pgbench', pairedRatio(results, ours, 'pgbench'), 0.5)
}

/** The tokens of the run before, while they are good for another: they were seen, as those of most requests were. */
function keptFor(ms: number, make: () => string[]): () => string[] {
  let kept: { tokens: string[]; until: number } = { tokens: [], until: 0 }
  return () => {
    if (Date.now() > kept.until) kept = { tokens: make(), until: Date.now() + ms }
    return kept.tokens
  }
}
