import type { Bench } from '../harness/bench.ts'

export const benchHttp: Bench = {
  summary: 'requests beside a bare Fastify and pg route, pgbench and Argon2, and a hop through the gateway',
  async run() {},
}
