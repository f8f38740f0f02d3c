import { startGateway } from '../fleet/gateway.ts'
import { adminNumber, personId } from '../fleet/people.ts'
import { httpContender } from '../harness/http-contender.ts'
import { alternate, figuresOf } from '../harness/rounds.ts'
import type { Stage } from './stage.ts'

// Few enough that nobody waits for a processor: what is asked is how long the hop takes, not how much it can carry.
const usualCallers = 4

/** The same read straight from identity, and through the gateway. */
export async function gatewayHop(stage: Stage): Promise<void> {
  const { identity, mint, options, goals } = stage
  await using stack = new AsyncDisposableStack()
  const gateway = await startGateway({ ...stage, profile: options.profile }, identity, stack)
  const load = {
    method: 'GET',
    paths: Array.from({ length: 1_000 }, (_, index) => `/v1/users/${personId(index + 1)}`),
    tokens: () => mint([{ userId: personId(adminNumber), role: 'admin' }]),
    expectedStatus: 200,
    callers: options.callers ?? usualCallers,
  } as const
  const straight = 'identity'
  const through = 'gateway and identity'
  const contenders = [httpContender(straight, identity, load), httpContender(through, gateway, load)]
  const results = await alternate('a hop through the gateway', contenders, { ...options, print: console.log })
  const addedMs = figuresOf(results, through).p50Ms - figuresOf(results, straight).p50Ms
  goals.atMost('gateway hop, p50', addedMs, 1.5, ' ms')
}
