import type { Bench } from '../harness/bench.ts'
import { chosen } from '../harness/options.ts'
import { gatewayHop } from './hop.ts'
import { login } from './login.ts'
import { listOf50, readById } from './reads.ts'
import { openStage } from './stage.ts'
import { writeWithEvent } from './writes.ts'

const parts = [
  { name: 'read', run: readById },
  { name: 'list', run: listOf50 },
  { name: 'write', run: writeWithEvent },
  { name: 'login', run: login },
  { name: 'hop', run: gatewayHop },
]

export const benchHttp: Bench = {
  summary: 'requests beside a bare Fastify and pg route, pgbench and Argon2, and a hop through the gateway',
  async run(options, goals) {
    const picked = chosen(parts, options.only)
    await using stack = new AsyncDisposableStack()
    const stage = await openStage(options, goals, stack)
    for (const part of picked) await part.run(stage)
  },
}
