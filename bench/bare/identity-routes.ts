import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { listUsersSql, readUserSql } from './identity-statements.ts'

export function identityRoutes(app: FastifyInstance, pool: pg.Pool): void {
  app.get<{ Params: { id: string } }>('/users/:id', async (request) => {
    const { rows } = await pool.query({ name: 'read', text: readUserSql('$1'), values: [request.params.id] })
    return rows[0]
  })

  app.get<{ Querystring: { role: string; limit: string } }>('/users', async (request) => {
    const { role, limit } = request.query
    const values = [role, Number(limit) + 1]
    const { rows } = await pool.query({ name: 'list', text: listUsersSql('$1', '$2'), values })
    const items = rows.slice(0, Number(limit))
    return { items, nextCursor: items.at(-1)?.id }
  })
}
