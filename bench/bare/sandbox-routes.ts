import { hash, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import {
  createSandboxSql,
  eventOrigin,
  findAnswerSql,
  sandboxBody,
  sandboxEvent,
} from './sandbox-statements.ts'

const dayMs = 86_400_000

/** The bearer is taken for the owner's id: nobody is authenticated here. */
export function sandboxRoutes(app: FastifyInstance, pool: pg.Pool): void {
  app.post<{ Body: { name: string } }>('/sandboxes', async (request, reply) => {
    const ownerId = request.headers.authorization?.slice('Bearer '.length) ?? ''
    const scope = `createSandbox ${ownerId}`
    const key = request.headers['idempotency-key']
    const { rows } = await pool.query({ name: 'find', text: findAnswerSql, values: [scope, key] })
    if (rows[0]) return reply.code(rows[0].status).send(rows[0].body)

    const id = randomUUID()
    const now = new Date()
    const creation = { id, ownerId, name: request.body.name, now, expiresAt: new Date(now.getTime() + dayMs) }
    const body = sandboxBody(creation)
    const headers = { location: `/v1/sandboxes/${id}`, etag: '"1"' }
    const fingerprint = hash('sha256', `POST /sandboxes\n${JSON.stringify(request.body)}`, 'buffer')
    const answered = [scope, key, fingerprint, 201, headers, body]
    const place = [ownerId, 'student', 100_000]
    const sandbox = [id, body.name, null, body.type, body.status, body.resourceLimits, {}, {}, null, null]
    const event = [randomUUID(), 'sandbox', id, 1, 'sandbox.sandbox.created.v1', sandboxEvent(creation)]
    const origin = eventOrigin(ownerId, id, id.replaceAll('-', ''))
    const values = [...answered, ...place, ...sandbox, now, now, creation.expiresAt, ...event, origin]
    await pool.query({ name: 'create', text: createSandboxSql, values })
    return reply.code(201).headers(headers).send(body)
  })
}
